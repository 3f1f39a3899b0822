"""Lines of minutes told apart: 役職:発言, headings, decisions, mentions; the same for Word files and plain text."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Kind = Literal["speech", "heading", "explanation", "decision", "session", "inaudible", "text"]
"""text: none of the others, such as a further paragraph of a turn."""

_HALF_WIDTH = {0xFF01 + sign: 0x21 + sign for sign in range(94)}
"""Full-width ASCII to half-width, sign for sign: patterns below know only the half-width form."""
_COLON = re.compile(
    r"^[\s○◎●◯・]*(?P<role>【要確認】※?|[^\s:。、「」\[\]〔〕【】][^:。、「」\n]{0,24}?)\s*:(?!//)\s*(?P<text>.*)$"
)
_CIRCLE = re.compile(r"^\s*[○◎●◯]\s*(?P<role>[^\s。、:]{1,24})\s+(?P<text>.+)$")
_BRACKET = re.compile(r"^\s*[【(](?P<role>[^】)]{1,20})[】)]\s*(?P<text>\S.*)$")
_SPACED = re.compile(r"^\s*(?P<role>[^\s。、:]{1,20})(?:[\u3000\t]|\s{2})\s*(?P<text>\S.*)$")
_ROLE_LIKE = re.compile(
    r"(?:長|員|局|者|役|人|官|監|司会|部|課|係|理事|参与|顧問|幹事|先生|氏|さん|君|様|教授|代理|主査|主任|担当|[a-z0-9])$"
    r"|^[一-鿿々]{1,5}$|^【要確認】$",
    re.IGNORECASE,
)
_NO_ROLE = re.compile(
    r"^(?:\d{1,2}$|資料|別紙|日時|場所|議題|理由|質問|回答|要望|意見|説明|補足|問|答|注|備考|例|件名|結論|内容|時間|日程|"
    r"第[\d一二三四五六七八九十]+|https?$)"
)
_SESSION = re.compile(r"^[\[〔【(].{0,30}(?:開会|閉会|開議|散会|休憩|再開|終了|開始)[\]〕】)]$")
_DECISION = re.compile(r"^[-―—–‐─ー]{1,3}\s*(?P<text>[^-―—–‐─]{1,30}?)\s*[-―—–‐─ー]{1,3}\s*[※*]?$")
_EXPLANATION = re.compile(r"^[〔\[(].*説明.{0,6}[〕\])]$")
_INAUDIBLE = re.compile(r"^【聞き取り不能[^】]*】$")
_HEADING = re.compile(
    r"^(?:(?:報告|議案|協議|審議|議題|議事|その他|案件|日程|諮問|請願|陳情)(?:案件|事項|第)?\s*\(?\s*[\d一二三四五六七八九十]+"
    r"|第?[\d一二三四五六七八九十]+[.、]\s*(?:報告|議案|協議|審議|議題|その他))"
)
_LONGEST_HEADING = 120
_SPEECH_STYLE = "会議録 発言"
_HEADING_STYLES = ("会議録 見出し", "heading", "見出し")
_STYLES: dict[str, Kind] = {
    "会議録 開閉会": "session",
    "会議録 説明": "explanation",
    "会議録 決定": "decision",
    "会議録 聞き取り不能": "inaudible",
}


class Line(NamedTuple):
    """What a line is. text is as typed, without role, colon and the dashes of a decision."""

    kind: Kind
    text: str
    role: str = ""


class LineReader:
    """Reads the lines of one document: which prefixes are roles is learned from all its lines first."""

    def __init__(self, lines: Iterable[str], roles: Sequence[str] = ()) -> None:
        found = (_COLON.match(_folded(line)) for line in lines)
        prefixes = Counter(plain_role(match["role"]) for match in found if match)
        self._roles = {plain_role(role) for role in roles}
        self._roles |= {role for role, count in prefixes.items() if _is_role(role, count)}

    @staticmethod
    def looks_like_turn(line: str) -> bool:
        """Whether a line alone begins a turn, as far as can be told without the others."""
        found = _COLON.match(_folded(line))
        return found is not None and _is_role(plain_role(found["role"]))

    def read(self, text: str, style: str = "") -> Line | None:
        """The line as what it is; None for an empty one. style: of the Word paragraph, helps and may be wrong."""
        line = text.strip()
        if not line:
            return None
        seen = _folded(line)
        return self._marked(line, seen) or self._turn(line, seen, style) or self._other(line, seen, style)

    def _marked(self, line: str, seen: str) -> Line | None:
        """What stands in brackets or dashes."""
        if _SESSION.match(seen):
            return Line("session", line)
        if _INAUDIBLE.match(seen):
            return Line("inaudible", line)
        if _EXPLANATION.match(seen):
            return Line("explanation", line)
        found = _DECISION.match(seen)
        return Line("decision", line[found.start("text") : found.end("text")]) if found else None

    def _turn(self, line: str, seen: str, style: str) -> Line | None:
        for pattern in (_COLON, _CIRCLE, _BRACKET, _SPACED):
            if not (found := pattern.match(seen)):
                continue
            role = plain_role(found["role"])
            sure = pattern is _COLON and style == _SPEECH_STYLE
            if role in self._roles or sure or (pattern is _CIRCLE and _is_role(role)):
                return Line("speech", line[found.start("text") :].strip(), role)
        return None

    def _other(self, line: str, seen: str, style: str) -> Line:
        headed = _HEADING.match(seen) and len(line) <= _LONGEST_HEADING and not line.endswith("。")
        if headed or style.lower().startswith(_HEADING_STYLES):
            return Line("heading", line)
        return Line(_STYLES.get(style, "text"), line)


def plain_role(role: str) -> str:
    """A role without draft mark, spaces and width: 部員※ and 部\u3000員 are 部員."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", role))
    return plain.rstrip("※*").lstrip("○◎●◯・")


def _folded(line: str) -> str:
    return line.strip().translate(_HALF_WIDTH)


def _is_role(role: str, times: int = 1) -> bool:
    """Whether a prefix before a colon names who speaks; times: how often it stands before one in the document."""
    title = re.sub(r"\([^()]*\)$", "", role)
    return not _NO_ROLE.match(title) and (times > 2 or bool(_ROLE_LIKE.search(title)))
