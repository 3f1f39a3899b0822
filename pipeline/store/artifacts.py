"""A stage's result on disk, with the key that says what it was made from, and the digest that shows any damage."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pipeline.records.base import Record
from pipeline.store.files import write_text_atomic

R = TypeVar("R", bound=Record)

_HEAD = re.compile(rb'{"key":"([^"]*)","sha256":"([0-9a-f]{64})","record":')


def artifact_key(stage: str, version: int, upstream: Mapping[str, str], own: str, fingerprint: str) -> str:
    """SHA-256 over everything the result depends on; own and fingerprint are canonical JSON."""
    parts = [stage, version, sorted(upstream.items()), own, fingerprint]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def write_artifact(path: Path, key: str, record: Record) -> None:
    """Replace the artifact as a whole: it is there complete or not at all."""
    body = record.model_dump_json()
    digest = hashlib.sha256(body.encode()).hexdigest()
    write_text_atomic(path, f'{{"key":{json.dumps(key)},"sha256":"{digest}","record":{body}}}')


def artifact_key_of(path: Path) -> str | None:
    """The key of the artifact that lies there, without reading the whole of it; None when there is none."""
    try:
        with path.open("rb") as file:
            match = re.match(rb'{"key":"([0-9a-f]{64})"', file.read(80))
    except OSError:
        return None
    return match[1].decode() if match else None


def read_artifact(path: Path, key: str, kind: type[R]) -> R | None:
    """The record when it is there under exactly this key; None when it is missing, stale or damaged."""
    try:
        data = path.read_bytes()
        head = _HEAD.match(data)
        if head is None or head[1].decode() != key:
            return None
        body = data[head.end() : -1]
        return kind.model_validate_json(body) if hashlib.sha256(body).hexdigest() == head[2].decode() else None
    except (OSError, ValueError):
        return None  # an artifact is a cache: whatever cannot be read is made again
