"""Puts the documents into the output folder without ever overwriting what a person changed in the meantime."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.records.minutes import Minutes
from pipeline.records.speakers import Diarization
from pipeline.render.documents import file_name, render
from pipeline.render.form_folder import FormFolder
from pipeline.render.rttm import render_rttm
from pipeline.store.files import write_text_atomic
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
    ours = _load(workspace.written_file)
    names = [*(file_name(form) for form in formats), "speakers.rttm"]
    kept = [aside for name in names if (aside := _keep_aside(workspace.out_dir / name, ours))]
    written = [path.name for path in render(minutes, workspace.out_dir, formats, session, folder=template)]
    written.append(render_rttm(diarization, workspace.out_dir / "speakers.rttm", session).name)
    ours.update({name: _digest(workspace.out_dir / name) for name in written})
    write_text_atomic(workspace.written_file, json.dumps(ours, indent=1, sort_keys=True))
    return tuple(written), tuple(kept)


def _keep_aside(path: Path, ours: dict[str, str]) -> str | None:
    """Rename a document that is not as we left it; None when there is none or nobody touched it."""
    if not path.is_file() or ours.get(path.name) == _digest(path):
        return None
    number = 1
    while (aside := path.with_name(f"{path.stem}.edited-{number}{path.suffix}")).exists():
        number += 1
    path.rename(aside)
    return aside.name


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _load(path: Path) -> dict[str, str]:
    try:
        return {str(name): str(digest) for name, digest in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        return {}
