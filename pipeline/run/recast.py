"""After a clerk corrected who spoke: the inference again with everything people set as facts, entered as one edit that
can be undone."""

import secrets
from collections.abc import Iterable

from pipeline.editing.desk import Desk, Submission
from pipeline.editing.undo import taken_back
from pipeline.records.edits import Cast, Edit, Operation
from pipeline.stages.assign_roles import RoleSettings
from pipeline.stages.reassign_roles import roles_given_facts, speeches

AUTHOR = "kaigiroku"
"""In the journal, of what no person entered."""


def recast(desk: Desk, settings: RoleSettings | None = None) -> Edit | None:
    """Enter what follows for all other turns from the roles people set; None when nothing does. What people set, and
    turns they confirmed, stay. Raises what Desk.submit raises."""
    settings = settings or RoleSettings()
    desk.refresh()
    operations = following(desk, settings)
    if not operations:
        return None
    return desk.submit(Submission(key=f"recast-{secrets.token_hex(8)}", operations=operations), AUTHOR)


def following(desk: Desk, settings: RoleSettings) -> tuple[Operation, ...]:
    """The operations that recast would enter."""
    there = {speech.id for speech in speeches(desk.minutes())}
    facts = {block: role for block, role in facts_of(desk.fold.edits).items() if block in there}
    before = _casts(desk.fold.edits)
    inferred = {block for block, cast in before.items() if cast.inferred is not None and block in there}
    if not facts and not inferred:
        return ()
    settled = {entry.id for entry in desk.fold.sheet.entries if entry.confirmed}
    found = roles_given_facts(desk.minutes(), facts, settings, inferred)
    return tuple(
        Cast(
            ids=(block,),
            role=assignment.role,
            office=assignment.office,
            inferred=assignment.confidence,
            flagged=assignment.confidence < settings.flag_below,
        )
        for block, assignment in found.items()
        if block not in settled
    )


def facts_of(edits: Iterable[Edit]) -> dict[str, str]:
    """Block id → role as a person set it last, edits that were taken back left out."""
    return {block: cast.role for block, cast in _casts(edits).items() if cast.role and cast.inferred is None}


def _casts(edits: Iterable[Edit]) -> dict[str, Cast]:
    """Block id → what gave it its role last. What a person set is not overruled by what was inferred."""
    edits = tuple(edits)
    undone = taken_back(edits)
    found: dict[str, Cast] = {}
    for edit in edits:
        for operation in edit.operations if edit.number not in undone else ():
            if operation.op == "cast" and operation.role is not None:
                found |= dict.fromkeys(operation.ids, operation)
    return found
