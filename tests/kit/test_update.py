"""An update and a way back with the real kaigiroku: libraries, dictionary and settings are what they were."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from pipeline.weights.checksums import sha256_of
from tests.kit.small_kits import complete_kit, install, launcher
from tests.kit.small_wheels import make_wheel

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "-w", folder, ROOT]
    subprocess.run([sys.executable, *map(str, command)], check=True)
    return next(folder.glob("kaigiroku-*.whl"))


def make_kit(folder: Path, wheel: Path, models: Path, version: str) -> Path:
    """A kit with the real kaigiroku and weights under another version; its libraries are those of this environment."""
    (folder / "wheels").mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    entry_points = next(text for name, text in members.items() if name.endswith("entry_points.txt"))
    files = {name: text for name, text in members.items() if ".dist-info/" not in name}
    files[".dist-info/entry_points.txt"] = entry_points
    make_wheel(folder / "wheels", "kaigiroku", version, requires=["libraries"], files=files)
    make_wheel(folder / "wheels", "libraries", files={"libraries.pth": sysconfig.get_path("purelib") + "\n"})
    (folder / "models").symlink_to(models, target_is_directory=True)
    return complete_kit(folder, version)


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in folder.rglob("*") if path.is_file()}


def test_libraries_and_settings_outlive_an_update_and_the_way_back(wheel, weights, tmp_path):
    kits = [make_kit(tmp_path / version, wheel, weights, version) for version in ("8.0", "9.0")]
    place, library, home = tmp_path / "opt", tmp_path / "library", tmp_path / "home"
    own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "KAIGIROKU_MODELS")}

    def kaigiroku(*arguments: str | Path, typed: str | None = None) -> str:
        done = subprocess.run(
            [launcher(place), *arguments], env=kept | own, input=typed, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def seen() -> tuple[str, str, str]:
        return (
            kaigiroku("accounts", "list", "--library", library),
            kaigiroku("lexicon", "list"),
            kaigiroku("models", "list"),
        )

    assert install(kits[0], place).returncode == 0
    add = ("accounts", "add", "saeki", "--rank", "administrator", "--library", library, "--password-stdin")
    kaigiroku(*add, typed="a long password\n")
    kaigiroku("lexicon", "add", "若葉市", "ワカバシ")
    before, files = seen(), contents(library) | contents(home)
    assert "saeki" in before[0] and "若葉市" in before[1]

    assert install(kits[1], place).returncode == 0
    assert "Back to 8.0" in install(kits[1], place).stdout
    assert seen() == before
    assert install(kits[1], place, "--rollback").returncode == 0
    assert seen() == before
    assert contents(library) | contents(home) == files
