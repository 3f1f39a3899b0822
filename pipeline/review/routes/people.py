"""Keeping the accounts, who may see which meeting, and looking at what was done by whom."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import Field, StringConstraints

from pipeline.errors import UsageError
from pipeline.records.base import Record
from pipeline.review.bodies import Number, json_body
from pipeline.review.guard import Administrator, Allowed, Approver, TheOffice, ThePeople, administrator, approver
from pipeline.review.login import account_name, name_fault
from pipeline.review.passwords import hashed, weakness
from pipeline.review.replies import json
from pipeline.review.routes.login import address_of
from pipeline.review.templating import page
from pipeline.store.people import People
from pipeline.store.tables.people import AuditRow, Rank

router = APIRouter()
_PAGE = 200
Line = Annotated[str, StringConstraints(max_length=64, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
RANKS = {Rank.CLERK: "担当者", Rank.APPROVER: "承認者", Rank.ADMINISTRATOR: "管理者"}
ACTIONS = {
    "login": "ログイン",
    "login-failed": "ログイン失敗",
    "logout": "ログアウト",
    "password-changed": "パスワードの変更",
    "account-added": "利用者の登録",
    "account-changed": "利用者の変更",
    "access": "見られる人の変更",
    "meeting-added": "会議の登録",
    "draft-asked": "下書きの作成",
    "draft-cancelled": "下書きの取りやめ",
    "draft-taken": "新しい下書きへの切り替え",
    "fields": "会議の情報の変更",
    "opened": "会議を開いた",
    "removed": "会議の消去",
    "state": "状態の変更",
    "exported": "書き出し",
    "imported": "Word の取り込み",
    "dictionary": "辞書への登録",
}


_BY_COMMAND = "(command line)"
"""As `kaigiroku accounts` signs."""
_STATES = {"draft": "下書きあり", "correcting": "修正中", "checked": "確認済み", "final": "確定"}
_DOCUMENTS = {
    "draft": "修正中の写し",
    "final": "確定版",
    "public": "公開用の写し",
    "doubtful": "校正用の Word",
    "register": "非公開箇所一覧",
}
_WORDS: dict[str, dict[str, str]] = {
    "account-added": {rank.value: text for rank, text in RANKS.items()},
    "account-changed": {rank.value: text for rank, text in RANKS.items()},
    "state": _STATES,
    "exported": _DOCUMENTS,
}
"""Action → how the words of its detail are read."""


class AccountChange(Record):
    """password: empty keeps the old one."""

    shown: Line
    rank: str
    enabled: bool = True
    password: str = Field(default="", max_length=1000)


class NewAccount(AccountChange):
    name: Annotated[Line, Field(min_length=1)]


class Access(Record):
    """accounts: who may see the meeting beside administrators; nobody named: everybody."""

    accounts: tuple[Line, ...] = Field(max_length=1000)


@router.get("/people")
def people_page(request: Request, person: Administrator) -> HTMLResponse:
    return page(request, "people.html", person, ranks=RANKS)


@router.get("/people/log")
def log(
    request: Request, person: Administrator, people: ThePeople, office: TheOffice, before: Number | None = None
) -> HTMLResponse:
    rows = people.log(_PAGE, before)
    names = {account.name: account.shown for account in people.accounts()} | {_BY_COMMAND: "コマンド"}
    meetings = {row.id: row.fields.name or row.sources[0].name for row in office.library.meetings()}
    older = rows[-1].id if len(rows) == _PAGE else None
    return page(request, "log.html", person, rows=[_entry(row, names, meetings) for row in rows], older=older)


@router.get("/api/people", dependencies=[Depends(administrator)])
def accounts(people: ThePeople) -> Response:
    rows = people.accounts()
    return json([{"name": a.name, "shown": a.shown, "rank": a.rank, "enabled": a.enabled} for a in rows])


@router.post("/api/people", status_code=201)
def add(
    request: Request, person: Administrator, people: ThePeople, given: Annotated[NewAccount, json_body(NewAccount)]
) -> Response:
    name = account_name(given.name)
    if told := name_fault(name):
        raise HTTPException(422, told)
    if people.account(name) is not None:
        raise HTTPException(409, f"「{name}」はもう登録されています。")
    _put(people, name, given)
    people.note(person.name or name, "account-added", detail=f"{name} {given.rank}", address=address_of(request))
    return json({"name": name}, 201)


@router.put("/api/people/{name}")
def change(
    request: Request,
    name: str,
    person: Administrator,
    people: ThePeople,
    office: TheOffice,
    given: Annotated[AccountChange, json_body(AccountChange)],
) -> Response:
    """Whoever is disabled or gets a new password is logged out at once, on every open page."""
    if people.account(name) is None:
        raise HTTPException(404, "その利用者は見つかりません。")
    _put(people, name, given)
    state = "" if given.enabled else " 停止"
    detail = f"{name} {given.rank}{state}{' パスワード' if given.password else ''}"
    people.note(person.name, "account-changed", detail=detail, address=address_of(request))
    office.hub.close()
    return json({})


@router.get("/api/meetings/{meeting_id}/access", dependencies=[Depends(approver)])
def access(meeting_id: Allowed, people: ThePeople) -> Response:
    seen_by = people.access(meeting_id)
    rows = [a for a in people.accounts() if a.enabled and a.rank is not Rank.ADMINISTRATOR]
    return json([{"name": a.name, "shown": a.shown, "may": a.name in seen_by} for a in rows])


@router.put("/api/meetings/{meeting_id}/access")
def restrict(
    meeting_id: Allowed,
    person: Approver,
    people: ThePeople,
    office: TheOffice,
    given: Annotated[Access, json_body(Access)],
) -> Response:
    """Who restricts a meeting goes on seeing it."""
    known = {account.name for account in people.accounts()}
    wanted = [name for name in given.accounts if name in known]
    if wanted and not person.may_as(Rank.ADMINISTRATOR):
        wanted = list(dict.fromkeys([*wanted, person.name]))
    people.restrict(meeting_id, wanted)
    people.note(person.name, "access", meeting_id=meeting_id, detail="、".join(wanted) or "全員")
    office.hub.close()  # open pages come again and are asked who they are
    office.tell_meeting(meeting_id)
    return json({})


def _put(people: People, name: str, given: AccountChange) -> None:
    """Raises HTTPException where something is wrong with what was given."""
    if given.rank not in {rank.value for rank in Rank}:
        raise HTTPException(422, "役割を選んでください。")
    if (given.password or isinstance(given, NewAccount)) and (told := weakness(given.password, name)):
        raise HTTPException(422, told)
    password = hashed(given.password) if given.password else None
    try:
        people.put(name, shown=given.shown or name, rank=Rank(given.rank), password=password, enabled=given.enabled)
    except UsageError:
        text = "管理者がいなくなります。先に、ほかの利用者を管理者にしてください。"
        if not people.exist():
            text = "最初の利用者は、管理者として登録してください。"
        raise HTTPException(409, text) from None


def _entry(row: AuditRow, names: dict[str, str], meetings: dict[str, str]) -> dict[str, Any]:
    return {
        "at": row.at.astimezone(),
        "who": names.get(row.account, row.account) or "このパソコンの人",
        "action": ACTIONS.get(row.action, row.action),
        "meeting": row.meeting_id,
        "title": meetings.get(row.meeting_id or ""),
        "detail": _read(row.action, row.detail),
        "address": row.address,
    }


def _read(action: str, detail: str) -> str:
    """A detail as people read it; the first word of an account's is its name."""
    first, *rest = detail.split(" ")
    words = _WORDS.get(action, {})
    first = first if action.startswith("account") else words.get(first, first)
    return " ".join([first, *(words.get(word, word) for word in rest)])
