"""Commas and full stops as written Japanese has them: recognisers often give none, or a comma at every breath."""

from collections.abc import Iterator, Sequence

from pipeline.lexicon.japanese import Token, analyse
from pipeline.stages.correction.sheet import Edit, Sheet

_FULL_STOP_PAUSE_MS = 60
"""A polite sentence end followed by at least this much silence is the end of the sentence."""
_COMMA_PAUSE_MS = 350
_LINES_MOST = 400
_POLITE = frozenset({"助動詞-マス", "助動詞-デス", "助動詞-タ", "助動詞-ヌ"})
_GOES_ON = frozenset({"助詞", "助動詞", "接尾辞", "補助記号"})
_OPENERS = (
    *("それでは", "それから", "ただいま", "ただ", "また", "なお", "さらに", "しかし", "続きまして", "次に", "以上"),
    *("まず", "あわせて", "併せて", "今後", "先ほど", "本日", "はい", "現在", "ご質問", "ほかに", "では", "最後に"),
    *("これ", "この", "そこ", "その", "一点", "二点", "三点", "第1", "第2", "第3"),
)
_OPENING_POS = frozenset({"接続詞", "副詞", "代名詞", "連体詞", "感動詞"})
_DEPENDENT = frozenset(["の", "よう", "こと", "もの", "ところ", "とき", "際", "場合"])
_CONNECTIVE = frozenset(["が", "けれども", "けど", "ので", "から", "て", "で", "し", "は", "も", "ば", "と"])


def punctuation(sheet: Sheet) -> Iterator[Edit]:
    """Edits in order: 。 after sentence ends, 、 after longer pauses at the end of a clause."""
    for start, end in _lines(sheet):
        tokens = analyse(sheet.text[start:end])
        for index, token in enumerate(tokens):
            edit = _after(sheet, start + token.end, tokens, index)
            if edit is not None:
                yield edit


def _lines(sheet: Sheet) -> Iterator[tuple[int, int]]:
    start = 0
    for position in range(1, len(sheet.text) + 1):
        if (
            position == len(sheet.text)
            or sheet.text[position - 1] in "。?"
            or (position - start >= _LINES_MOST and sheet.pause_before_ms(position) >= _FULL_STOP_PAUSE_MS)
        ):
            yield start, position
            start = position


def _after(sheet: Sheet, position: int, tokens: Sequence[Token], index: int) -> Edit | None:
    """What to write after tokens[index], which ends at position."""
    text = sheet.text
    following = text[position : position + 1]
    if following in ("。", "?", "」", ")"):
        return None
    has_comma = following in ("、", ",")
    after = tokens[index + 2 :] if has_comma else tokens[index + 1 :]
    pause = max(sheet.pause_before_ms(position), sheet.pause_before_ms(position + 1) if has_comma else 0)
    last = position >= len(text) or (has_comma and position + 1 >= len(text))
    if ends_sentence(tokens[: index + 1]) and (last or _starts_anew(text, position + has_comma, after, pause)):
        return Edit(position, position + has_comma, "。", "文の終わり")
    if has_comma or last or pause < _COMMA_PAUSE_MS:
        return None
    token = tokens[index]
    joins = (token.is_particle and token.surface in _CONNECTIVE) or text[:position].endswith("ので")
    if joins and not (after and after[0].pos[0] in _GOES_ON):
        return Edit(position, position, "、", "間のある節の切れ目")
    return None


def ends_sentence(tokens: Sequence[Token]) -> bool:
    """Whether they end like a polite sentence: …ます, …です, …ました, …ません, …でしょうか, …ください."""
    token = tokens[-1]
    if token.surface in ("か", "ね", "よ") and token.pos[1] == "終助詞" and len(tokens) > 1:
        return ends_sentence(tokens[:-1]) or (token.surface == "か" and tokens[-2].surface in ("でしょう", "ましょう"))
    if token.surface in ("ください", "下さい", "ましょう", "でしょう"):
        return True
    polite = token.pos[4] in _POLITE and token.pos[5].startswith(("終止形", "連体形"))
    if polite and token.pos[4] == "助動詞-タ":
        return len(tokens) > 1 and tokens[-2].pos[4] in ("助動詞-マス", "助動詞-デス")
    if polite and token.pos[4] == "助動詞-ヌ":
        return len(tokens) > 1 and tokens[-2].surface == "ませ"
    return polite


def _starts_anew(text: str, position: int, after: Sequence[Token], pause_ms: int) -> bool:
    """Whether a new sentence can begin here: no particle goes on with the old one, and a pause or an opening word."""
    if (
        not after
        or after[0].pos[0] in _GOES_ON
        or after[0].surface in ("の", "よう", "こと", "もの", "ところ", "とき", "際")
    ):
        return not after
    opens = text[position:].startswith(_OPENERS) or after[0].pos[0] in _OPENING_POS
    return opens or pause_ms >= _FULL_STOP_PAUSE_MS
