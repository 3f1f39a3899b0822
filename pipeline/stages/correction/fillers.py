"""ケバ取り: hesitations and false starts are taken out; その, まあ and あの stay where they are words."""

import re
from collections.abc import Iterator

from pipeline.lexicon.japanese import analyse
from pipeline.stages.correction.sheet import Edit, Sheet

_ALWAYS = re.compile(
    r"(?:え[えー〜]*ー[えー〜]*っ?と?ですね|[えエ][ーー〜]+っ?と?|えっとー?|ええとー?|えーっと|あの[ーぉお〜うー]+(?![ちいつた])"
    r"|その[ーぉ〜]+|ま[ー〜]+|う[ーん]*ー[ーん]*と?|ん[ー〜]+|あ[ー〜]+)(?:、|,)?"
)
_AT_START = re.compile(r"(?:ええ|え|ま|あ|う|お|んと|まあ|あの|その|なんか|こう|あのですね|えとですね)[、,]")
_SPELLED = re.compile(r"[AaA]っ?と[、,]")
"""えーと written with a letter: before a comma, AとB cannot be meant."""
_BARE = re.compile(r"(?:ええ|え|あの)(?![、,。])")
_MISHEARD = re.compile(r"(?:ええ|[Aaえエ絵映江柄])(?:っ?と(?=[^のはもかでい、。]))?[、,]?(?![ーA-Za-z、。])")
"""What a recogniser writes for えー and えーと; only where it was unsure itself."""
_UNSURE = 0.62
_STUTTER = re.compile(r"([一-鿿ァ-ヴー]{2,}|[ぁ-ん]{3,})[、,]\1")
_DOUBLE_PARTICLE = re.compile(r"(を|が|に|は|と)\1(?![ぁ-ん])")
_ANSWERS = re.compile(r"(?:そう|はい|いえ|もちろん|結構|よろし|あり|わかり|分かり|それで)")
_BOUNDARY = "。、??!!「」"
_CLAUSE_PAUSE_MS = 250
_DRAWN_OUT_MS = 450


def fillers(sheet: Sheet) -> Iterator[Edit]:
    """Edits that remove fillers, in order, not overlapping."""
    reached = 0
    for start, end, reason in sorted(_found(sheet)):
        if start >= reached:
            reached = end
            yield Edit(start, end, "", reason)


def _found(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    for match in _hesitations(sheet):
        yield match.start(), match.end(), f"ケバ取り「{match.group()}」"
    for match in _STUTTER.finditer(sheet.text):
        yield match.start(), match.start() + len(match.group(1)) + 1, f"言い直し「{match.group()}」"
    for match in _DOUBLE_PARTICLE.finditer(sheet.text):
        if _is_doubled(sheet.text, match):
            yield match.start(), match.start() + 1, f"言い直し「{match.group()}」"


def _hesitations(sheet: Sheet) -> Iterator[re.Match[str]]:
    text = sheet.text
    yield from (match for match in _ALWAYS.finditer(text) if _starts_word(sheet, match.start()))
    for match in _AT_START.finditer(text):
        if _at_clause(sheet, match.start()) and not _answers(match.group(), text[match.end() :]):
            yield match
    yield from (match for match in _BARE.finditer(text) if _is_bare_filler(sheet, match))
    yield from (match for match in _SPELLED.finditer(text) if _at_clause(sheet, match.start()))
    for match in _MISHEARD.finditer(text):
        if _at_clause(sheet, match.start()) and sheet.word_at(match.start()).probability < _UNSURE:
            yield match


def _starts_word(sheet: Sheet, position: int) -> bool:
    """A filler is not the tail of another kana word (ねえー, うまー)."""
    return _at_clause(sheet, position) or not re.match(r"[ぁ-んァ-ヴー]", sheet.text[position - 1])


def _at_clause(sheet: Sheet, position: int) -> bool:
    return position == 0 or sheet.text[position - 1] in _BOUNDARY or sheet.pause_before_ms(position) >= _CLAUSE_PAUSE_MS


def _answers(filler: str, rest: str) -> bool:
    """ええ said as a yes."""
    return filler.startswith("ええ") and bool(_ANSWERS.match(rest))


def _is_bare_filler(sheet: Sheet, match: re.Match[str]) -> bool:
    """え, ええ and あの without a comma: at the start of a clause, and not the start of a word there."""
    start, end, rest = match.start(), match.end(), sheet.text[match.end() :]
    if not rest or not _at_clause(sheet, start) or _answers(match.group(), rest):
        return False
    if match.group() != "あの":
        heard = [token for token in analyse(sheet.text[start : end + 20]) if token.start < len(match.group())]
        whole = heard[-1].end == len(match.group())
        return whole and all(token.pos[0] == "感動詞" for token in heard) and not rest.startswith("っ")
    word = sheet.word_at(start)
    if sheet.owner[start] == sheet.owner[end - 1] and word.end_ms - word.start_ms >= _DRAWN_OUT_MS:
        return True
    tokens = analyse(sheet.text[start : end + 20])
    follows = next((token for token in tokens if token.start >= len("あの")), None)
    return tokens[0].end == len("あの") and follows is not None and follows.pos[0] in ("副詞", "接続詞", "感動詞")


def _is_doubled(text: str, match: re.Match[str]) -> bool:
    """をを, がが …: two particles for the dictionary too, between other words."""
    begin = max(0, match.start() - 12)
    tokens = [
        t for t in analyse(text[begin : match.end() + 12]) if match.start() - begin <= t.start < match.end() - begin
    ]
    return len(tokens) == 2 and all(token.is_particle and len(token.surface) == 1 for token in tokens)
