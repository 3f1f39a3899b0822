"""From a model's name to a folder whose contents are known to be right."""

import hashlib
import re
from pathlib import Path

from pydantic import ValidationError

from pipeline.config.paths import models_folder
from pipeline.errors import ModelDamagedError, ModelMissingError
from pipeline.records.base import Record
from pipeline.weights.checksums import checksums, files_in
from pipeline.weights.manifest import Manifest, Model, load_manifest

FETCHED = "fetched.json"
"""Written by `models fetch` beside weights from the hub: what arrived, so that later damage is seen."""


class Fetched(Record):
    """What came from the hub: sha256 by path within the folder."""

    repository: str
    revision: str
    files: dict[str, str]


def locate(name_or_folder: str | Path, *, models: Path | None = None, manifest: Manifest | None = None) -> Path:
    """Folder of the weights: a manifest name, a folder of the operator's, or a hub name that was fetched.

    Weights of the manifest and fetched ones are checked against their sha256 (in full once, then by size and time of
    change); an operator's own folder only has to exist and hold files. models: where weights lie; None: the default.

    Raises ModelMissingError or ModelDamagedError.
    """
    models = models if models is not None else models_folder()
    manifest = manifest if manifest is not None else load_manifest()
    name = str(name_or_folder)
    model = None if isinstance(name_or_folder, Path) else manifest.get(name)
    if model is not None:
        return _bundled(model, models) if model.bundled else _fetched(name, folder_of(name, models))
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _own_folder(folder)
    if is_hub_name(name) and folder_of(name, models).is_dir():
        return _fetched(name, folder_of(name, models))
    raise _unknown(name, manifest)


def digest(folder: Path) -> str:
    """One sha256 over the names and contents of all files in a folder: what an engine puts into its fingerprint."""
    total = hashlib.sha256()
    for path, checksum in checksums(folder, files_in(folder)).items():
        total.update(f"{path}\0{checksum}\n".encode())
    return total.hexdigest()


def folder_of(name: str, models: Path) -> Path:
    """Where the weights of a manifest or hub name belong."""
    return models / name.replace("/", "--")


def is_hub_name(name: str) -> bool:
    """Whether a name has the form owner/name of the model hub."""
    return re.fullmatch(r"[\w-][\w.-]*/[\w-][\w.-]*", name) is not None


def _bundled(model: Model, models: Path) -> Path:
    folder = folder_of(model.name, models)
    if not any((folder / file.path).exists() for file in model.files):
        raise ModelMissingError(
            f"The weights of {model.name} are not on this machine ({folder}).", get_it(model.name), file=folder
        )
    _check(model.name, folder, {file.path: file.sha256 for file in model.files})
    return folder


def _fetched(name: str, folder: Path) -> Path:
    record = folder / FETCHED
    try:
        fetched = Fetched.model_validate_json(record.read_bytes())
    except FileNotFoundError:
        raise ModelMissingError(
            f"The weights of {name} are not on this machine ({folder}).", get_it(name), file=folder
        ) from None
    except (OSError, ValidationError) as error:
        raise ModelDamagedError(f"{record} cannot be read.", _again(name, folder), file=record) from error
    _check(name, folder, fetched.files)
    return folder


def _own_folder(folder: Path) -> Path:
    if not files_in(folder):
        raise ModelMissingError(f"{folder} holds no files.", "Name a folder that holds a model's weights.", file=folder)
    return folder.absolute()


def _check(name: str, folder: Path, expected: dict[str, str]) -> None:
    missing = [path for path in expected if not (folder / path).is_file()]
    if missing:
        raise ModelDamagedError(
            f"{name}: {', '.join(missing)} missing in {folder}.", _again(name, folder), file=folder / missing[0]
        )
    try:
        found = checksums(folder, expected)
    except OSError as error:
        raise ModelDamagedError(
            f"{name}: {folder} cannot be read: {error.strerror}.", "Make the files readable for this user.", file=folder
        ) from error
    wrong = [path for path in expected if found[path] != expected[path]]
    if wrong:
        raise ModelDamagedError(
            f"{name}: {', '.join(wrong)} in {folder} is not what the manifest describes (sha256 differs).",
            _again(name, folder),
            file=folder / wrong[0],
        )


def get_it(name: str) -> str:
    """The next step when weights are missing."""
    return (
        f"Run: kaigiroku models fetch {name} (downloads), or kaigiroku models prepare {name} --from FOLDER (offline)."
    )


def _again(name: str, folder: Path) -> str:
    return f"Delete {folder} and run: kaigiroku models fetch {name}."


def _unknown(name: str, manifest: Manifest) -> ModelMissingError:
    if is_hub_name(name):
        return ModelMissingError(
            f"{name} is neither a folder nor was it fetched.", f"Run: kaigiroku models fetch {name}."
        )
    names = ", ".join(model.name for model in manifest.models)
    return ModelMissingError(
        f"No model is called {name}, and there is no such folder.", f"Name a folder, or one of: {names}."
    )
