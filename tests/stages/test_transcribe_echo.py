"""An echo of a word's end is not a word of its own; what people say twice is."""

from pipeline.records.words import Word
from pipeline.stages.transcription.echo import echoed


def word(raw: str, start_ms: int, end_ms: int) -> Word:
    return Word(start_ms=start_ms, end_ms=end_ms, raw=raw, probability=0.9)


THANKS = word("ありがとうございました。", 223_724, 224_604)


def test_the_end_of_the_word_before_is_an_echo() -> None:
    assert echoed([word("はい、", 220_000, 220_400), THANKS], [word("いました。", 224_904, 225_184)]) == THANKS


def test_an_echo_in_pieces_is_one_too() -> None:
    assert echoed([THANKS], [word("いま", 224_904, 225_000), word("した。", 225_000, 225_184)]) == THANKS


def test_a_word_said_again_stays() -> None:
    said = word("異議なし。", 1_000, 1_800)
    assert echoed([said], [word("異議なし。", 2_300, 3_000)]) is None


def test_other_words_and_far_ones_stay() -> None:
    assert echoed([THANKS], [word("はい。", 224_904, 225_184)]) is None
    assert echoed([THANKS], [word("ました。", 240_000, 240_300)]) is None
    assert echoed([], [word("ました。", 1_000, 1_300)]) is None
    assert echoed([THANKS], []) is None
