"""Proposals for the dictionary out of corrections: only what sounds alike, only what recurs, never entered silently."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import spoken, transcription, turn

from pipeline.cli.main import app
from pipeline.evaluate.learning.proposals import Effect, Pair, Proposal, is_meant, propose
from pipeline.evaluate.learning.replacements import replacements
from pipeline.evaluate.learning.replay import changes
from pipeline.evaluate.learning.sound import sound_distance
from pipeline.lexicon.dictionary import read_dictionary, write_dictionary
from pipeline.lexicon.terms import Term
from pipeline.lexicon.usage import usage_of
from pipeline.records.minutes import Speech
from pipeline.records.words import Layer, Transcript, Word
from pipeline.render.documents import render
from pipeline.render.minutes_json import minutes_json, read_minutes
from pipeline.run.learn import Corrected, accept, corrected_pair, learn, transcript_of

DATA = Path(__file__).parent.parent / "data"


def pair(*texts: tuple[str, str]) -> Pair:
    draft = transcription(*(turn("会長", heard, 10 * n, 10 * n + 9) for n, (heard, _) in enumerate(texts)))
    return Pair("第1回", draft, transcription(*(turn("会長", told) for _, told in texts)))


def proposed(*texts: tuple[str, str], known: tuple[str, ...] = ()) -> dict[str, Proposal]:
    return {proposal.written: proposal for proposal in propose([pair(*texts)], known)}


def test_what_recurs_and_sounds_alike_is_proposed_with_its_contexts() -> None:
    found = proposed(
        ("長内の会議で決めます", "庁内の会議で決めます"),
        ("次は長内の端末です", "次は庁内の端末です"),
        ("庁内の資料です", "庁内の資料です"),
        ("端末の更新です", "機器の廃止です"),
    )
    (proposal,) = found.values()
    assert (proposal.written, proposal.reading) == ("庁内", "チョウナイ")
    assert (proposal.misheard, proposal.occurrences, proposal.meetings) == (2, 3, 1)
    assert [(heard.text, heard.count) for heard in proposal.heard_as] == [("長内", 2)]
    first = proposal.contexts[0]
    assert (first.meeting, first.heard, first.told, first.after) == ("第1回", "長内", "庁内", "の会議で決めます")
    assert first.start_ms == 0


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        ("端末を買います", "機器を買います"),  # another word: a matter of style
        ("このことは", "この事は"),  # the same word
        ("三月の会議", "四月の会議"),  # numbers
        ("会議を始めす", "会議を始めます"),  # no noun
        ("そうですねそう", "そうですね"),
        ("とおりの案", "通りの案"),
    ],
)
def test_what_is_not_for_a_dictionary(heard: str, told: str) -> None:
    assert proposed((heard, told), (heard, told)) == {}


def test_once_is_not_enough_and_what_is_known_is_not_proposed_again() -> None:
    assert proposed(("長内の会議", "庁内の会議")) == {}
    twice = (("長内の会議", "庁内の会議"), ("長内の端末", "庁内の端末"))
    assert set(proposed(*twice)) == {"庁内"}
    assert proposed(*twice, known=("庁内",)) == {}


def test_a_short_word_is_taken_with_its_compound() -> None:
    found, _ = replacements(*pair(("住民基本大腸の写しです", "住民基本台帳の写しです")))
    assert [(one.written, one.reading) for one in found] == [("住民基本台帳", "ジュウミンキホンダイチョウ")]


def test_sounds() -> None:
    assert sound_distance("チョウナイ", "チョーナイ") == 0
    assert sound_distance("サエキ", "サイキ") < 0.34 < sound_distance("キキ", "タンマツ")
    assert sound_distance("", "ア") == 1.0 and sound_distance("", "") == 0.0


kana = st.text(alphabet="アイカガサタナハマヤラワンッー", min_size=1, max_size=8)


@given(kana, kana)
def test_a_distance_is_symmetric_enough_and_zero_only_for_the_same(one: str, other: str) -> None:
    assert sound_distance(one, other) == pytest.approx(sound_distance(other, one))
    assert sound_distance(one, one) == 0


def words(text: str, *layers: tuple[int, int, str]) -> Transcript:
    """One word per sign; a layer puts a text over the signs [first, last)."""
    found = [Word(start_ms=100 * n, end_ms=100 * n + 100, raw=sign, probability=0.5) for n, sign in enumerate(text)]
    for first, last, after in layers:
        for place in range(first, last):
            text_now = after if place == first else ""
            layer = Layer(by="lexicon", before=found[place].raw, after=text_now, reason=f"「{after}」", run="r")
            found[place] = found[place].model_copy(update={"layers": (layer,)})
    return Transcript(language="ja", words=tuple(found))


def test_a_replay_tells_better_from_worse() -> None:
    corrected = transcription(turn("会長", "庁内の会議で、長内さんが庁内について話します"))
    heard = "長内の会議で、長内さんが長内について話します"
    having = words(heard, (0, 2, "庁内"), (7, 9, "庁内"), (12, 14, "庁内"))
    found = changes(words(heard), having, corrected, ["庁内"])
    assert [(change.terms, change.before, change.after, change.gain) for change in found] == [
        (("庁内",), "長内", "庁内", 1),
        (("庁内",), "長内", "庁内", -1),
        (("庁内",), "長内", "庁内", 1),
    ]
    assert changes(having, having, corrected, ["庁内"]) == []
    with pytest.raises(ValueError, match="the same words"):
        changes(words("別の会議"), having, corrected, ["庁内"])


HEARD = ("次は北見大市についてです。", "北見大市の案を示します。", "北見大市は来年です。")
TOLD = tuple(text.replace("北見大市", "北見台市") for text in HEARD)


@pytest.fixture
def meeting() -> Corrected:
    return Corrected("第1回", spoken(*HEARD), transcription(*(turn("会長", text) for text in TOLD)))


def test_the_real_correction_is_replayed(meeting: Corrected, tmp_path: Path) -> None:
    (proposal,) = learn([meeting], tmp_path / "dictionary.toml")
    assert proposal.written == "北見台市" and proposal.misheard == 3
    assert proposal.effect is not None and (proposal.effect.better, proposal.effect.worse) == (3, 0)
    assert proposal.advisable
    assert not (tmp_path / "dictionary.toml").exists()


def test_what_is_accepted_is_in_the_dictionary_and_not_proposed_again(meeting: Corrected, tmp_path: Path) -> None:
    dictionary = tmp_path / "dictionary.toml"
    proposals = learn([meeting], dictionary)
    assert [term.written for term in accept(proposals, dictionary)] == [proposals[0].written]
    assert accept(proposals, dictionary) == ()
    assert [term.written for term in read_dictionary(dictionary)] == [proposals[0].written]
    assert learn([meeting], dictionary) == ()


def test_what_a_person_took_back_is_counted_for_the_term(tmp_path: Path) -> None:
    dictionary, heard = tmp_path / "dictionary.toml", ("北見大使の件です。", "北見大市の案です。")
    write_dictionary(dictionary, [Term(written="北見台市", reading="キタミダイシ", source="dictionary")])
    minutes = spoken(*heard)
    body = tuple(layered(block) for block in minutes.body if isinstance(block, Speech))
    told = transcription(turn("会長", "北見大使の件です。"), turn("会長", "北見台市の案です。"))
    for _ in range(2):
        learn([Corrected("第1回", minutes.model_copy(update={"body": body}), told)], dictionary)
        assert usage_of(dictionary)["北見台市"].taken_back == 1


def layered(block: Speech) -> Speech:
    """The turn with 北見台市 put over its first four signs."""
    (sentence,) = block.paragraphs[0]
    put = ("北見台市", "", "", "")
    over = [
        word.model_copy(
            update={
                "layers": (Layer(by="lexicon", before=word.raw, after=after, reason="「北見台市」", run="lexicon-0"),)
            }
        )
        for word, after in zip(sentence.words, put, strict=False)
    ]
    changed = sentence.model_copy(update={"words": (*over, *sentence.words[len(put) :])})
    return block.model_copy(update={"paragraphs": ((changed,),)})


def test_harm_is_not_advisable() -> None:
    one = Proposal(
        written="庁内", reading="チョウナイ", misheard=2, occurrences=2, meetings=1, heard_as=(), contexts=()
    )
    assert not one.advisable
    assert not one.model_copy(update={"effect": Effect(better=2, worse=1)}).advisable
    assert one.model_copy(update={"effect": Effect(better=3, worse=1)}).advisable


def test_the_words_of_minutes_are_the_transcript_again() -> None:
    minutes = read_minutes(DATA / "minutes_sample.json")
    transcript = transcript_of(minutes)
    assert all(word.text == word.raw for word in transcript.words)
    assert "予約" in transcript.text


@pytest.fixture
def draft(meeting: Corrected, tmp_path: Path) -> tuple[Path, Path]:
    folder = tmp_path / "draft"
    folder.mkdir()
    (folder / "minutes.json").write_text(minutes_json(meeting.draft), encoding="utf-8")
    (word,) = render(spoken(*TOLD), tmp_path, ["docx"])
    return folder, word


@pytest.mark.parametrize(("keys", "entered"), [("y\n", 1), ("n\n", 0), ("", 0), ("q\n", 0)])
def test_one_key_accepts_and_nothing_is_entered_silently(
    draft: tuple[Path, Path], tmp_path: Path, keys: str, entered: int
) -> None:
    from typer.testing import CliRunner

    dictionary = tmp_path / "d.toml"
    command = ["learn", str(draft[0]), "--corrected", str(draft[1]), "--dictionary", str(dictionary)]
    done = CliRunner().invoke(app, command, input=keys)
    assert done.exit_code == 0, done.output
    assert "misheard 3 of 3 times" in done.output and "better in 3" in done.output
    assert len(read_dictionary(dictionary)) == entered
    assert f"{entered} terms added" in done.output.replace("\n", " ")


def test_nothing_to_learn_and_nothing_to_learn_from(draft: tuple[Path, Path], tmp_path: Path) -> None:
    from typer.testing import CliRunner

    (tmp_path / "empty").mkdir()
    assert corrected_pair(*draft)[0].title == "draft"
    none = CliRunner().invoke(app, ["learn", str(tmp_path / "empty")])
    assert (none.exit_code, "no meeting to measure" in none.output) == (2, True)
    (same,) = render(spoken(*HEARD), tmp_path / "same", ["docx"])
    done = CliRunner().invoke(app, ["learn", str(draft[0]), "-c", str(same), "--dictionary", str(tmp_path / "d.toml")])
    assert "Nothing to learn" in done.output


@pytest.mark.parametrize(
    ("form", "meant"),
    [("当初", True), ("最高", True), ("合って", True), ("情報を共有", True), ("通信両等", False), ("都島区", False)],
)
def test_only_forms_that_nobody_means_are_put_right_everywhere(form: str, meant: bool) -> None:
    assert is_meant(form) is meant
