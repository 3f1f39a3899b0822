"""`pip install .` gives a working kaigiroku: the wheel carries templates and manifest, and --help answers at once."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_LOOK = """
import sys
from pipeline.config import paths
from pipeline.weights.manifest import load_manifest
assert paths.checkout() is None, paths.checkout()
print(paths.resource("templates"), paths.models_folder(), len(load_manifest().bundled), sep="\\n")
"""


def _run(*command: str | Path, cwd: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "KAIGIROKU_MODELS")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "-w", folder, ROOT)
    _run(sys.executable, *build, cwd=folder)
    return next(folder.glob("kaigiroku-*.whl"))


@pytest.fixture(scope="module")
def scripts(wheel, tmp_path_factory) -> Path:
    """A fresh environment with the wheel; it sees the packages of this one, so that nothing is downloaded."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    install = ("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    _run(sys.executable, *install, cwd=folder)
    # Appended to sys.path as a plain line, the other environment's own .pth files (our checkout) are not read.
    (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts


def test_the_wheel_carries_what_it_needs_and_no_more(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "pipeline/_data/models/manifest.toml" in names
    for form in ("form1", "youten"):
        for name in ("template.docx", "template.html", "template.txt", "form.toml"):
            assert f"pipeline/_data/templates/{form}/{name}" in names
    assert not any(name.startswith(("tests/", "models/", "benchmarks/")) for name in names)
    assert wheel.stat().st_size < 5_000_000


def test_templates_and_manifest_are_found(scripts, tmp_path):
    templates, models, bundled = _run(scripts / "python", "-c", _LOOK, cwd=tmp_path).splitlines()
    assert Path(templates).parts[-3:] == ("pipeline", "_data", "templates")
    assert any(Path(templates).glob("*/template.docx"))
    assert Path(models).name == "models" and ROOT not in Path(models).parents
    assert bundled == "3"


def test_the_wheel_makes_a_library(scripts, tmp_path):
    """The migrations travel with it."""
    code = "from pipeline.store.library import Library, Path; Library.open(Path('library'), create=True)"
    _run(scripts / "python", "-c", code, cwd=tmp_path)
    assert (tmp_path / "library" / "kaigiroku.db").is_file()


def test_help_answers_at_once(scripts, tmp_path):
    _run(scripts / "kaigiroku", "--help", cwd=tmp_path)  # writes the byte code
    before = os.times()
    shown = _run(scripts / "kaigiroku", "--help", cwd=tmp_path)
    after = os.times()
    assert "draft" in shown and "doctor" in shown
    # Processor time, not the clock's: what else runs on the machine must not decide. Windows does not tell it (0).
    busy_s = after.children_user - before.children_user + after.children_system - before.children_system
    assert busy_s < 0.4


def test_init_works_from_the_wheel(scripts, tmp_path):
    _run(scripts / "kaigiroku", "init", tmp_path / "new", cwd=tmp_path)
    assert "事務局" in (tmp_path / "new" / "meeting.toml").read_text(encoding="utf-8")
