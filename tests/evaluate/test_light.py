"""Evaluation starts on a clerk's machine: no model library, and nothing heavy before it is needed."""

import subprocess
import sys

HEAVY = ("torch", "ctranslate2", "ray", "faster_whisper", "pyannote", "onnxruntime", "matplotlib", "pandas", "scipy")


def test_evaluate_starts_without_model_libraries() -> None:
    code = (
        "import pkgutil, importlib, sys, pipeline.evaluate as room\n"
        "names = [found.name for found in pkgutil.walk_packages(room.__path__, 'pipeline.evaluate.')]\n"
        "for name in names: importlib.import_module(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
