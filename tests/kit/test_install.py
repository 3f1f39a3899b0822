"""The installer as an operator runs it, on small kits: whole or refused, updated, broken off, rolled back."""

import importlib.util
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path, PureWindowsPath

import pytest

from tests.kit.small_kits import CARRIED, PYTHON, install, make_kit, says
from tests.kit.small_wheels import make_wheel


def load_installer():
    spec = importlib.util.spec_from_file_location("kit_install", CARRIED / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def kits(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("kits")
    return {
        "1.0": make_kit(folder / "one", "1.0"),
        "2.0": make_kit(folder / "two", "2.0"),
        "3.0": make_kit(folder / "three", "3.0"),
        "broken": make_kit(folder / "broken", "4.0", works=False),
    }


@pytest.fixture
def place(tmp_path) -> Path:
    return tmp_path / "場所 with spaces"


def test_install_update_roll_back_and_forward(kits, place):
    done = install(kits["1.0"], place)
    assert done.returncode == 0, done.stderr
    assert "files of the kit are whole" in done.stdout
    assert says(place) == f"1.0 {place / 'models'}"
    assert "No version before" in install(kits["1.0"], place, "--rollback").stderr
    own = place / "models" / "own-model"
    own.mkdir()
    (own / "model.bin").write_bytes(b"fetched by the operator")

    assert "Back to 1.0" in install(kits["2.0"], place).stdout
    assert says(place).startswith("2.0 ")
    assert (own / "model.bin").read_bytes() == b"fetched by the operator"

    back = subprocess.run([sys.executable, place / "install.py", "--rollback"], capture_output=True, text=True)
    assert back.returncode == 0, back.stderr
    assert says(place).startswith("1.0 ")
    install(kits["1.0"], place, "--rollback")
    assert says(place).startswith("2.0 ")

    install(kits["3.0"], place)
    assert says(place).startswith("3.0 ")
    assert sorted(path.name[:3] for path in (place / "versions").iterdir()) == ["2.0", "3.0"]


def test_what_does_not_work_is_made_again_and_never_comes_into_use(kits, place):
    install(kits["1.0"], place)
    (version,) = (place / "versions").iterdir()
    (version / "works").unlink()  # as if killed just before the end
    (place / "models" / "whisper-base" / "model.bin").write_bytes(b"weight")
    assert install(kits["1.0"], place).returncode == 0
    assert (place / "models" / "whisper-base" / "model.bin").read_bytes() == b"weights"
    next(version.rglob("torch.py")).unlink()
    done = install(kits["1.0"], place)
    assert done.returncode == 0 and "No module named 'torch'" in done.stderr

    done = install(kits["broken"], place)
    assert done.returncode == 1
    assert "does not work here" in done.stderr and "weights are missing" in done.stderr
    assert says(place).startswith("1.0 ")


@pytest.mark.skipif(os.name == "nt", reason="kills a group of processes")
def test_killed_half_way_the_version_in_use_stays(kits, place):
    install(kits["1.0"], place)
    for then in ("versions/2.0-*", "versions/2.0-*/lib*/**/torch.py"):
        command = [sys.executable, kits["2.0"] / "install.py", "--to", place]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as installing:
            while installing.poll() is None and not any(place.glob(then)):
                time.sleep(0.01)
            os.killpg(installing.pid, signal.SIGKILL)
        assert says(place).startswith("1.0 ")
        assert not any(place.glob("versions/2.0-*/works"))
    assert install(kits["2.0"], place).returncode == 0
    assert says(place).startswith("2.0 ")


def test_one_changed_missing_or_added_file_and_nothing_is_installed(tmp_path, place):
    kit = make_kit(tmp_path / "kit", "1.0")
    wheel = next((kit / "wheels").glob("torch-*"))
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-1] + b"!")
    assert "torch-1.0-py3-none-any.whl was damaged" in install(kit, place).stderr
    wheel.unlink()
    assert "is missing from the kit" in install(kit, place, "--check").stderr
    wheel.write_bytes(whole)
    make_wheel(kit / "wheels", "torch", "9.0", files={"torch.py": "bad = True"})
    assert "is not part of this kit" in install(kit, place).stderr
    (kit / "SHA256SUMS").unlink()
    assert "not a complete kit" in install(kit, place).stderr
    assert not place.exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"targets": [{"system": "windows", "python": "3.99"}]}, "Python 3.99"),
        ({"installed_bytes": 10**15}, "are needed at"),
    ],
)
def test_a_machine_it_cannot_work_on_is_refused_before_anything_is_written(tmp_path, place, changes, told):
    done = install(make_kit(tmp_path / "kit", "1.0", **changes), place)
    assert done.returncode == 1 and told in done.stderr
    assert not place.exists()


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_shell_script_finds_the_python_that_fits(kits, place, tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    script = ["sh", str(kits["1.0"] / "install.sh"), "--to", str(place)]
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHON": str(old)}
    assert subprocess.run(script, env=os.environ | {"PYTHON": sys.executable}, capture_output=True).returncode == 0
    unfit = [word.replace(str(kits["1.0"]), str(tmp_path)) for word in script]
    text = (kits["1.0"] / "install.sh").read_text(encoding="utf-8").replace(PYTHON, "3.99")
    (tmp_path / "install.sh").write_text(text, encoding="utf-8")
    done = subprocess.run(unfit, env=path, capture_output=True, text=True)
    assert done.returncode == 1 and "none of Python 3.99" in done.stderr


def test_on_windows(monkeypatch):
    """What differs there, as far as another system can tell: names, the launcher, the length of paths."""
    installer = load_installer()
    monkeypatch.setattr(installer, "WINDOWS", True)
    assert installer.program(Path("v"), "python") == Path("v/Scripts/python.exe")
    assert installer.launcher(Path("C")).name == "kaigiroku.cmd"
    target, models = PureWindowsPath(r"C:\100% 会議録\bin\kaigiroku.exe"), PureWindowsPath(r"C:\100% 会議録\models")
    text = installer.launcher_text(target, models, windows=True)
    assert text.splitlines()[-1] == r'"C:\100%% 会議録\bin\kaigiroku.exe" %*'
    assert 'set "KAIGIROKU_MODELS=C:\\100%% 会議録\\models"' in text and text.count("\r\n") == 4
    about = {"targets": [{"system": "windows", "python": PYTHON}], "longest_path": 171, "installed_bytes": 1}
    monkeypatch.setattr(platform, "machine", lambda: "AMD64")
    installer.refuse_unfit(about, Path("/kaigiroku"), "0.1.0-12345678")
    with pytest.raises(installer.Refused, match="too long a path for Windows by"):
        installer.refuse_unfit(about, Path("/" + "users" * 16), "0.1.0-12345678")
    monkeypatch.setattr(platform, "machine", lambda: "ARM64")
    with pytest.raises(installer.Refused, match="on ARM64"):
        installer.refuse_unfit(about, Path("/kaigiroku"), "0.1.0-12345678")
