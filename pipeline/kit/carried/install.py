"""Installs kaigiroku from this folder, without any network: python install.py --help.

Needs only the Python it runs with. Nothing is installed before every file of the kit was checked against SHA256SUMS.
Each version gets a folder of its own beside the one before, and becomes the one in use only when all of it is there and
works; so an update that is broken off changes nothing, and --rollback goes back to the version before.
"""

import argparse
import hashlib
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

HERE = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
SUMS = "SHA256SUMS"
STATE = "installed.json"
WORKS = "works"  # an empty file: this version was installed to its end
UNCHANGED = "What was in use before still is."
_WINDOWS_PATH = 259
_SPARE_BYTES = 300_000_000


class Refused(Exception):
    """What is wrong and what to do next; shown, exit code 1."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        if options.rollback:
            roll_back(options.to)
            return 0
        fingerprint = verify(HERE)
        if options.check:
            return 0
        install(HERE, options.to, fingerprint)
    except Refused as refused:
        print(f"error: {refused}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename or options.to}: {error.strerror}. {UNCHANGED}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nstopped. {UNCHANGED}", file=sys.stderr)
        return 130
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Install or update kaigiroku from this kit, without a network.")
    parser.add_argument(
        "--to", type=Path, default=_usual_place(), metavar="FOLDER", help="where (default: %(default)s)"
    )
    parser.add_argument("--check", action="store_true", help="only check the kit's files")
    parser.add_argument("--rollback", action="store_true", help="go back to the version used before")
    options = parser.parse_args(arguments)
    options.to = options.to.expanduser().absolute()
    return options


def _usual_place() -> Path:
    if (HERE / STATE).is_file():  # the copy beside an installation, for --rollback
        return HERE
    if WINDOWS:
        return Path("C:/kaigiroku")  # short: paths longer than 259 characters do not work everywhere
    return Path("/opt/kaigiroku") if os.geteuid() == 0 else Path.home() / "kaigiroku"


# --- The kit ----------------------------------------------------------------------------------------------------------


def verify(kit: Path) -> str:
    """Check every file of the kit; the fingerprint (sha256) of the list itself, which whoever made the kit can tell."""
    try:
        listed = (kit / SUMS).read_bytes()
    except FileNotFoundError:
        raise Refused(f"{kit / SUMS} is missing: this is not a complete kit. Copy it again.") from None
    lines = (line.partition("  ") for line in listed.decode("utf-8").splitlines())
    expected = {name: digest for digest, _, name in lines}
    there = {path.relative_to(kit).as_posix() for path in kit.rglob("*") if path.is_file()} - {SUMS}
    there = {name for name in there if "__pycache__" not in name}
    for name in sorted(expected.keys() - there):
        raise Refused(f"{name} is missing from the kit. Copy it again.")
    for name in sorted(there - expected.keys()):
        raise Refused(f"{name} is not part of this kit. Remove it, or copy the kit again.")
    for number, (name, digest) in enumerate(sorted(expected.items()), 1):
        _progress(f"checking {number}/{len(expected)}")
        if sha256(kit / name) != digest:
            raise Refused(f"{name} was damaged or changed on its way (sha256 differs). Copy the kit again.")
    _progress("")
    fingerprint = hashlib.sha256(listed).hexdigest()
    print(f"All {len(expected)} files of the kit are whole. Fingerprint of the kit: {fingerprint}")
    return fingerprint


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def refuse_unfit(about: dict[str, Any], to: Path, name: str) -> None:
    """Refuse a machine on which this kit cannot work, before anything is written."""
    ours = {"system": "windows" if WINDOWS else "linux", "python": ".".join(map(str, sys.version_info[:2]))}
    if ours not in about["targets"] or platform.machine().lower() not in ("x86_64", "amd64"):
        fitting = "; ".join(f"{each['system']} 64 bit with Python {each['python']}" for each in about["targets"])
        found = f"{ours['system']} on {platform.machine()} with Python {ours['python']}"
        raise Refused(f"This kit is for: {fitting}. Here: {found}.")
    if sys.maxsize < 2**32:
        raise Refused(f"Python {ours['python']} here is a 32 bit one. Install the 64 bit one.")
    longest = len(str(libraries(to / "versions" / name))) + 1 + about["longest_path"]
    if WINDOWS and longest > _WINDOWS_PATH:
        raise Refused(
            f"{to} is too long a path for Windows by {longest - _WINDOWS_PATH}. Give a shorter one with --to."
        )
    place = next(folder for folder in (to, *to.parents) if folder.exists())
    free, needed = shutil.disk_usage(place).free, about["installed_bytes"] + _SPARE_BYTES
    if free < needed:
        raise Refused(f"{needed / 1e9:.1f} GB are needed at {place}, {free / 1e9:.1f} GB are free.")


# --- One version ------------------------------------------------------------------------------------------------------


def install(kit: Path, to: Path, fingerprint: str) -> None:
    """Install the version of the kit beside what is there, try it, and make it the one in use."""
    about = json.loads((kit / "kit.json").read_text(encoding="utf-8"))
    name = f"{about['version']}-{fingerprint[:8]}"
    folder = to / "versions" / name
    state = read_state(to)
    if not works(folder, to / "models"):
        refuse_unfit(about, to, name)
        shutil.rmtree(folder, ignore_errors=True)  # left by an installation that was broken off
        print(f"Installing {about['version']} into {folder} (a few minutes) …")
        fill(kit, folder, about)
        copy_models(kit / "models", to / "models")
        try_out(folder, to / "models")
        if hasattr(os, "sync"):
            os.sync()  # what is said to work is on the disk, whatever happens to the machine next
        (folder / WORKS).touch()
    if state.get("current") != name:
        state = {"current": name, "previous": state.get("current")}
    use(to, state)
    shutil.copyfile(kit / "install.py", to / "install.py")
    forget_others(to, state)
    print(f"Ready: {launcher(to)}")
    if state["previous"]:
        print(f"Back to {state['previous']}: {sys.executable} {to / 'install.py'} --rollback")


def works(folder: Path, models: Path) -> bool:
    """Whether this version was installed to its end and still works; if not, installing it again repairs it."""
    try:
        if (folder / WORKS).exists():
            try_out(folder, models)
            return True
    except Refused as refused:
        print(refused, file=sys.stderr)
    return False


def fill(kit: Path, folder: Path, about: dict[str, Any]) -> None:
    """A virtual environment with what the kit's wheels hold. pip runs out of its wheel: ensurepip is not needed."""
    venv.create(folder, with_pip=False, symlinks=not WINDOWS)
    pip, wheels = next((kit / "wheels").glob("pip-*.whl")), str(kit / "wheels")
    command = [str(program(folder, "python")), "-I", f"{pip}/pip", "install", "--no-index", "--find-links", wheels]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--quiet", about["requirement"]]
    with subprocess.Popen(command, env=environment()) as installing:
        while installing.poll() is None:
            done = len(list(libraries(folder).glob("*.dist-info")))
            _progress(f"installing {done}/{about['packages']}")
            time.sleep(0.2)
    _progress("")
    if installing.returncode:
        raise Refused(f"The packages could not be installed (see above). {UNCHANGED}")


