"""Who asks, and whether the request came from our own page: every route goes through here."""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request

from pipeline.records.base import Record
from pipeline.review.office import Office
from pipeline.store.people import People
from pipeline.store.tables.people import AccountRow, Rank

_SAFE = ("GET", "HEAD")
_RANKS: Sequence[Rank] = (Rank.CLERK, Rank.APPROVER, Rank.ADMINISTRATOR)


class Person(Record):
    """Who asks. Where there are no accounts it is the one person at this computer, who may do everything."""

    name: str
    shown: str
    rank: Rank

    def may_as(self, rank: Rank) -> bool:
        """Whether the person's rank is at least this."""
        return _RANKS.index(self.rank) >= _RANKS.index(rank)


class LoginNeeded(Exception):
    """Nobody is logged in, though there are accounts."""


def person_of(account: AccountRow) -> Person:
    return Person(name=account.name, shown=account.shown, rank=account.rank)


ALONE = Person(name="", shown="", rank=Rank.ADMINISTRATOR)


def office_of(request: Request) -> Office:
    found: Office = request.app.state.office
    return found


def people_of(request: Request) -> People:
    found: People = request.app.state.people
    return found


def cookie_name(office: Office) -> str:
    """A cookie that other hosts of the domain cannot set, where https allows it; cookies do not tell ports apart."""
    return f"{'__Host-' if office.settings.secure else ''}kaigiroku-{office.settings.port}"


def session_token(request: Request) -> str:
    return request.cookies.get(cookie_name(office_of(request)), "")


def csrf_token(request: Request) -> str:
    """What our own pages send along: bound to the session, the same after a restart of the server."""
    key: str = request.app.state.csrf_key
    return hmac.new(key.encode(), session_token(request).encode(), sha256).hexdigest()


def asking(request: Request) -> Person:
    """Raises LoginNeeded, and HTTPException 403 or OldPage for a change that our own page did not ask for."""
    if request.method not in _SAFE:
        from_our_page(request, request.headers.get("x-csrf-token", ""))
    person = known(request)
    if person is None:
        raise LoginNeeded
    return person


def known(request: Request) -> Person | None:
    """Who is at this browser; None where nobody is logged in, though there are accounts."""
    people = people_of(request)
    token = session_token(request)
    account = people.of_session(token) if token else None
    if account is not None:
        return person_of(account)
    return None if people.exist() else ALONE


class OldPage(Exception):
    """The page was loaded in another session: its token is not this one's."""


def from_our_page(request: Request, token: str) -> None:
    """Raises HTTPException 403 for what another site's page sends, OldPage when the token is of another session."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    if site not in ("same-origin", "none") or (origin and urlsplit(origin).netloc != request.headers.get("host")):
        raise HTTPException(403, "ほかのサイトからの操作は受け付けません。")
    if not secrets.compare_digest(token.encode(), csrf_token(request).encode()):
        raise OldPage


Asking = Annotated[Person, Depends(asking)]
TheOffice = Annotated[Office, Depends(office_of)]
ThePeople = Annotated[People, Depends(people_of)]


def hidden_from(person: Person, people: People) -> frozenset[str]:
    """The meetings that this person may not know of."""
    return frozenset() if person.may_as(Rank.ADMINISTRATOR) else people.hidden_from(person.name)


def meeting_allowed(meeting_id: str, person: Asking, people: ThePeople, office: TheOffice) -> str:
    """The id of a meeting that is there. Raises HTTPException 404, the same where the person may not know of it."""
    if meeting_id in hidden_from(person, people) or not office.library.holds(meeting_id):
        raise HTTPException(404, "その会議は見つかりません。")
    return meeting_id


Allowed = Annotated[str, Depends(meeting_allowed)]


def approver(person: Asking) -> Person:
    """Raises HTTPException 403 unless the person may declare minutes final."""
    if not person.may_as(Rank.APPROVER):
        raise HTTPException(403, "この操作は承認者だけができます。")
    return person


def administrator(person: Asking) -> Person:
    """Raises HTTPException 403 unless the person keeps the accounts."""
    if not person.may_as(Rank.ADMINISTRATOR):
        raise HTTPException(403, "この操作は管理者だけができます。")
    return person


Approver = Annotated[Person, Depends(approver)]
Administrator = Annotated[Person, Depends(administrator)]
