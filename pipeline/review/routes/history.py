"""Who did what and when; two states side by side; back to an earlier one."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import Response
from pydantic import Field

from pipeline.editing.comparison import compared
from pipeline.editing.desk import Submission
from pipeline.editing.history import Step, start_of, steps_before, text_of
from pipeline.editing.sheet import Entry
from pipeline.records.base import Record
from pipeline.records.edits import Front, Restore
from pipeline.records.minutes import Speech
from pipeline.review.bodies import Number, json_body
from pipeline.review.guard import Allowed, Asking, TheOffice
from pipeline.review.replies import json
from pipeline.review.routes.editing import entered
from pipeline.review.views import front_view

router = APIRouter(prefix="/api/meetings/{meeting_id}")


class RestoreRequest(Record):
    """number: of the last edit that the page knows of; what came after it would be swept away unseen."""

    to: Annotated[int, Field(ge=0)]
    number: int


@router.get("/history")
def history(
    meeting_id: Allowed,
    office: TheOffice,
    before: Number | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    turn: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """The steps before an edit's number, the latest first. turn: only those that changed it."""
    desk = office.desk(meeting_id)
    with desk.lock:
        last = desk.fold.number
        steps = steps_before(desk.fold, last + 1 if before is None else before, limit, turn)
    return json({"number": last, "steps": [step_view(step) for step in steps]})


@router.get("/comparison")
def comparison(meeting_id: Allowed, office: TheOffice, left: Number, right: Number) -> Response:
    """What is different between the states after two edits; 0 is the draft."""
    fold = office.desk(meeting_id).fold
    if max(left, right) > fold.number:
        raise HTTPException(404, "その時点はありません。")
    one, other = fold.at(left).sheet, fold.at(right).sheet
    rows = [{"left": block_view(row.left), "right": block_view(row.right)} for row in compared(one, other)]
    return json({"fields": fields_view(one.front, other.front), "rows": rows})


@router.post("/restore")
def restore(
    meeting_id: Allowed, given: Annotated[RestoreRequest, json_body(RestoreRequest)], person: Asking, office: TheOffice
) -> Response:
    """Bring everything back to how it was after an edit."""
    desk = office.desk(meeting_id)
    with desk.lock:
        desk.refresh()
        if desk.fold.number != given.number:
            raise HTTPException(409, "いま、ほかの修正が入りました。内容を確かめて、もう一度操作してください。")
        operations = (Restore(to=given.to),)
        return entered(
            office, meeting_id, Submission(key=f"restore-{secrets.token_hex(8)}", operations=operations), person
        )


def step_view(step: Step) -> dict[str, Any]:
    return step._asdict() | {
        "at": step.at.isoformat(),
        "places": [place._asdict() | {"excerpt": place.excerpt._asdict()} for place in step.places],
    }


def block_view(entry: Entry | None) -> dict[str, Any] | None:
    """As much of a block as can be read."""
    if entry is None:
        return None
    block = entry.block
    view = {"id": entry.id, "kind": block.kind, "text": text_of(block), "start": start_of(block)}
    if isinstance(block, Speech):
        withheld = block.withheld is not None or any(s.withheld for p in block.paragraphs for s in p)
        view |= {"role": block.role, "speaker": block.speaker, "within": entry.within is not None, "withheld": withheld}
    return view


def fields_view(left: Front, right: Front) -> dict[str, list[Any]]:
    """The form's fields that are different, both ways."""
    one, other = front_view(left), front_view(right)
    return {name: [one[name], other[name]] for name in one if one[name] != other[name]}