def copy_models(source: Path, models: Path) -> None:
    """Weights beside those that are there already; a name stands for one set of bytes, so whole files stay."""
    for path in sorted(source.rglob("*")):
        target = models / path.relative_to(source)
        if not path.is_file() or (target.is_file() and sha256(target) == sha256(path)):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.part")
        shutil.copyfile(path, temporary)
        temporary.replace(target)


def try_out(folder: Path, models: Path) -> None:
    """Refuse a version whose libraries do not load or whose own examination finds something missing."""
    loads = ["-I", "-c", "import ctranslate2, onnxruntime, torch, pipeline.cli.main"]
    for command in ([program(folder, "python"), *loads], [program(folder, "kaigiroku"), "doctor"]):
        done = subprocess.run(
            [str(part) for part in command],
            env={**environment(), "KAIGIROKU_MODELS": str(models)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            hint = " Windows needs the Visual C++ Redistributable (x64) installed." if WINDOWS else ""
            raise Refused(f"{done.stdout}\nThe new version does not work here.{hint} {UNCHANGED}")


def environment() -> dict[str, str]:
    """That of this process without this machine's own settings of pip and Python, which must not reach what is run."""
    ours = {key: value for key, value in os.environ.items() if not key.upper().startswith(("PIP_", "PYTHON"))}
    return {**ours, "PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}


def libraries(folder: Path) -> Path:
    """Where a virtual environment keeps its packages."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return folder / "Lib" / "site-packages" if WINDOWS else folder / "lib" / version / "site-packages"


def program(folder: Path, name: str) -> Path:
    """A program of a virtual environment."""
    return folder / "Scripts" / f"{name}.exe" if WINDOWS else folder / "bin" / name


# --- Which version is in use ------------------------------------------------------------------------------------------


def roll_back(to: Path) -> None:
    """Make the version before the one in use again; a second time goes forward again."""
    state = read_state(to)
    if not state.get("previous"):
        raise Refused(f"No version before the one in use is kept in {to}.")
    use(to, {"current": state["previous"], "previous": state["current"]})
    print(f"{launcher(to)} is {state['previous']} again. Libraries and settings are as they were left.")


def read_state(to: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((to / STATE).read_text(encoding="utf-8"))
        return state
    except FileNotFoundError:
        return {}


def use(to: Path, state: dict[str, Any]) -> None:
    """Point the launcher at the current version."""
    path = launcher(to)
    path.parent.mkdir(parents=True, exist_ok=True)
    target = program(to / "versions" / state["current"], "kaigiroku")
    _replace(path, launcher_text(target, to / "models", WINDOWS), encoding="oem" if WINDOWS else "utf-8", mode=0o755)
    _replace(to / STATE, json.dumps(state, indent=1) + "\n")


def launcher(to: Path) -> Path:
    """The command people and services call; it stays at its place whatever version is in use."""
    return to / "bin" / ("kaigiroku.cmd" if WINDOWS else "kaigiroku")


def launcher_text(target: PurePath, models: PurePath, windows: bool) -> str:
    """A script that starts target with the weights beside it, unless the environment names others."""
    if windows:
        named = f'if not defined KAIGIROKU_MODELS set "KAIGIROKU_MODELS={models}"'
        lines = ["@echo off", "setlocal", named, f'"{target}" %*']
        return "".join(line.replace("%", "%%").replace("%%*", "%*") + "\r\n" for line in lines)
    named = f"KAIGIROKU_MODELS=${{KAIGIROKU_MODELS:-{shlex.quote(str(models))}}}"
    return f'#!/bin/sh\n{named} exec {shlex.quote(str(target))} "$@"\n'


def forget_others(to: Path, state: dict[str, Any]) -> None:
    """Remove versions that neither are in use nor were before."""
    for folder in (to / "versions").iterdir():
        if folder.name not in state.values():
            shutil.rmtree(folder, ignore_errors=True)


def _replace(path: Path, text: str, encoding: str = "utf-8", mode: int = 0o644) -> None:
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(text, encoding=encoding, newline="")
    temporary.chmod(mode)
    temporary.replace(path)


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text:<30}", end="\n" if not text else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
