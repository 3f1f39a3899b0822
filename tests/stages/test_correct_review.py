"""Review priority: what is doubtful, odd or unknown comes before what is sure and ordinary."""

from pipeline.records.words import Word
from pipeline.stages.correction.review import reviewed


def words(*parts: tuple[str, float]) -> list[Word]:
    return [
        Word(start_ms=n * 200, end_ms=n * 200 + 200, raw=text, probability=probability)
        for n, (text, probability) in enumerate(parts)
    ]


def test_the_doubtful_word_is_ranked_before_the_sure_ones() -> None:
    found = reviewed(
        words(("会議", 0.99), ("を", 0.99), ("開会", 0.98), ("墨町会", 0.2), ("いたし", 0.97), ("ます", 0.99))
    )
    ranked = sorted(found, key=lambda word: -(word.review or 0))
    assert ranked[0].raw == "墨町会"
    assert all(word.review is not None and 0 <= word.review <= 1 for word in found)


def test_the_neighbours_of_doubt_come_before_words_far_from_it() -> None:
    text = (
        "本日",
        "の",
        "議題",
        "に",
        "入り",
        "ます",
        "資料",
        "を",
        "ご覧",
        "ください",
        "一",
        "枚",
        "目",
        "に",
        "案",
        "が",
        "ある",
    )
    sure = reviewed(words(*((part, 0.95) for part in text)))
    doubted = reviewed(words(*((part, 0.1 if part == "入り" else 0.95) for part in text)))
    assert (doubted[3].review or 0) > (sure[3].review or 0)
    assert doubted[-1].review == sure[-1].review


def test_what_is_said_again_comes_after_what_stands_there_once() -> None:
    found = reviewed(
        words(("庁舎", 0.6), ("です。", 0.9), ("庁舎", 0.6), ("です。", 0.9), ("校舎", 0.6), ("です。", 0.9))
    )
    assert (found[4].review or 0) > (found[2].review or 0)


def test_a_word_whose_text_went_into_another_is_not_ranked() -> None:
    assert [word.review is None for word in reviewed(words(("会議", 0.9), ("", 0.9)))] == [False, True]
