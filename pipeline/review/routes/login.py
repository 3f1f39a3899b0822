"""Logging in and out, and one's own password. Plain forms: they work before any script does."""

import re
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.review.guard import (
    Asking,
    TheOffice,
    ThePeople,
    cookie_name,
    csrf_token,
    from_our_page,
    person_of,
    session_token,
)
from pipeline.review.login import Login, TooOften
from pipeline.review.office import Office
from pipeline.review.passwords import hashed, weakness
from pipeline.review.replies import json
from pipeline.review.templating import page

router = APIRouter()
_LIMIT = 10_000
"""Bytes of a form."""
_INSIDE = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


async def our_form(request: Request) -> dict[str, str]:
    """The fields of a form of ours. Raises HTTPException and OldPage as from_our_page."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > _LIMIT:
            raise HTTPException(413, "送られた内容が大きすぎます。")
    given = {name: values[0] for name, values in parse_qs(data.decode("utf-8", "replace")).items()}
    from_our_page(request, given.get("csrf", ""))
    return given


def door_of(request: Request) -> Login:
    found: Login = request.app.state.login
    return found


Form = Annotated[dict[str, str], Depends(our_form)]
Door = Annotated[Login, Depends(door_of)]


@router.get("/login")
def login(request: Request, people: ThePeople, next: str = "/") -> Response:
    if not people.exist() or people.of_session(session_token(request)):
        return RedirectResponse(_inside(next), 303)
    return page(request, "login.html", None, next=_inside(next), typed="", told="")


@router.post("/login")
def log_in(request: Request, given: Form, door: Door, office: TheOffice, people: ThePeople) -> Response:
    """Always a session of its own; one that this browser had before ends."""
    name, target = given.get("name", "")[:64], _inside(given.get("next", "/"))
    try:
        token = door.log_in(name, given.get("password", ""), address_of(request))
    except TooOften as wait:
        told = f"続けて失敗したため、あと{wait.seconds}秒待ってから、もう一度お試しください。"
        return page(request, "login.html", None, 429, next=target, typed=name, told=told)
    if token is None:
        return page(request, "login.html", None, 401, next=target, typed=name, told="利用者名かパスワードが違います。")
    people.end_session(session_token(request))
    return _in_session(RedirectResponse(target, 303), office, token)


@router.post("/logout", dependencies=[Depends(our_form)])
def log_out(request: Request, office: TheOffice, people: ThePeople) -> Response:
    token = session_token(request)
    account = people.of_session(token)
    if account is not None:
        people.end_session(token)
        people.note(account.name, "logout", address=address_of(request))
    answer = RedirectResponse("/login", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'  # the recording that was listened to; never what waits to be sent
    answer.delete_cookie(cookie_name(office), secure=office.settings.secure, httponly=True, samesite="lax")
    return answer


@router.get("/api/session")
def session(request: Request, person: Asking) -> Response:
    """Who is logged in, and the token of this session, for a page that was loaded in an earlier one."""
    return json({"name": person.name, "csrf": csrf_token(request)})


@router.get("/account")
def account(request: Request, person: Asking, done: bool = False) -> Response:
    if not person.name:  # nobody has a password here
        return RedirectResponse("/", 303)
    return page(request, "account.html", person, told="", done=done)


@router.post("/account")
def change_password(request: Request, given: Form, door: Door, office: TheOffice, people: ThePeople) -> Response:
    """Every other session of this person ends."""
    found = people.of_session(session_token(request))
    if found is None:
        return RedirectResponse("/login?next=/account", 303)
    told = weakness(given.get("new", ""), found.name)
    if given.get("new") != given.get("again"):
        told = "新しいパスワードが、2回で同じではありません。"
    try:
        if not door.confirmed(found.name, given.get("old", ""), address_of(request)):
            told = "今のパスワードが違います。"
    except TooOften as wait:
        told = f"続けて失敗したため、あと{wait.seconds}秒待ってください。"
    if told:
        return page(request, "account.html", person_of(found), 400, told=told, done=False)
    people.put(found.name, shown=found.shown, rank=found.rank, password=hashed(given["new"]))
    people.note(found.name, "password-changed", detail=found.name, address=address_of(request))
    return _in_session(RedirectResponse("/account?done=true", 303), office, people.begin_session(found.name))


def address_of(request: Request) -> str:
    return (request.client.host if request.client else "")[:64]


def _inside(target: str) -> str:
    """An address within the application, never another site's."""
    return target if _INSIDE.fullmatch(target) else "/"


def _in_session(answer: Response, office: Office, token: str) -> Response:
    answer.set_cookie(
        cookie_name(office), token, path="/", secure=office.settings.secure, httponly=True, samesite="lax"
    )
    return answer
