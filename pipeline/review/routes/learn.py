"""The learn page: terms that people put right again and again, for the dictionary; each is accepted by a person."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from pydantic_core import to_json

from pipeline.records.base import Record
from pipeline.review.bodies import json_body
from pipeline.review.guard import Asking, Person, TheOffice, ThePeople, hidden_from
from pipeline.review.office import Office
from pipeline.review.routes.dictionary import Line, dictionary_of
from pipeline.review.templating import page
from pipeline.store.people import People

if TYPE_CHECKING:
    from pipeline.evaluate.learning.proposals import Proposal

router = APIRouter()


class Acceptance(Record):
    """A term as it was proposed."""

    written: Line


@router.get("/learn")
def learn(request: Request, person: Asking) -> HTMLResponse:
    return page(request, "learn.html", person)


@router.get("/api/learn")
def proposals(person: Asking, office: TheOffice, people: ThePeople, replay: bool = False) -> Response:
    """What the meetings that this person may see propose. replay: with what each term would have done to them."""
    return Response(to_json(_proposed(person, office, people, replay)), media_type="application/json")


@router.post("/api/learn")
def accept(
    person: Asking, office: TheOffice, people: ThePeople, given: Annotated[Acceptance, json_body(Acceptance)]
) -> Response:
    """Enter one of the proposals into the dictionary."""
    from pipeline.run.learn import accept as enter

    chosen = [each for each in _proposed(person, office, people, replay=False) if each.written == given.written]
    if not chosen:
        raise HTTPException(404, "その用語はもう提案されていません。ページを読み込み直してください。")
    enter(chosen, dictionary_of(office))
    people.note(person.name, "dictionary", detail=given.written)
    return Response(status_code=204)


def _proposed(person: Person, office: Office, people: People, replay: bool) -> "tuple[Proposal, ...]":
    from pipeline.run.corpus import worked_on
    from pipeline.run.learn import corrected_of
    from pipeline.run.learn import learn as proposed

    hidden = hidden_from(person, people)
    return proposed(corrected_of(worked_on(office.library, hidden)), dictionary_of(office), replay=replay)
