"""Scripts, styles and pictures, read once and answered from memory under an address that changes with them."""

import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

FOLDER = Path(__file__).with_name("static")
_KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}
router = APIRouter()


@cache
def files() -> dict[str, bytes]:
    """Path within the folder → content."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(FOLDER.rglob("*")) if path.is_file()
    }


@cache
def address() -> str:
    """Where they are found; another one whenever any of them changed, so that browsers may keep what they have."""
    digest = hashlib.sha256()
    for path, data in files().items():
        digest.update(path.encode() + data)
    return f"/static/{digest.hexdigest()[:12]}"


@cache
def modules_of(name: str) -> tuple[str, ...]:
    """The modules that a module of js/ imports, and theirs: to be fetched at once, not one after the other."""
    found: list[str] = []
    left = [name]
    while left:
        text = files()[f"js/{left.pop()}"].decode()
        new = [each for each in re.findall(r'from "\./([\w-]+\.js)"', text) if each not in found]
        found += new
        left += new
    return tuple(found)


@router.get("/static/{version}/{path:path}")
async def static(version: str, path: str) -> Response:
    if path not in files() or address() != f"/static/{version}":
        raise HTTPException(404, "そのファイルはありません。")
    kind = "text/javascript" if path.endswith(".js") else mimetypes.guess_type(path)[0]
    return Response(files()[path], media_type=kind, headers=_KEPT)
