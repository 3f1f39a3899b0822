"""The recording to listen to, by ranges, its outline, and what it is like."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, Response

from pipeline.review import sound
from pipeline.review.guard import Allowed, TheOffice
from pipeline.review.replies import json

router = APIRouter(prefix="/api/meetings/{meeting_id}")
_TYPES = {".m4a": "audio/mp4", ".wav": "audio/wav"}
_KEPT = {"Cache-Control": "private, max-age=3600"}


@router.get("/audio/{name}")
def audio(meeting_id: Allowed, name: str, office: TheOffice) -> FileResponse:
    path = sound.playable(office.library, meeting_id, name)
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=_KEPT)


@router.get("/peaks")
def peaks(meeting_id: Allowed, office: TheOffice) -> FileResponse:
    path = sound.peaks(office.library, meeting_id)
    return FileResponse(path, media_type="application/octet-stream", headers=_KEPT)


@router.get("/quality")
def quality(meeting_id: Allowed, office: TheOffice) -> Response:
    """What the recording is like and what to change in the room next time, as `kaigiroku check` says it."""
    from pipeline.run.listening import listen_to_draft

    found = listen_to_draft(office.library.workspace(meeting_id).out_dir)
    if found is None:
        raise HTTPException(409, "録音をまだ読み込んでいません。下書きの作成が始まってから、もう一度見てください。")
    told = found.preflight
    expected = told.expected.model_dump() if told.expected else None
    return json({"findings": [each.model_dump() for each in told.findings], "expected": expected})
