"""A word for the office's dictionary, entered while correcting: the next drafts listen for it."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from pipeline.records.base import Record
from pipeline.review.bodies import json_body
from pipeline.review.guard import Asking, TheOffice, ThePeople
from pipeline.review.office import Office
from pipeline.review.replies import json

router = APIRouter()
Line = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Entry(Record):
    """reading: in kana; empty: looked up. misheard: what is to be put right to written wherever it is heard."""

    written: Annotated[Line, Field(min_length=1)]
    reading: Line = ""
    misheard: tuple[Annotated[Line, Field(min_length=1)], ...] = ()


@router.post("/api/dictionary")
def enter(person: Asking, office: TheOffice, people: ThePeople, given: Annotated[Entry, json_body(Entry)]) -> Response:
    """Answers with the reading it was entered under."""
    from pipeline.lexicon.dictionary import enter_term
    from pipeline.lexicon.terms import make_term

    term = make_term(given.written, given.reading or None, "dictionary", 0.7)
    if term is None:
        raise HTTPException(422, f"「{given.written}」の読みを、仮名2文字以上で入れてください。")
    misheard = tuple(heard for heard in given.misheard if heard != term.written)
    enter_term(dictionary_of(office), term.model_copy(update={"misheard": misheard}))
    people.note(person.name, "dictionary", detail=given.written)
    return json({"written": term.written, "reading": term.reading})


def dictionary_of(office: Office) -> Path:
    """The one that drafts listen for."""
    from pipeline.lexicon.dictionary import default_path

    return office.settings.drafts.dictionary or default_path()
