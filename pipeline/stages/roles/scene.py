"""The meeting as the rules see it: every turn with its sentences, what it asks, and whom it calls."""

import re
from dataclasses import dataclass

from pipeline.records.turns import Turn
from pipeline.stages.attribution.sentences import ends_question
from pipeline.stages.roles.calls import Call, find_call
from pipeline.stages.roles.cast import Cast

_SPLIT = re.compile(
    r"(?<=[。．？！?!])|(?<=ます)(?=[^かがのでけしとねよ。、])|(?<=です)(?=[^かがのでけしとねよ。、])|(?<=ました)(?=[^らがのけとねよ。、])"
)
_ASKS = re.compile(
    r"お?伺い(?:し|いた|でき)|お聞き(?:し|か|でき)|教えて(?:いただ|くだ|頂|下)|確認し(?:たく|たい)|お尋ね|"
    r"質問(?:させて|いたし|です|なん|がござい|があり)|(?:です|ます|でしょう|ません|ました)か[。？]?$|(?:ということ|わけ)です(?:よ?ね|か)[。？]?$"
)
LAST_SENTENCES = 3
"""Only there does a call give the floor to the next voice."""


@dataclass(frozen=True)
class TurnView:
    """One turn. call: the floor is given to whoever speaks next. pause_ms: since the turn before, 0 for the first."""

    index: int
    number: int
    voice: str
    text: str
    sentences: tuple[str, ...]
    asks: bool
    call: Call | None
    pause_ms: int = 0


def views(turns: tuple[Turn, ...], cast: Cast) -> tuple[TurnView, ...]:
    """All turns as the rules see them."""
    ends = (turns[0].start_ms, *(turn.end_ms for turn in turns)) if turns else ()
    return tuple(
        _view(index, turn, max(0, turn.start_ms - end), cast)
        for index, (turn, end) in enumerate(zip(turns, ends, strict=False))
    )


def sentences_of(text: str) -> tuple[str, ...]:
    """Sentences by punctuation, or by polite endings where recognition left it out."""
    return tuple(part.strip() for part in _SPLIT.split(text) if part.strip(" 、。"))


def _view(index: int, turn: Turn, pause_ms: int, cast: Cast) -> TurnView:
    parts = sentences_of(turn.text)
    calls = (find_call(sentence, cast) for sentence in reversed(parts[-LAST_SENTENCES:]))
    return TurnView(
        index=index,
        number=turn.number,
        voice=turn.speaker,
        text=turn.text,
        sentences=parts,
        asks=any(_ASKS.search(part) for part in parts[-2:]) or ends_question(turn.text),
        call=next((call for call in calls if call is not None), None),
        pause_ms=pause_ms,
    )
