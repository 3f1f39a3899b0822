"""The single checks of `kaigiroku doctor`. Nothing here changes the machine or uses the network."""

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pipeline.config.paths import APP, models_folder, resource
from pipeline.errors import KaigirokuError
from pipeline.records.base import Record

_MAIN_JOB = ("faster-whisper", "ctranslate2", "pyannote.audio", "torch", "onnxruntime", "pydub", "docxtpl", "sudachipy")
_ROOM_BYTES = 3_000_000_000
_MEMORY_BYTES = 3_000_000_000
_MINCHO = re.compile("mincho|明朝|serif cjk", re.IGNORECASE)


class Check(Record):
    """One thing looked at. missing: the main job cannot run; note: only something optional is affected."""

    name: str
    state: Literal["ok", "note", "missing"]
    found: str
    remedy: str = ""


def examine() -> list[Check]:
    """All checks, in the order shown."""
    return [
        _python(),
        *_packages(),
        _ffmpeg(),
        _travelling("templates"),
        *_weights(),
        _device(),
        _machine(),
        _disk(),
        _fonts(),
        _program(
            "LibreOffice",
            ("soffice", "libreoffice"),
            "Only --format pdf needs it: apt install libreoffice-writer-nogui.",
        ),
        _program("Chromium", ("chromium", "chromium-browser", "google-chrome"), "Only the browser tests need it."),
    ]


def _python() -> Check:
    found = f"{platform.python_version()} ({sys.executable})"
    return Check(name="Python", state="ok", found=found)


def _packages() -> Iterator[Check]:
    for package in _MAIN_JOB:
        try:
            yield Check(name=package, state="ok", found=importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            yield Check(name=package, state="missing", found="not installed", remedy=f"pip install {APP}, again.")


def _ffmpeg() -> Check:
    try:
        import imageio_ffmpeg

        program = imageio_ffmpeg.get_ffmpeg_exe()
        answer = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (ImportError, RuntimeError, OSError, subprocess.SubprocessError) as error:
        return Check(
            name="ffmpeg", state="missing", found=str(error), remedy="pip install --force-reinstall imageio-ffmpeg."
        )
    return Check(name="ffmpeg", state="ok", found=" ".join(answer.split()[:3]) + f" ({program})")


def _travelling(name: str) -> Check:
    try:
        return Check(name=name, state="ok", found=str(resource(name)))
    except KaigirokuError as error:
        return Check(name=name, state="missing", found=error.cause, remedy=error.remedy)


def _weights() -> Iterator[Check]:
    from pipeline.weights.locate import locate
    from pipeline.weights.manifest import load_manifest

    for model in load_manifest().bundled:
        try:
            yield Check(name=f"weights {model.name}", state="ok", found=str(locate(model.name)))
        except KaigirokuError as error:
            yield Check(name=f"weights {model.name}", state="missing", found=error.cause, remedy=error.remedy)


def _device() -> Check:
    try:
        import ctranslate2

        cards = ctranslate2.get_cuda_device_count()
    except (ImportError, OSError, RuntimeError) as error:
        return Check(
            name="device", state="missing", found=str(error), remedy="pip install --force-reinstall ctranslate2."
        )
    if not cards:
        return Check(name="device", state="ok", found="cpu (no CUDA card)")
    torch = importlib.metadata.version("torch")
    if torch.endswith("+cpu"):
        found = f"{cards} CUDA card(s), but torch {torch} does not use them"
        return Check(
            name="device", state="note", found=found, remedy="Install torch for CUDA to tell speakers apart faster."
        )
    return Check(name="device", state="ok", found=f"{cards} CUDA card(s)")


def _machine() -> Check:
    found = f"{os.cpu_count()} cores"
    memory = _memory_bytes()
    if memory is None:
        return Check(name="machine", state="ok", found=found)
    found += f", {memory / 1e9:.1f} GB memory"
    if memory < _MEMORY_BYTES:
        return Check(name="machine", state="note", found=found, remedy="Close other programs: about 3 GB are needed.")
    return Check(name="machine", state="ok", found=found)


def _memory_bytes() -> int | None:
    """Memory of this machine, or what its control group leaves us; None where the system does not tell (Windows)."""
    if not hasattr(os, "sysconf"):
        return None
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    allowed = limit.read_text(encoding="ascii").strip() if limit.is_file() else "max"
    return min(total, int(allowed)) if allowed.isdigit() else total


def _disk() -> Check:
    folder = models_folder()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:.1f} GB free at {folder}"
    if free < _ROOM_BYTES:
        return Check(
            name="disk", state="note", found=found, remedy="Free some space: weights and work files need about 3 GB."
        )
    return Check(name="disk", state="ok", found=found)


def _fonts() -> Check:
    families = _font_names()
    fitting = sorted({family for family in families if _MINCHO.search(family)})
    if fitting:
        return Check(name="fonts", state="ok", found=", ".join(fitting[:3]))
    remedy = "Only looking at drafts here needs one: apt install fonts-ipafont-mincho."
    return Check(name="fonts", state="note", found="no Japanese Mincho font found", remedy=remedy)


def _font_names() -> list[str]:
    if program := shutil.which("fc-list"):
        done = subprocess.run([program, ":lang=ja", "family"], capture_output=True, encoding="utf-8", check=False)
        return [name.strip() for line in done.stdout.splitlines() for name in line.split(",")]
    folders = [
        Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",
        Path("/System/Library/Fonts"),
        Path("/Library/Fonts"),
    ]
    files = [file.stem for folder in folders if folder.is_dir() for file in folder.iterdir()]
    return ["MS Mincho / Yu Mincho" if re.match("msmincho|yumin", name, re.IGNORECASE) else name for name in files]


def _program(name: str, commands: tuple[str, ...], remedy: str) -> Check:
    found = next((path for command in commands if (path := shutil.which(command))), None)
    if found is None:
        return Check(name=name, state="note", found="not found", remedy=remedy)
    return Check(name=name, state="ok", found=found)
