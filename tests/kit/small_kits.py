"""Kits made by hand, installed and asked which version is in use."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from pipeline.weights.checksums import sha256_of
from tests.kit.small_wheels import make_wheel

ROOT = Path(__file__).parents[2]
CARRIED = ROOT / "pipeline" / "kit" / "carried"
PYTHON = ".".join(map(str, sys.version_info[:2]))
_MAIN = '''"""Stands in for kaigiroku: says which it is, and where the weights lie."""
import os, sys
def main():
    if sys.argv[1:] == ["doctor"]:
        sys.exit(0 if {works} else "weights are missing")
    print("{version}", os.environ["KAIGIROKU_MODELS"])
'''


def make_kit(folder: Path, version: str, works: bool = True, **changes: object) -> Path:
    """A kit whose kaigiroku only says its version. works: whether its doctor is content; changes: to its kit.json."""
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    files = {
        "pipeline/__init__.py": "",
        "pipeline/cli/__init__.py": "",
        "pipeline/cli/main.py": _MAIN.replace("{works}", str(works)).replace("{version}", version),
        ".dist-info/entry_points.txt": "[console_scripts]\nkaigiroku = pipeline.cli.main:main\n",
    }
    make_wheel(wheels, "kaigiroku", version, files=files, requires=["torch", "ctranslate2", "onnxruntime"])
    for name in ("torch", "ctranslate2", "onnxruntime"):
        make_wheel(wheels, name, files={f"{name}.py": ""})
    (folder / "models" / "whisper-base").mkdir(parents=True)
    (folder / "models" / "whisper-base" / "model.bin").write_bytes(b"weights")
    return complete_kit(folder, version, **changes)


def complete_kit(folder: Path, version: str, **changes: object) -> Path:
    """What every kit has beside the wheels of kaigiroku and the models: pip, the installer, checksums."""
    pip = Path(sysconfig.get_path("purelib")) / "pip"
    files = [path for path in pip.rglob("*") if path.is_file() and path.suffix not in (".exe", ".pyc")]
    members = {f"pip/{path.relative_to(pip).as_posix()}": path.read_text(encoding="utf-8") for path in files}
    make_wheel(folder / "wheels", "pip", "99.0", files=members)
    about = {
        "version": version,
        "requirement": f"kaigiroku=={version}",
        "targets": [{"system": "windows" if os.name == "nt" else "linux", "python": PYTHON}],
        "packages": 5,
        "installed_bytes": 1000,
        "longest_path": 100,
    } | changes
    (folder / "kit.json").write_text(json.dumps(about), encoding="utf-8")
    for name in ("install.py", "install.sh"):
        text = (CARRIED / name).read_text(encoding="utf-8").replace("@PYTHONS@", PYTHON)
        (folder / name).write_text(text, encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = (f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return folder


def install(kit: Path, to: Path, *options: str) -> subprocess.CompletedProcess[str]:
    # Settings of this machine that must not reach the installation.
    hostile = {"PIP_INDEX_URL": "https://127.0.0.1:9/", "PYTHONPATH": str(kit.parent), "PIP_REQUIRE_VIRTUALENV": "1"}
    command = [sys.executable, str(kit / "install.py"), "--to", str(to), *options]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=os.environ | hostile)


def launcher(to: Path) -> Path:
    return to / "bin" / ("kaigiroku.cmd" if os.name == "nt" else "kaigiroku")


def says(to: Path) -> str:
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "KAIGIROKU_MODELS")}
    return subprocess.run([launcher(to)], capture_output=True, text=True, check=True, env=kept).stdout.strip()
