"""What a CTranslate2 Whisper folder must hold, checked before a library touches it: its own messages name neither the
folder nor what to do."""

import hashlib
import json
from pathlib import Path

from pipeline.errors import ModelDamagedError, ModelMissingError

_BLOCK_BYTES = 1 << 20


def check_folder(folder: Path) -> None:
    """Raises ModelMissingError if there is no folder, ModelDamagedError if files are absent, empty or not JSON."""
    if not folder.is_dir():
        raise ModelMissingError(
            f"{folder.name}: there is no such model folder.", "Run `kaigiroku models prepare`.", file=folder
        )
    for name in ("model.bin", "config.json", "tokenizer.json"):
        file = folder / name
        if not file.is_file() or file.stat().st_size == 0:
            raise _damaged(folder, f"{name} is missing or empty")
    if not any((folder / name).is_file() for name in ("vocabulary.json", "vocabulary.txt")):
        raise _damaged(folder, "vocabulary.json is missing")
    for name in ("config.json", "tokenizer.json", "preprocessor_config.json"):
        _check_json(folder, name)


def weights_sha256(folder: Path) -> str:
    """sha256 of model.bin, lower-case hexadecimal."""
    check_folder(folder)
    digest = hashlib.sha256()
    with (folder / "model.bin").open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _check_json(folder: Path, name: str) -> None:
    file = folder / name
    if not file.is_file():
        return
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _damaged(folder, f"{name} cannot be read") from error


def _damaged(folder: Path, what: str) -> ModelDamagedError:
    return ModelDamagedError(
        f"{folder.name}: not a complete Whisper model folder ({what}).",
        "Run `kaigiroku models prepare` again, or name another folder.",
        file=folder,
    )
