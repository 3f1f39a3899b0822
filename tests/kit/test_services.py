"""The service files of the kit: what they start does start, as confined as they say, and ends when it is told to."""

import configparser
import os
import shutil
import signal
import subprocess
import sys
import threading
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "pipeline" / "kit" / "carried" / "services"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
NAMES = ("review", "batch")


def unit(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(SERVICES / f"kaigiroku-{name}.service", encoding="utf-8")
    return parser["Service"]


@pytest.fixture
def launcher(tmp_path) -> Path:
    """Stands where the installer puts it, and starts the kaigiroku of this checkout."""
    path = tmp_path / "opt" / "kaigiroku"
    path.parent.mkdir()
    code = "from pipeline.cli.main import main; main()"
    path.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{code}' \"$@\"\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_systemd_understands_every_line(name, launcher, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    text = (SERVICES / f"kaigiroku-{name}.service").read_text(encoding="utf-8")
    file = tmp_path / f"kaigiroku-{name}.service"
    file.write_text(text.replace("/opt/kaigiroku/bin/kaigiroku", str(launcher)), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="systemd units")
@pytest.mark.parametrize(
    ("name", "told", "ends_with"),
    [("review", "http://127.0.0.1:", -signal.SIGTERM), ("batch", "job 1 failed after", 43)],  # 43: BatchFailedError
)
def test_what_it_starts_works_until_it_is_told_to_end(name, told, ends_with, launcher, no_network, tmp_path):
    library, inbox, home = tmp_path / "library", tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    home.mkdir()
    (inbox / "meeting.mp3").touch()  # empty: told at once, without any weights
    account = ("accounts", "add", "saeki", "--rank", "administrator", "--library", str(library), "--password-stdin")
    subprocess.run([launcher, *account], input="a long password\n", text=True, check=True, capture_output=True)
    service = unit(name)
    command = service["ExecStart"].replace("/opt/kaigiroku/bin/kaigiroku", str(launcher))
    command = command.replace("/srv/gijiroku-inbox", str(inbox)).replace("/srv/gijiroku", str(library))
    words = [*(no_network.prefix if service.get("PrivateNetwork") else ()), *command.split()]
    words += ["--port", "0"] if name == "review" else []
    given = dict(pair.split("=", 1) for pair in service["Environment"].split())
    given = {key: value.replace("/var", str(home)) for key, value in given.items()}
    with subprocess.Popen(
        words, env=os.environ | given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as started:
        too_long = threading.Timer(60, started.kill)
        too_long.start()
        said = [next(line for line in started.stdout if told in line)]
        started.send_signal(signal.SIGTERM)
        said += started.stdout
        assert started.wait() == ends_with, said
        too_long.cancel()
    assert not any("Traceback" in line for line in said)


@pytest.mark.parametrize("name", NAMES)
def test_a_windows_task_starts_the_same_and_is_never_ended_by_the_scheduler(name):
    task = ElementTree.parse(SERVICES / f"kaigiroku-{name}.xml").getroot()
    assert task.find(f"{TASK}Settings/{TASK}ExecutionTimeLimit").text == "PT0S"
    execute = task.find(f"{TASK}Actions/{TASK}Exec")
    assert execute.find(f"{TASK}Command").text == r"C:\kaigiroku\bin\kaigiroku.cmd"
    there = execute.find(f"{TASK}Arguments").text.replace("C:\\", "/srv/")
    assert unit(name)["ExecStart"] == f"/opt/kaigiroku/bin/kaigiroku {there}"
    assert (SERVICES / f"kaigiroku-{name}.xml").read_bytes().isascii()  # schtasks refuses other UTF-8
