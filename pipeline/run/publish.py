"""Puts the documents into the output folder without ever overwriting what a person changed in the meantime."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.records.minutes import Minutes
from pipeline.records.speakers import Diarization
from pipeline.render.documents import Document, make, write
from pipeline.render.form_folder import FormFolder
from pipeline.render.rttm import rttm
from pipeline.store.files import disk_errors, write_text_atomic
from pipeline.store.workspace import Workspace


def publish(
    minutes: Minutes,
    diarization: Diarization,
    formats: Sequence[str],
    workspace: Workspace,
    session: str,
    template: FormFolder | None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write the documents. Returns (names written, names under which a person's changed documents were kept)."""
    documents = [
        *make(minutes, formats, session, folder=template),
        Document("speakers.rttm", rttm(diarization, session).encode()),
    ]
    ours = _load(workspace.written_file)
    kept = [aside for document in documents if (aside := _keep_aside(workspace.out_dir, document, ours))]
    new = {document.file_name: {_digest(document.data)} for document in documents}
    # Both digests until all are in place: whatever a killed run leaves is known as ours.
    _save(workspace.written_file, {name: ours.get(name, set()) | new.get(name, set()) for name in {*ours, *new}})
    written = write(documents, workspace.out_dir)
    _save(workspace.written_file, ours | new)
    return tuple(path.name for path in written), tuple(kept)


def _keep_aside(folder: Path, document: Document, ours: Mapping[str, set[str]]) -> str | None:
    """Rename what lies where a document goes and is not ours; None when there is nothing, or nobody touched it."""
    path = folder / document.file_name
    if not path.is_file() or _digest(path.read_bytes()) in {*ours.get(path.name, ()), _digest(document.data)}:
        return None
    number = 1
    while (aside := path.with_name(f"{path.stem}.edited-{number}{path.suffix}")).exists():
        number += 1
    with disk_errors(path):
        path.rename(aside)
    return aside.name


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _save(path: Path, ours: Mapping[str, set[str]]) -> None:
    write_text_atomic(path, json.dumps({name: sorted(ours[name]) for name in sorted(ours)}, indent=1))


def _load(path: Path) -> dict[str, set[str]]:
    """Document → digests of what we have written under its name."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {name: {digests} if isinstance(digests, str) else set(digests) for name, digests in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
