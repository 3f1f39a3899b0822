"""Where a spoken Japanese sentence can be over, with or without punctuation: a voice seldom changes elsewhere."""

import re

_MARK = re.compile(r"[。．？！?!]$")
_FINAL = re.compile(
    r"(?:です|ます|ました|ません|でした|ましょう|でしょう|ください|下さい|(?:です|ます|でしょう|ました|ません)か|"
    r"(?:です|ます)(?:ね|よ)|でございます|はい|どうぞ|以上|異議なし)$"
)
_GOES_ON = re.compile(r"^(?:が|けれど|けど|ので|から|し[、，]|か|ね|よ|と|よう|の|でしょう)")
_QUESTION = re.compile(r"(?:か|かね|かな|のでしょう|いかが|いかがでしょう)[。．]?$|[？?]$")


def ends_sentence(text: str) -> bool:
    """Whether text can be the end of a sentence."""
    return bool(_MARK.search(text) or _FINAL.search(text))


def sentence_break(before: str, after: str) -> bool:
    """Whether one sentence ends with before and another begins with after."""
    if _MARK.search(before):
        return True
    return bool(_FINAL.search(before)) and not _GOES_ON.match(after)


def ends_question(text: str) -> bool:
    """Whether text ends asking."""
    return bool(_QUESTION.search(text))
