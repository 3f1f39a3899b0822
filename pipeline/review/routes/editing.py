"""The editor's interface: the sheet, edits, undo and redo, layers of a word."""

import secrets
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from pipeline.editing.desk import Desk, StaleEdit, Submission
from pipeline.editing.rebase import SEAM
from pipeline.editing.sheet import Hunk
from pipeline.editing.undo import undo_and_redo
from pipeline.errors import EditError
from pipeline.records.base import Record
from pipeline.records.edits import Adopt, Id, Operation, Undo
from pipeline.records.minutes import Speech
from pipeline.review.bodies import Number, json_body
from pipeline.review.guard import Allowed, Asking, Person, TheOffice, ThePeople
from pipeline.review.layers import layer_views
from pipeline.review.office import Office, edit_event
from pipeline.review.replies import json
from pipeline.review.sound import listening_copy
from pipeline.review.views import entry_view, front_view, sheet_view
from pipeline.store.notes import Notes

router = APIRouter(prefix="/api/meetings/{meeting_id}")


class EditRequest(Record):
    """As Submission, from the page: it always tells what it has seen."""

    key: Id
    operations: tuple[Operation, ...]
    seen: dict[str, int]
    group: str = ""


@router.get("/sheet")
def sheet(meeting_id: Allowed, person: Asking, office: TheOffice, people: ThePeople) -> Response:
    desk = office.desk(meeting_id)
    office.tell(meeting_id)
    with desk.lock:
        view = sheet_view(desk.fold.sheet) | {"number": desk.fold.number}
    row = office.library.meeting(meeting_id)
    notes = Notes(office.library, meeting_id)
    view |= {
        "state": row.state,
        "heard": notes.heard(),
        "comments": [comment_view(each) for each in notes.comments()],
        "me": person.shown,
        "names": {account.name: account.shown for account in people.accounts()},
        "seats": [each.model_dump() for each in office.seats.of(meeting_id)],
        "newerDraft": desk.newer_draft(),
        "audio": listening_copy(office.library, meeting_id).name,
    }
    return json(view)


@router.get("/edits")
def missed(meeting_id: Allowed, office: TheOffice, after: Number) -> Response:
    """The edits with higher numbers."""
    desk = office.desk(meeting_id)
    return json([edit_event(desk, number) for number in range(after + 1, desk.fold.number + 1)])


@router.post("/edits")
def enter(
    meeting_id: Allowed, given: Annotated[EditRequest, json_body(EditRequest)], person: Asking, office: TheOffice
) -> Response:
    """Enter an edit. 409 with the turns as they are now when somebody was faster."""
    submission = Submission(key=given.key, operations=given.operations, seen=given.seen, group=given.group)
    return entered(office, meeting_id, submission, person)


@router.post("/undo")
def undo(meeting_id: Allowed, person: Asking, office: TheOffice) -> Response:
    """Take back the person's own last edit that is not taken back yet."""
    return _again(meeting_id, person, office, "undo")


@router.post("/redo")
def redo(meeting_id: Allowed, person: Asking, office: TheOffice) -> Response:
    """Bring back what was taken back last."""
    return _again(meeting_id, person, office, "redo")


def _again(meeting_id: str, person: Person, office: Office, direction: Literal["undo", "redo"]) -> Response:
    desk = office.desk(meeting_id)
    with desk.lock:
        desk.refresh()
        stacks = undo_and_redo(desk.fold.edits, person.name)
        stack = stacks[0] if direction == "undo" else stacks[1]
        if not stack:
            nothing = "元に戻す操作はありません。" if direction == "undo" else "やり直す操作はありません。"
            raise HTTPException(409, nothing)
        key = f"{direction}-{secrets.token_hex(8)}"
        submission = Submission(key=key, operations=(Undo(of=stack[-1]),))
        try:
            return entered(office, meeting_id, submission, person)
        except EditError:
            raise HTTPException(
                409, "その箇所はあとから別の修正が入っているため、元に戻せません。履歴から戻せます。"
            ) from None


@router.post("/adopt")
def adopt(
    meeting_id: Allowed, given: Annotated[Adopt, json_body(Adopt)], person: Asking, office: TheOffice, people: ThePeople
) -> Response:
    """Go on with another draft. Answers with the edit, and how many of its turns were cut at what people did."""
    key = f"adopt-{given.base}-{secrets.token_hex(8)}"
    edit = office.submit(meeting_id, Submission(key=key, operations=(given,)), person.name)
    people.note(person.name, "draft-taken", meeting_id=meeting_id, detail=str(given.base))
    desk = office.desk(meeting_id)
    put = [entry.block for change in desk.changes(edit.number) if isinstance(change, Hunk) for entry in change.new]
    seams = sum(isinstance(block, Speech) and SEAM in block.evidence for block in put)
    return json({"edit": edit_event(desk, edit.number), "seams": seams})


@router.get("/turns/{turn}/layers")
def layers(meeting_id: Allowed, turn: str, office: TheOffice) -> Response:
    """What was heard, what the dictionary made of it and why, what a person wrote."""
    desk = office.desk(meeting_id)
    with desk.lock:
        return json(layer_views(desk.fold.sheet.speech(turn)))


def entered(office: Office, meeting_id: str, given: Submission, person: Person) -> Response:
    """Submit and answer with what it changed."""
    try:
        edit = office.submit(meeting_id, given, person.name)
    except StaleEdit as stale:
        return json({"conflict": conflict_view(office.desk(meeting_id), stale.ids)}, 409)
    return json(edit_event(office.desk(meeting_id), edit.number))


def conflict_view(desk: Desk, ids: tuple[str, ...]) -> list[dict[str, Any]]:
    """The turns as they are now, with who changed them last; entry None: it is not there any more."""
    with desk.lock:
        sheet, found = desk.fold.sheet, []
        for identifier in ids:
            version = sheet.version(identifier)
            last = desk.fold.edits[version - 1] if version else None
            entry = entry_view(sheet.entry(identifier)) if identifier in sheet else None
            found.append(
                {
                    "id": identifier,
                    "entry": entry,
                    "front": front_view(sheet.front) if identifier == "front" else None,
                    "author": last.author if last else None,
                    "at": last.at.isoformat() if last else None,
                }
            )
    return found


def comment_view(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "block": row.block,
        "start": row.start_ms,
        "quote": row.quote,
        "text": row.text,
        "author": row.author,
        "at": row.at.isoformat(),
        "resolvedBy": row.resolved_by,
    }
