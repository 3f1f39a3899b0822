"""meeting.toml to a Meeting: everything the form needs to know beforehand, checked with messages that name the key."""

import datetime
import difflib
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipeline.errors import MeetingFileError
from pipeline.records.meeting import AgendaItem, Meeting, Member, Openness, OpennessOf, RosterRole, Style

_DEPUTY = re.compile(r"^(?P<office>.+?)[(\uff08](?P<for>.+)代理[)\uff09]$")
_HANDOUT_NUMBER = re.compile(r"^資料\s*[\uff08(]\d+[\uff09)]\s*")
"""The form numbers the handouts itself."""
_SPEAKERS = re.compile(r"^(\d+)(?:\s*[-–~〜\uff5e]\s*(\d+))?$")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class _Agenda(_Table):
    kind: str = Field(min_length=1)
    number: int | None = Field(default=None, ge=1)
    title: str = Field(min_length=1)


class _Openness(_Table):
    state: Openness
    reason: str | None = None

    @model_validator(mode="after")
    def _reason_fits(self) -> Self:
        if self.state == "公開" and self.reason:
            raise ValueError("a reason is given only for 非公開 or 一部非公開; remove it or change state")
        if self.state != "公開" and not self.reason:
            raise ValueError(f"{self.state} needs a reason")
        return self


class _BothOpenness(_Table):
    meeting: _Openness | None = None
    minutes: _Openness | None = None


class _Member(_Table):
    office: str = Field(min_length=1)
    name: str | None = None
    deputy_for: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        if isinstance(value, str):
            deputy = _DEPUTY.match(value.strip())
            return {"office": deputy["office"], "deputy_for": deputy["for"]} if deputy else {"office": value}
        return value


class _Role(_Table):
    role: str = Field(min_length=1)
    members: list[_Member] = []
    chairs: bool = False
    deputy_chair: bool = False
    explains: bool = False


class _Term(_Table):
    written: str = Field(min_length=1)
    reading: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"written": value} if isinstance(value, str) else value


class _MeetingFile(_Table):
    name: str | None = None
    secretariat: str | None = None
    date: datetime.date | None = None
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    place: str | None = None
    style: Style | None = None
    template: str | None = None
    speakers: tuple[int, int] | None = None
    handouts: list[str] = []
    agenda: list[_Agenda] = []
    openness: _BothOpenness = _BothOpenness()
    roster: list[_Role] = []
    terms: list[_Term] = []

    @field_validator("speakers", mode="before")
    @classmethod
    def _speakers(cls, value: Any) -> Any:
        return None if value is None else speaker_range(str(value))

    @field_validator("closes")
    @classmethod
    def _after_opening(cls, value: datetime.time | None, info: Any) -> datetime.time | None:
        opens = info.data.get("opens")
        if value and opens and value <= opens:
            raise ValueError(f"closes ({value:%H:%M}) must be later than opens ({opens:%H:%M})")
        return value

    @field_validator("roster")
    @classmethod
    def _one_chair(cls, value: list[_Role]) -> list[_Role]:
        _unique([role.role for role in value], "role")
        chairs = [role.role for role in value if role.chairs]
        if value and len(chairs) != 1:
            found = "none does" if not chairs else f"{'、'.join(chairs)} do"
            raise ValueError(f"exactly one role must have chairs = true; {found}")
        return value

    @field_validator("agenda")
    @classmethod
    def _numbered(cls, value: list[_Agenda]) -> list[_Agenda]:
        counts: Counter[str] = Counter()
        for item in value:
            counts[item.kind] = item.number = item.number or counts[item.kind] + 1
        _unique([f"{item.kind}({item.number})" for item in value], "agenda item")
        return value


def speaker_range(text: str) -> tuple[int, int]:
    """'7' → (7, 7); '5-8' → (5, 8). ValueError when it is neither."""
    match = _SPEAKERS.match(text.strip())
    low, high = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= low <= high:
        raise ValueError(f"{text!r} is not a number of people; allowed: 7 or 5-8")
    return low, high


def load_meeting(path: Path) -> Meeting:
    """Read and validate meeting.toml. Raises MeetingFileError naming the file, the key and what is allowed."""
    return parse_meeting(_read(path), path)


