"""整文 mends spoken forms, word for word traceable, and can be taken back; printed minutes are left as they are."""

from pathlib import Path

import pytest

from pipeline.records.minutes import Minutes, Sentence, Speech
from pipeline.records.withheld import WithheldPassage
from pipeline.records.words import Layer, Word
from pipeline.render.minutes_json import read_minutes
from pipeline.render.seglst import speeches
from pipeline.stages.styles.mending import mending
from pipeline.stages.styles.style import in_style

DATA = Path(__file__).parent.parent / "data"


def mended(text: str) -> str:
    for edit in sorted(mending(text), key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.after + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("検討してますけど、まだ決まってません。", "検討していますが、まだ決まっていません。"),
        ("やってるんじゃないかっていう話です。", "やっているのではないかという話です。"),
        ("飛んでるのを見てて、読んでた。", "飛んでいるのを見ていて、読んでいた。"),
        ("終わっちゃったんでしょうか。", "終わってしまったのでしょうか。"),
        ("飲んじゃいました。", "飲んでしまいました。"),
        ("じゃあ、次に参ります。", "では、次に参ります。"),
        ("そうじゃなくて、やっぱりいろんな意見があります。", "そうではなくて、やはりいろいろな意見があります。"),
        ("それはですね、今月中に行います。", "それは、今月中に行います。"),
        ("書いてるってことです。", "書いているということです。"),
        ("必要だと思いますね。", "必要だと思います。"),
        ("予定はありませんけども、確認します。", "予定はありませんが、確認します。"),
    ],
)
def test_spoken_forms_become_written_ones(spoken: str, written: str) -> None:
    assert mended(spoken) == written
    assert mended(written) == written


@pytest.mark.parametrize(
    "text",
    [
        "行ってきます。",
        "何てことだ。",
        "ですよね。",
        "そうですね、と申し上げました。",
        "今日の案件は以上でございますけれども、ご意見はありますか。",
        "でも、検討中です。",
        "待ってください。",
        "ほんの少しです。",
        "分かりません。",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize("name", ["source/minutes.json", "minutes_sample.json"])
def test_printed_minutes_are_left_as_they_are(name: str) -> None:
    said = [s.text for speech in speeches(read_minutes(DATA / name)) for p in speech.paragraphs for s in p]
    assert sum(map(len, said)) > 2_000
    assert [edit.reason for text in said for edit in mending(text)] == []


def minutes(*sentences: Sentence) -> Minutes:
    base = read_minutes(DATA / "minutes_short.json")
    speech = Speech(id="b1", role="委員", speaker="S01", confidence=1, paragraphs=(sentences,), start_ms=0, end_ms=1)
    return base.model_copy(update={"body": (speech,)})


def sentence(text: str, **fields: object) -> Sentence:
    words = tuple(Word(start_ms=at, end_ms=at + 1, raw=sign, probability=1) for at, sign in enumerate(text))
    return Sentence.model_validate({"text": text, "start_ms": 0, "end_ms": len(text), "words": words, **fields})


def only(given: Minutes) -> Sentence:
    (speech,) = given.body
    assert isinstance(speech, Speech)
    return speech.paragraphs[0][0]


def test_every_changed_word_says_what_it_was_and_it_can_be_taken_back() -> None:
    given = minutes(sentence("検討してますけど、いかがですか。"))
    changed = in_style(given, "整文")
    assert only(changed).text == "検討していますが、いかがですか。"
    assert "".join(word.text for word in only(changed).words) == only(changed).text
    assert only(changed).raw == "検討してますけど、いかがですか。"
    reasons = {layer.reason for word in only(changed).words for layer in word.layers}
    assert reasons == {"整文「て」→「てい」", "整文「けど」→「が」"}
    back = in_style(changed, "全文")
    assert only(back) == only(given)
    assert in_style(changed, "整文") == changed
    assert (changed.style, back.style) == ("整文", "全文")


def test_what_a_person_wrote_is_not_touched() -> None:
    by_hand = sentence("検討してます。").model_copy(update={"text": "検討してますけど。"})
    layer = Layer(by="clerk", before="検", after="検", reason="確認")
    given = sentence("検討してます。")
    confirmed = given.model_copy(
        update={"words": (given.words[0].model_copy(update={"layers": (layer,)}), *given.words[1:])}
    )
    for one in (by_hand, confirmed):
        assert only(in_style(minutes(one), "整文")) == one


def test_marks_of_what_is_withheld_move_with_their_words() -> None:
    mark = WithheldPassage(start=7, end=9, ground="g", by="b")
    given = minutes(sentence("検討してます、田中です。", withheld=(mark,)))
    changed = only(in_style(given, "整文"))
    (moved,) = changed.withheld
    assert changed.text[moved.start : moved.end] == "田中"
