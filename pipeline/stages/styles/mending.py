"""整文: spoken forms written as minutes write them. Only where the form itself says so; nothing is summed up, and
polite forms, opinions and order stay."""

from collections.abc import Iterator, Sequence

from pipeline.lexicon.japanese import Token, analyse
from pipeline.stages.correction.sheet import Edit

_WORDS = {
    "やっぱり": "やはり",
    "やっぱ": "やはり",
    "いろんな": "いろいろな",
    "あんまり": "あまり",
    "ほんとに": "本当に",
    "ほんとう": "本当",
    "ほんと": "本当",
}
_ENDED = ("ます", "です", "た", "ん")
"""After these けど is が: 検討していますけど、 is no complaint."""


def mending(text: str) -> Iterator[Edit]:
    """Edits of one sentence, in order, not overlapping; each reason names the rule."""
    tokens = analyse(text)
    reached = 0
    for place, token in enumerate(tokens):
        for rule in _RULES:
            found = rule(tokens, place)
            if found is not None and token.start >= reached:
                end, after = found
                before = text[token.start : end]
                if before != after:
                    reached = end
                    yield Edit(token.start, end, after, f"整文「{before}」→「{after}」")
                break


_Found = tuple[int, str] | None
"""Where the replaced text ends, and what is written."""


def _following(tokens: Sequence[Token], place: int, count: int = 1) -> str:
    return "".join(token.surface for token in tokens[place + 1 : place + 1 + count])


def _before(tokens: Sequence[Token], place: int) -> Token | None:
    return tokens[place - 1] if place else None


def _quoting(tokens: Sequence[Token], place: int) -> _Found:
    """っていう話, ってこと → という."""
    token = tokens[place]
    if token.surface != "って" or not place or place + 1 == len(tokens):
        return None
    following = tokens[place + 1]
    if following.surface in ("いう", "言う", "いっ", "言っ"):
        return token.end, "と"
    return (token.end, "という") if following.form in ("こと", "もの", "の", "話", "事", "物") else None


def _nominal(tokens: Sequence[Token], place: int) -> _Found:
    """あるんです → あるのです; んじゃない → のではない comes of two rules."""
    token = tokens[place]
    spoken = token.surface == "ん" and token.pos[:2] == ("助詞", "準体助詞")
    return (token.end, "の") if spoken and _following(tokens, place) in ("です", "でしょう", "じゃ", "で") else None


def _contracted(tokens: Sequence[Token], place: int) -> _Found:
    """検討してます → 検討しています; しちゃった → してしまった; そうじゃなく → そうではなく."""
    token = tokens[place]
    if token.pos[0] != "助動詞" or not place:
        return None
    if token.form == "てる" and token.surface[0] in "てで":
        return token.end, f"{token.surface[0]}い{token.surface[1:]}"
    if token.form == "ちゃう" and token.surface[0] in "ちじ":
        te = "て" if token.surface[0] == "ち" else "で"
        return token.end, f"{te}しま{token.surface[2:]}"
    if token.surface == "じゃ" and _following(tokens, place).startswith(("な", "ござ", "あり")):
        return token.end, "では"
    return None


def _but(tokens: Sequence[Token], place: int) -> _Found:
    """検討していますけど、 and けども、 → が、. けれども is written as it is said."""
    token, before = tokens[place], _before(tokens, place)
    if token.surface not in ("けど", "けども") or before is None or not before.surface.endswith(_ENDED):
        return None
    end = tokens[place + 1].end if token.surface == "けど" and _following(tokens, place) == "も" else token.end
    return (end, "が") if any(t.start == end and t.surface == "、" for t in tokens) else None


def _opening(tokens: Sequence[Token], place: int) -> _Found:
    """じゃあ、 at the beginning → では."""
    token = tokens[place]
    return (token.end, "では") if not place and token.surface in ("じゃあ", "じゃ", "それじゃ", "それじゃあ") else None


def _interjected(tokens: Sequence[Token], place: int) -> _Found:
    """それはですね、 → それは、."""
    token, before = tokens[place], _before(tokens, place)
    if token.surface != "です" or before is None or before.pos[0] != "助詞":
        return None
    if before.pos[1] not in ("係助詞", "格助詞", "接続助詞") or _following(tokens, place, 2) != "ね、":
        return None
    return tokens[place + 1].end, ""


def _final_particle(tokens: Sequence[Token], place: int) -> _Found:
    """思いますね。 → 思います。; a question (ですよね) stays."""
    token, before = tokens[place], _before(tokens, place)
    if token.surface != "ね" or token.pos[1] != "終助詞" or before is None or before.pos[0] != "助動詞":
        return None
    return (token.end, "") if _following(tokens, place) == "。" else None


def _colloquial(tokens: Sequence[Token], place: int) -> _Found:
    token = tokens[place]
    return (token.end, _WORDS[token.surface]) if token.surface in _WORDS else None


_RULES = (_quoting, _nominal, _contracted, _but, _opening, _interjected, _final_particle, _colloquial)
