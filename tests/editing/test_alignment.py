"""Each character of an edited text has a word it can be heard in, and a text that is cut takes its own words along."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.editing.alignment import cut_words, pieces
from pipeline.records.words import Layer, Word

_PRINTED = st.text(st.sampled_from("あいう漢字、。"), max_size=30)


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(start_ms=100 * n, end_ms=100 * n + 100, raw=t, probability=1.0) for n, t in enumerate(texts))


def heard(text: str, *recognised: str) -> list[str]:
    return [piece.text for piece in pieces(text, words(*recognised))]


def test_what_was_not_changed_is_heard_in_its_own_words():
    assert heard("庁内の利用は", "庁", "内", "の", "利用", "は") == ["庁", "内", "の", "利用", "は"]


def test_a_correction_is_heard_where_it_was_misheard():
    assert heard("庁内LANの利用", "長", "内", "ラン", "の", "利用") == ["庁", "内", "LAN", "の", "利用"]
    assert heard("議事録を", "技術", "を") == ["議事録", "を"]


def test_what_was_put_in_is_heard_with_the_word_before_it():
    assert heard("はい、そうですね。", "はい", "そう", "です") == ["はい、", "そう", "ですね。"]
    assert heard("えっと、はい", "はい") == ["えっと、はい"]


def test_what_was_taken_out_leaves_its_word_silent():
    assert heard("次に", "ええと", "次に") == ["", "次に"]
    assert heard("", "ええと", "次に") == ["", ""]
    assert heard("x") == []


def test_cuts_follow_the_words():
    first, second = cut_words("はい。そうです。", words("はい", "。", "そう", "です", "。"), (3,))
    assert [word.raw for word in first] == ["はい", "。"]
    assert [word.raw for word in second] == ["そう", "です", "。"]


def test_a_replacement_of_several_words_is_not_torn_apart():
    first, second, third = words("都市", "幕", "です")
    whole = first.model_copy(
        update={"layers": (Layer(by="lexicon", before="都市", after="豊島区", reason="", run="r"),)}
    )
    empty = second.model_copy(update={"layers": (Layer(by="lexicon", before="幕", after="", reason="", run="r"),)})
    for at in range(1, 5):
        parts = cut_words("豊島区です", (whole, empty, third), (at,))
        assert sum(empty in part and whole in part for part in parts) == 1


@given(_PRINTED, st.lists(st.text(st.sampled_from("あいう漢字、。"), max_size=3), max_size=12))
def test_pieces_are_the_whole_text(text: str, recognised: list[str]):
    found = pieces(text, words(*recognised))
    assert len(found) == len(recognised)
    assert not recognised or "".join(piece.text for piece in found) == text


@given(_PRINTED, st.lists(st.text(st.sampled_from("あいう漢字、。"), max_size=3), max_size=12), st.data())
def test_cutting_keeps_every_word_once_and_in_order(text: str, recognised: list[str], data: st.DataObject):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
    given_words = words(*recognised)
    parts = cut_words(text, given_words, cuts)
    assert len(parts) == len(cuts) + 1
    assert tuple(word for part in parts for word in part) == given_words
