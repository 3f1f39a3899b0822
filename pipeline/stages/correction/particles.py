"""を heard as お: についてお議題といたします. Compounds of Chinese reading take ご: before one,
お is the particle."""

import re
from collections.abc import Iterator

from pipeline.lexicon.japanese import analyse
from pipeline.stages.correction.sheet import Edit, Sheet

_HEARD = re.compile(r"(?<=[一-鿿ァ-ヴーてらりで0-9])お(?=[一-鿿]{2})")
_TAKE_O = re.compile(
    r"電話|食事|時間|弁当|料理|洗濯|掃除|勉強|約束|礼|茶|客|世話|返事|天気|医者|元気|正月|誕生|手元|言葉|子|母|父|年寄|互"
    r"|名前|知|願|答|示|開|集|配|尋|伺|聞|待|力|忙|借|伝|届|話|考|困|金|米|店|寺|宅|盆|墓|祭|見|座|掛|持|招|守|任|認|許|早|寒|疲|亡"
)
_BEFORE = ("について", "から", "まで", "より", "など", "等")


def particles(sheet: Sheet) -> Iterator[Edit]:
    """Edits that put を for お, in order."""
    for match in _HEARD.finditer(sheet.text):
        position = match.start()
        before, after = sheet.text[max(0, position - 12) : position], sheet.text[position + 1 : position + 13]
        if not _TAKE_O.match(after) and _object(before):
            yield Edit(position, position + 1, "を", "助詞「を」の聞き取り")


def _object(before: str) -> bool:
    """Whether what is before can be an object: a noun, or …について, …から."""
    if before.endswith(_BEFORE):
        return True
    tokens = analyse(before)
    return bool(tokens) and tokens[-1].is_noun and not tokens[-1].pos[2].startswith("副詞")
