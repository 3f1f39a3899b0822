"""The kit itself: made with pip, installed where there is no network, and the sample drafted with what it carries."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from packaging.requirements import Requirement

from pipeline.kit.collect import closure
from pipeline.kit.targets import Target
from pipeline.kit.wheel_files import Shelf

KIT = Path(os.environ.get("KAIGIROKU_KIT", "none")).absolute()

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(KIT.name == "none", reason="KAIGIROKU_KIT names no kit: make test and make kit-test make one"),
    pytest.mark.skipif(sys.platform != "linux", reason="installs what is for Linux"),
]


@pytest.fixture(scope="module")
def installed(no_network_in_module, tmp_path_factory) -> Iterator[Path]:
    if not no_network_in_module.prefix:
        pytest.skip("this kernel lets no process give up its network")
    place = tmp_path_factory.mktemp("office") / "kaigiroku"
    alone = {"PATH": "/usr/bin:/bin", "HOME": str(place.parent), "PYTHON": sys.executable}
    command = [*no_network_in_module.prefix, "sh", str(KIT / "install.sh"), "--to", str(place)]
    done = subprocess.run(command, env=alone, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    yield place
    shutil.rmtree(place)  # 2.5 GB


def test_without_a_network_it_installs_and_drafts_the_sample(installed, no_network_in_module, tmp_path):
    draft = [str(installed / "bin" / "kaigiroku"), "draft", str(KIT / "sample" / "meeting.opus"), "--json"]
    options = ["--meeting", str(KIT / "sample" / "meeting.toml"), "--out", str(tmp_path / "out")]
    alone = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    command = [*no_network_in_module.prefix, *draft, *options]
    done = subprocess.run(command, env=alone, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    assert run["status"] == "success"
    document = docx.Document(str(tmp_path / "out" / "minutes.docx"))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert "令和8年度 第2回若葉市図書館協議会" in cells
    assert any("電子図書館サービス" in cell for cell in cells)
    # Nothing of this environment took part: what was used lies in the place of installation.
    shown = subprocess.run([draft[0], "doctor", "--json"], env=alone, capture_output=True, encoding="utf-8").stdout
    found = {check["name"]: check["found"] for check in json.loads(shown)["checks"]}
    assert str(installed) in found["Python"] and str(installed / "models") in found["weights whisper-base"]


def test_its_scripts_name_the_pythons_it_is_for():
    about = json.loads((KIT / "kit.json").read_text(encoding="utf-8"))
    for name in ("install.sh", "install.cmd", "README.txt"):
        text = (KIT / name).read_bytes().decode("utf-8-sig")
        assert about["targets"][0]["python"] in text and not re.search("@[A-Z]+@", text)
        assert ("\r\n" in text) == (name != "install.sh")


def test_it_carries_all_that_its_wheels_require():
    shelf = Shelf(KIT / "wheels")
    shelf.refresh()
    about = json.loads((KIT / "kit.json").read_text(encoding="utf-8"))
    for target in (Target(**each) for each in about["targets"]):
        taken, lacking = closure([Requirement(about["requirement"]), Requirement("pip")], shelf, target)
        assert lacking == [] and len(taken) > 80
        assert ("colorama" in {wheel.name for wheel in taken}) == (target.system == "windows")


def test_every_licence_is_told_with_its_text():
    notices = (KIT / "licences" / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    shelf = Shelf(KIT / "wheels")
    shelf.refresh()
    for wheel in shelf.wheels:
        line = next(line for line in notices.splitlines() if line.startswith(f"{wheel.name} {wheel.version}: "))
        assert "not declared" not in line
        texts = KIT / "licences" / f"{wheel.name}-{wheel.version}"
        assert any(path.stat().st_size > 100 for path in texts.rglob("*") if path.is_file()), line
    for model in (KIT / "models").iterdir():
        assert f"{model.name}: " in notices
        assert (KIT / "licences" / "models" / f"{model.name}.txt").is_file()
