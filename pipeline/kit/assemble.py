"""The kit's folder, put together: wheels, weights, installer, sample, documentation, licences, checksums."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from packaging.requirements import Requirement

from pipeline.config.paths import models_folder
from pipeline.errors import DependencyError, OutputError, UsageError
from pipeline.kit.collect import Say, closure, collect
from pipeline.kit.licences import write_notices
from pipeline.kit.targets import Target
from pipeline.kit.wheel_files import Shelf, Wheel
from pipeline.store.files import disk_errors
from pipeline.weights.checksums import sha256_of
from pipeline.weights.locate import locate
from pipeline.weights.manifest import load_manifest

SUMS = "SHA256SUMS"
_CARRIED = Path(__file__).parent / "carried"
_OURS = "kaigiroku"
_MADE_ANEW = ("models", "sample", "documentation", "licences", "services")
_PARTS = {"wheels", *_MADE_ANEW, SUMS, "kit.json", "install.py", "install.sh", "install.cmd", "README.txt"}


def assemble(root: Path, kit: Path, targets: Sequence[Target], extras: Sequence[str], say: Say) -> str:
    """Make the kit, or bring one up to date (wheels that are there already are not downloaded again); its fingerprint.

    root: the checkout it is made of. Downloads with pip; weights are those in the models' folder, checked. Until it is
    complete the kit has no checksums, so that its installer refuses it.
    Raises UsageError, OutputError, DiskFullError, DependencyError, ModelMissingError or ModelDamagedError.
    """
    with disk_errors(kit):
        shelf = _shelf(kit)
        ours = _our_wheel(root, shelf.folder)
        needed = _wheels(root, ours, shelf, targets, extras, say)
        for wheel in set(shelf.wheels).difference(*needed.values()):
            shelf.remove(wheel)
        _copy_weights(kit, say)
        _copy_sample_and_docs(root, kit)
        _write_licences(root, kit, shelf.wheels, say)
        shutil.copytree(_CARRIED / "services", kit / "services")
        _write_installer(kit, targets, extras, ours, needed)
        return _write_checksums(kit)


def _shelf(kit: Path) -> Shelf:
    """The wheels of a kit that is new, or of which nothing else is left."""
    kit.mkdir(parents=True, exist_ok=True)
    if strange := sorted(path.name for path in kit.iterdir() if path.name not in _PARTS):
        raise OutputError(f"{kit} holds {strange[0]}, which is not of a kit.", "Name another folder.", file=kit)
    (kit / SUMS).unlink(missing_ok=True)
    for part in _MADE_ANEW:
        shutil.rmtree(kit / part, ignore_errors=True)
    (kit / "wheels").mkdir(exist_ok=True)
    return Shelf(kit / "wheels")


def _our_wheel(root: Path, folder: Path) -> Wheel:
    for old in folder.glob(f"{_OURS}-*.whl"):
        old.unlink()
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    done = subprocess.run([*command, "-w", str(folder), str(root)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DependencyError(f"The wheel of {_OURS} could not be built: {done.stderr[-300:]}", "See above.")
    shelf = Shelf(folder)
    shelf.refresh()
    return next(wheel for wheel in shelf.wheels if wheel.name == _OURS)


def _wheels(
    root: Path, ours: Wheel, shelf: Shelf, targets: Sequence[Target], extras: Sequence[str], say: Say
) -> dict[Target, list[Wheel]]:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    known = set(ours.metadata.get_all("Provides-Extra", []))
    if strange := sorted(set(extras) - known):
        raise UsageError(f"{_OURS} has no extra {', '.join(strange)}.", f"There are: {', '.join(sorted(known))}.")
    roots = [_requirement(ours, extras), Requirement("pip")]
    needed = {}
    for target in targets:
        say(f"{target}: collecting wheels …")
        collect(roots, shelf, target, pins, say)
        needed[target] = closure(roots, shelf, target)[0]
        size = sum(wheel.path.stat().st_size for wheel in needed[target])
        say(f"{target}: {len(needed[target])} wheels, {size / 1e6:.0f} MB")
    return needed


def _requirement(ours: Wheel, extras: Sequence[str]) -> Requirement:
    return Requirement(f"{_OURS}{'[' + ','.join(extras) + ']' if extras else ''}=={ours.version}")


def _copy_weights(kit: Path, say: Say) -> None:
    for model in load_manifest().bundled:
        source = locate(model.name)
        for file in model.files:
            target = kit / "models" / model.name / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file.path, target)
            if sha256_of(target) != file.sha256:
                raise OutputError(f"{target} was not copied right.", "Look at the disk, and make the kit again.")
    say(f"weights out of {models_folder()}: whole")


def _copy_sample_and_docs(root: Path, kit: Path) -> None:
    (kit / "sample").mkdir()
    for name in ("meeting.opus", "meeting.toml", "README.md"):
        shutil.copyfile(root / "audio_samples" / name, kit / "sample" / name)
    told = kit / "documentation"
    shutil.copytree(root / "docs", told / "docs", ignore=shutil.ignore_patterns("tools", "__pycache__"))
    for name in ("README.md", "README.ja.md", "LICENSE", "models/README.md", "templates/README.md"):
        (told / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(root / name, told / name)


def _write_licences(root: Path, kit: Path, wheels: list[Wheel], say: Say) -> None:
    weights = [(model.name, model.licence, model.origin) for model in load_manifest().bundled]
    for name in write_notices(wheels, weights, kit / "licences"):
        say(f"no licence text is to be had for {name}")
    shutil.copytree(root / "models" / "licences", kit / "licences" / "models")


def _write_installer(
    kit: Path, targets: Sequence[Target], extras: Sequence[str], ours: Wheel, needed: dict[Target, list[Wheel]]
) -> None:
    weights = sum(model.size for model in load_manifest().bundled)
    installed = weights + max(sum(wheel.unpacked_bytes for wheel in wheels) for wheels in needed.values()) * 5 // 4
    about = {
        "version": str(ours.version),
        "requirement": str(_requirement(ours, extras)),
        "targets": [{"system": target.system, "python": target.python} for target in targets],
        "packages": max(map(len, needed.values())),
        "installed_bytes": installed,  # a quarter more than unpacked: byte code
        "longest_path": max(len(name) for wheels in needed.values() for wheel in wheels for name in wheel.members),
    }
    (kit / "kit.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8", newline="\n")
    words = {
        "@VERSION@": str(ours.version),
        "@PYTHONS@": " ".join(sorted({target.python for target in targets})),
        "@TARGETS@": " / ".join(f"{target.system.capitalize()} 64 bit, Python {target.python}" for target in targets),
        "@NEEDED@": f"{installed / 1e9:.1f}",
    }
    for name, line_end in (("install.py", "\n"), ("install.sh", "\n"), ("install.cmd", "\r\n"), ("README.txt", "\r\n")):
        text = (_CARRIED / name).read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(word, value)
        encoding = "utf-8-sig" if name == "README.txt" else "utf-8"  # Windows' editor knows Japanese by the mark
        (kit / name).write_text(text, encoding=encoding, newline=line_end)


def _write_checksums(kit: Path) -> str:
    files = sorted(path for path in kit.rglob("*") if path.is_file() and path.name != SUMS)
    lines = "".join(f"{sha256_of(path)}  {path.relative_to(kit).as_posix()}\n" for path in files)
    (kit / SUMS).write_text(lines, encoding="utf-8", newline="\n")
    return sha256_of(kit / SUMS)
