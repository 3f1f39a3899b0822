"""Who is given the floor: calls by office, name or role in a sentence, matched by characters and by pronunciation."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from pipeline.records.meeting import Member
from pipeline.stages.roles.cast import Calling, Cast
from pipeline.stages.roles.readings import kana

_REQUEST = re.compile(
    r"(?:説明|報告|答弁|回答|発言|紹介|挨拶|あいさつ|進行|説明|朗読)[^。]{0,8}(?:願|求め|いただ|頂|くださ|下さ|たい)|どうぞ|"
    r"お願い|(?:から|より)、?(?:ご|御)?(?:説明|報告|答弁|回答)|いかがでしょう|指名"
)
_EXPLAIN = re.compile(r"(?:説明|報告|朗読)(?=[^。]{0,10}(?:願|求め|どうぞ|くださ|下さ|いただけ|頂け))")
_GONE = re.compile(r"(?:に(?:つい|対)|ありがと|は以上|が(?:終|あり))")
"""「ただいまの説明について」 speaks of an explanation that is over."""
_LEADING = re.compile(r"^(?:はい|では|それでは|それじゃ|じゃあ|次に|続きまして|続いて|まず|次は|えー?|ええ|、|。)+")
_TRAILING = re.compile(r"(?:から|より)?(?:、|。|お願い(?:いた)?します|お願い申し上げます|どうぞ|です|よろしく)*$")
_TO_EVERYBODY = re.compile(r"^(?:の)?(?:皆|みな|方々|各位|側|の中|の方から|におかれ|のうち)")
_KANJI_BEFORE = re.compile(r"[一-龠々ァ-ヶー]$")
INTRODUCES = re.compile(r"^[はい、。えーとあの]*([^。]{2,30}?)(?:です|でございます|と申します|といいます)[。]?$")
"""「会長の五十嵐です」 says who speaks; it calls nobody."""
_ASKED = re.compile(r"^(?:、|は|としては|のほうは|から)[^。]{0,16}(?:か|かね|いかが|どう(?:です|でしょう))[。？?]?$")
"""A question right after the calling: 図書館長、何かありますか."""
FUZZY_LEAST = 82.0
FUZZY_SHORTEST = 5
"""Kana: shorter callings match by characters only."""
ALMOST_ONLY = 6
"""Characters beyond the calling in a sentence that is nothing but a call."""


@dataclass(frozen=True)
class Call:
    """Somebody is given the floor. member None: only a role was named, role None: nobody in particular."""

    role: int | None
    member: Member | None
    said: str
    quality: float
    explain: bool


def find_call(sentence: str, cast: Cast) -> Call | None:
    """The call in a sentence, if it is one."""
    request = bool(_REQUEST.search(sentence))
    if INTRODUCES.match(sentence) and not request:
        return None
    core = _TRAILING.sub("", _LEADING.sub("", sentence))
    explain = request and _asks_to_explain(sentence)
    exact = _exact(sentence, cast)
    alone = exact is not None and len(core) - len(exact.text) <= ALMOST_ONLY
    if exact is not None and (request or alone or _asked(sentence, exact)):
        return Call(exact.role, exact.member, exact.text, 1.0, explain)
    if request or len(core) <= 12:
        fuzzy = _fuzzy(core if not request else sentence, cast, whole=not request)
        if fuzzy is not None:
            calling, quality = fuzzy
            return Call(calling.role, calling.member, calling.text, quality, explain)
    return Call(None, None, "", 0.5, True) if explain else None


def _asked(sentence: str, calling: Calling) -> bool:
    return bool(_ASKED.match(sentence[sentence.rfind(calling.text) + len(calling.text) :]))


def _asks_to_explain(sentence: str) -> bool:
    return any(not _GONE.match(sentence[match.end() :]) for match in _EXPLAIN.finditer(sentence))


def _exact(sentence: str, cast: Cast) -> Calling | None:
    best: Calling | None = None
    for calling in cast.callings:
        if best is not None and len(calling.text) <= len(best.text):
            continue
        place = sentence.rfind(calling.text)
        if place < 0 or _TO_EVERYBODY.match(sentence[place + len(calling.text) :]):
            continue
        if calling.member is None and _KANJI_BEFORE.search(sentence[:place]) and not _titled(calling.text):
            continue
        best = calling
    return best


def _titled(role: str) -> bool:
    """Roles that follow a name: 田中委員."""
    return role.endswith(("委員", "議員", "理事", "構成員"))


def _fuzzy(sentence: str, cast: Cast, whole: bool) -> tuple[Calling, float] | None:
    heard = kana(sentence)
    best: tuple[float, int, Calling] | None = None
    for calling in cast.callings:
        expected = _calling_kana(calling.text)
        if len(expected) < FUZZY_SHORTEST or len(heard) < len(expected) - 1:
            continue
        score = fuzz.ratio(expected, heard) if whole else fuzz.partial_ratio(expected, heard)
        if score >= FUZZY_LEAST and (best is None or (score, len(expected)) > best[:2]):
            best = (score, len(expected), calling)
    return (best[2], 0.4 + 0.6 * (best[0] - FUZZY_LEAST) / (100 - FUZZY_LEAST)) if best else None


@lru_cache(maxsize=1024)
def _calling_kana(text: str) -> str:
    return kana(re.sub(r"[(（].*?[)）]", "", text))
