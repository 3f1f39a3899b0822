"""What is taken back, and what one author's undo and redo would take back next, read from the journal alone: it
outlives page and server."""

from collections.abc import Iterable, Sequence

from pipeline.records.edits import Edit, Undo

Groups = list[tuple[int, ...]]


def undo_and_redo(edits: Iterable[Edit], author: str) -> tuple[Groups, Groups]:
    """(what can be undone, what can be redone), each the numbers of edits that belong together, the next one last."""
    undo: Groups = []
    redo: Groups = []
    breath = ""
    for edit in edits:
        if edit.author != author:
            continue
        taken = _undone(edit)
        if taken is None:
            if breath and edit.group == breath and undo:
                undo[-1] = (*undo[-1], edit.number)
            else:
                undo.append((edit.number,))
            redo.clear()
            breath = edit.group
            continue
        breath = ""
        if undo and undo[-1] == taken:
            undo.pop()
            redo.append((edit.number,))
        elif redo and redo[-1] == taken:
            redo.pop()
            undo.append((edit.number,))
        else:  # taken back from the history, out of turn: an edit like any other
            undo.append((edit.number,))
    return undo, redo


def taken_back(edits: Sequence[Edit]) -> set[int]:
    """Numbers of the edits that are undone now; an undo that is itself undone undoes nothing."""
    undone: set[int] = set()
    for edit in reversed(edits):
        if edit.number not in undone:
            undone.update(n for operation in edit.operations if isinstance(operation, Undo) for n in operation.of)
    return undone


def _undone(edit: Edit) -> tuple[int, ...] | None:
    operation = edit.operations[0]
    return tuple(sorted(operation.of)) if len(edit.operations) == 1 and isinstance(operation, Undo) else None
