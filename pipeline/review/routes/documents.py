"""The form as it will print, documents to take along, and a corrected Word file back in."""

import io
import zipfile
from contextlib import suppress
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from pipeline.errors import WithheldError
from pipeline.records.meeting import Style
from pipeline.review.bodies import json_body
from pipeline.review.documents import (
    File,
    Kind,
    Questions,
    Sign,
    Wanted,
    current,
    has_office,
    in_one,
    made,
    open_questions,
    take_in,
)
from pipeline.review.guard import Allowed, Asking, TheOffice, ThePeople
from pipeline.review.headers import DOCUMENT_POLICY, FRAMED_POLICY
from pipeline.review.messages import said
from pipeline.review.replies import json
from pipeline.review.templating import page

router = APIRouter()
_LIMIT = 50 << 20
"""Bytes of a Word file."""
_UNPACKED = 500 << 20
_SHOWN = 500
_REGISTER = "非公開箇所一覧.xlsx"


async def word_file(request: Request) -> bytes:
    """The body. Raises HTTPException when it is too large, also unpacked."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > _LIMIT:
            raise HTTPException(413, f"Word ファイルが大きすぎます(上限 {_LIMIT >> 20} MB)。")
    with (
        suppress(zipfile.BadZipFile),
        zipfile.ZipFile(io.BytesIO(data)) as archive,
    ):  # no archive: told where it is read
        if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED:
            raise HTTPException(413, "Word ファイルの中身が大きすぎます。")
    return bytes(data)


@router.get("/meetings/{meeting_id}/preview")
def preview(
    request: Request, meeting_id: Allowed, person: Asking, office: TheOffice, people: ThePeople
) -> HTMLResponse:
    people.note(person.name, "opened", meeting_id=meeting_id, detail="プレビュー")
    return page(request, "preview.html", person, meeting=office.library.meeting(meeting_id), pdf=has_office())


@router.get("/meetings/{meeting_id}/document")
def document(
    request: Request,
    meeting_id: Allowed,
    person: Asking,
    office: TheOffice,
    kind: Kind = "draft",
    style: Style | None = None,
    mask: Sign = "words",
    ground: bool = False,
) -> Response:
    """The form as a page of its own, without any script, to be shown in a frame or printed."""
    try:
        wanted = Wanted(kind=kind, formats=("html",), style=style, mask=mask, ground=ground, agreed=True)
        (file,) = made(office, meeting_id, wanted)
    except WithheldError as error:
        refused = page(request, "refused.html", person, 409, told=said(error)[1])
        refused.headers["Content-Security-Policy"] = FRAMED_POLICY
        return refused
    return Response(
        file.data, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": DOCUMENT_POLICY}
    )


@router.get("/api/meetings/{meeting_id}/documents")
def about(meeting_id: Allowed, office: TheOffice) -> Response:
    """What is not settled yet, what a public copy would ask, and how far the minutes are."""
    from pipeline.render.context import what_is_open

    minutes = current(office, meeting_id)
    state = office.library.meeting(meeting_id).state
    return json({"state": state, "open": list(what_is_open(minutes)), "questions": open_questions(minutes)})


@router.post("/api/meetings/{meeting_id}/export")
def export(
    meeting_id: Allowed,
    person: Asking,
    office: TheOffice,
    people: ThePeople,
    given: Annotated[Wanted, json_body(Wanted)],
) -> Response:
    """409 with questions where a person has to say that a public copy is right."""
    try:
        files = made(office, meeting_id, given)
    except Questions as questions:
        return json({"questions": questions.asked, "detail": "公開用の写しについて確かめてください。"}, 409)
    people.note(person.name, "exported", meeting_id=meeting_id, detail=f"{given.kind} {','.join(given.formats)}")
    stem = files[0].name.rsplit("（", 1)[0].removesuffix("会議録").rstrip("_")
    return _download(in_one(files, f"{stem or '会議録'}.zip"))


@router.post("/api/meetings/{meeting_id}/register")
def register(meeting_id: Allowed, person: Asking, office: TheOffice, people: ThePeople) -> Response:
    """The list of what is withheld: never together with a public copy."""
    from pipeline.publication.register import register as listed

    people.note(person.name, "exported", meeting_id=meeting_id, detail="register")
    return _download(File(_REGISTER, listed(current(office, meeting_id))))


@router.post("/api/meetings/{meeting_id}/import")
def take_word(
    meeting_id: Allowed,
    person: Asking,
    office: TheOffice,
    people: ThePeople,
    word: Annotated[bytes, Depends(word_file)],
    try_only: bool,
    anyway: bool = False,
) -> Response:
    """The body is a Word file; what is different is told. 409 where it may be another meeting's."""
    found = take_in(office, meeting_id, word, person.name, try_only=try_only, anyway=anyway)
    if found and not try_only:
        people.note(person.name, "imported", meeting_id=meeting_id, detail=f"{len(found)}件")
    return json({"count": len(found), "differences": [each.told() for each in found[:_SHOWN]]})


def _download(file: File) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
    return Response(file.data, media_type="application/octet-stream", headers=headers)