def parse_meeting(text: str, path: Path) -> Meeting:
    """As load_meeting, for text already read; path is only named in errors."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MeetingFileError(
            f"{path}: {_locate(str(error), text)}.", "Correct that line; TOML wants text in quotes.", file=path
        ) from None
    try:
        file = _MeetingFile.model_validate(table)
    except ValidationError as error:
        raise MeetingFileError(
            f"{path}: {'; '.join(_explain(item) for item in error.errors())}.",
            "Correct it; `kaigiroku init` writes a commented example.",
            file=path,
        ) from None
    return _to_meeting(file)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        cause, remedy = "there is no such file", "Write one with `kaigiroku init DIR`, or leave out --meeting."
    except UnicodeDecodeError:
        cause, remedy = "is not UTF-8 text", "Save it again with the encoding UTF-8."
    except OSError as error:
        cause, remedy = f"cannot be read ({error.strerror})", "Check the path and its permissions."
    raise MeetingFileError(f"{path}: {cause}.", remedy, file=path)


def _to_meeting(file: _MeetingFile) -> Meeting:
    return Meeting(
        **file.model_dump(include={"name", "secretariat", "date", "opens", "closes", "place", "style", "template"}),
        agenda=tuple(AgendaItem(kind=a.kind, number=a.number or 1, title=a.title) for a in file.agenda),
        meeting_openness=_openness(file.openness.meeting),
        minutes_openness=_openness(file.openness.minutes),
        roster=tuple(
            RosterRole(
                role=role.role,
                members=tuple(Member(**member.model_dump()) for member in role.members),
                chairs=role.chairs,
                deputy_chair=role.deputy_chair,
                explains=role.explains,
            )
            for role in file.roster
        ),
        handouts=tuple(_HANDOUT_NUMBER.sub("", title) for title in file.handouts),
        speakers_expected=file.speakers,
        terms=tuple((term.written, term.reading) for term in file.terms),
    )


def _openness(given: _Openness | None) -> OpennessOf:
    return OpennessOf(state=given.state, reason=given.reason) if given else OpennessOf()


def _unique(names: list[str], what: str) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"{what} {'、'.join(twice)} is given more than once")


def _locate(message: str, text: str) -> str:
    """Name the key on the line that tomllib points to."""
    line = re.search(r"at line (\d+)", message)
    if not line:
        return message
    content = text.splitlines()[int(line[1]) - 1].strip()
    key = content.split("=")[0].strip() if "=" in content else content
    return f"{message}: {key!r}" if key else message


def _explain(error: Any) -> str:
    where = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
    if error["type"] == "extra_forbidden":
        allowed = _allowed_keys(error["loc"])
        close = difflib.get_close_matches(str(error["loc"][-1]), allowed, n=1)
        return f"unknown key {where}" + (
            f" (did you mean {close[0]}?)" if close else f" (allowed: {', '.join(allowed)})"
        )
    message = error["msg"].removeprefix("Value error, ")
    return f"{where}: {message[0].lower()}{message[1:]}"


def _allowed_keys(loc: tuple[str | int, ...]) -> list[str]:
    tables: dict[tuple[str, ...], type[_Table]] = {
        (): _MeetingFile,
        ("agenda",): _Agenda,
        ("roster",): _Role,
        ("roster", "members"): _Member,
        ("terms",): _Term,
        ("openness",): _BothOpenness,
        ("openness", "meeting"): _Openness,
        ("openness", "minutes"): _Openness,
    }
    path = tuple(part for part in loc[:-1] if isinstance(part, str))
    return list(tables[path].model_fields)


EXAMPLE = """\
# What the form needs to know about the meeting. Every line may be left out: the draft then prints 【要確認】.
# 会議録に必要な事項です。分からない項目は行ごと消してかまいません(草稿に【要確認】と印字されます)。

name = "令和8年度 第1回○○市△△協議会"       # 機関又は会議の名称
secretariat = "○○部△△課"                    # 事務局(担当課)
date = 2026-07-14                             # 開催日
opens = "13:30"                               # 開会時刻
# closes = "15:00"                            # 閉会時刻。なければ録音の長さから推定します
place = "本庁舎5階 第1会議室"                 # 場所
# style = "全文"                              # 書き方。全文(ケバ取りのみ)、整文(話し言葉を直す)、要点(要点の発言だけ)
# template = "form1"                          # 様式の名前。templates/ にあるもの、またはフォルダ
# speakers = "5-8"                            # 発言者の人数(分かる場合。7 または 5-8)
handouts = [                                  # 提出された資料等
  "△△計画(案)について",
]

[[agenda]]                                    # 議題。1件ごとに1つ
kind = "報告"                                 # 議案、報告 など
number = 1                                    # 省略すると種別ごとに順番に付きます
title = "△△計画(案)について"

[openness.meeting]                            # 公開の可否(会議)
state = "公開"                                # 公開、非公開、一部非公開
# reason = "…"                                # 非公開・一部非公開のときは理由が必要です

[openness.minutes]                            # 公開の可否(会議録)
state = "公開"

[[roster]]                                    # 出席者。役割ごとに1つ
role = "会長"
chairs = true                                 # 議事を進める役割。必ず1つ
members = [{ office = "会長", name = "佐々木" }]   # name(姓)は認識のためだけに使います

[[roster]]
role = "委員"
members = ["学識経験者", "公募委員", "福祉課長(福祉部長代理)"]

[[roster]]
role = "事務局"
explains = true                               # 議題を説明する役割
members = ["△△課長", "△△係長"]

[[terms]]                                     # 録音に出てくる固有の言葉(読みは片仮名、省略可)
written = "○○プラン"
reading = "マルマルプラン"
"""
"""Written by `kaigiroku init`."""
