"""The recording to listen to, by ranges, and its outline."""

from fastapi import APIRouter
from fastapi.responses import FileResponse

from pipeline.review import sound
from pipeline.review.guard import Allowed, TheOffice

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
