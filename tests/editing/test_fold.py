"""The journal folded over the draft: what each operation does, what it refuses, and that nothing is ever lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.editing.fold import Fold, folded
from pipeline.editing.sheet import flat
from pipeline.editing.speech import speech_text
from pipeline.errors import EditError
from pipeline.records.edits import (
    Accept,
    Cast,
    Confirm,
    Explain,
    Merge,
    Operation,
    Put,
    Restore,
    SetFront,
    Splice,
    Split,
    Undo,
    Unexplain,
    Withhold,
    WithholdPassages,
)
from pipeline.records.minutes import Decision, Explanation, Heading, Speech
from pipeline.records.withheld import WithheldItem, WithheldPassage, Withholding
from tests.editing.cases import ITEM, drafts, edit, fold_of, operations, small, texts, words


def test_a_fold_without_edits_is_the_draft():
    assert fold_of(small()).minutes() == small()


def test_a_correction_in_place():
    fold = fold_of(small(), Splice(id="b0006", at=0, removed="長内", inserted="庁内"))
    assert ("委員", "庁内の利用は何件ですか。伺います。\nもう一点あります。") in texts(fold.minutes())
    sentence = fold.sheet.speech("b0006").paragraphs[0][0]
    assert sentence.text == "庁内の利用は何件ですか。" and sentence.raw == "長内の利用は何件ですか。"
    assert fold.sheet.version("b0006") == 1 and fold.sheet.version("b0007") == 0


def test_a_full_stop_makes_two_sentences_with_their_own_words():
    fold = fold_of(small(), Splice(id="b0006", at=6, removed="", inserted="。"))
    first, second, third = fold.sheet.speech("b0006").paragraphs[0]
    assert (first.text, second.text, third.text) == ("長内の利用は。", "何件ですか。", "伺います。")
    assert first.raw == "長内の利用は" and second.raw == "何件ですか。"
    assert second.start_ms == 6000 + 3 * 200


def test_taking_a_full_stop_out_joins_the_sentences():
    fold = fold_of(small(), Splice(id="b0006", at=11, removed="。", inserted="、"))
    assert [s.text for s in fold.sheet.speech("b0006").paragraphs[0]] == ["長内の利用は何件ですか、伺います。"]


def test_line_feeds_are_paragraphs():
    fold = fold_of(
        small(),
        Splice(id="b0006", at=12, removed="", inserted="\n"),
        Splice(id="b0006", at=12, removed="\n", inserted=""),
    )
    assert fold.minutes().body == small().body
    fold = fold_of(small(), Splice(id="b0006", at=12, removed="", inserted="\n\n"))
    assert [["".join(s.text for s in p)] for p in fold.sheet.speech("b0006").paragraphs] == [
        ["長内の利用は何件ですか。"], [""], ["伺います。"], ["もう一点あります。"],
    ]  # fmt: skip


def test_an_emptied_turn_keeps_its_words_and_finds_them_again():
    text = "十二件です。"
    fold = fold_of(small(), Splice(id="b0007", at=0, removed=text, inserted=""))
    assert ("事務局", "") in texts(fold.minutes()) and words(fold.minutes()) == words(small())
    fold.apply(edit(2, Splice(id="b0007", at=0, removed="", inserted=text)))
    assert fold.minutes().body == small().body


def test_an_edit_of_a_text_that_is_not_there_is_refused():
    with pytest.raises(EditError):
        fold_of(small(), Splice(id="b0006", at=0, removed="庁内", inserted="x"))
    with pytest.raises(EditError):
        fold_of(small(), Splice(id="gone", at=0, removed="", inserted="x"))


@pytest.mark.parametrize("text", ["a\tb", "\x00", "\x1b[0m", "\r\n", "\x85", "\ud800"])
def test_control_characters_are_no_text(text: str):
    with pytest.raises(ValidationError):
        Splice(id="b0006", at=0, removed="", inserted=text)


@pytest.mark.parametrize(("at", "paragraph"), [(3, False), (12, False), (17, True), (18, True), (20, False)])
def test_split_and_merge_is_the_same_again(at: int, paragraph: bool):
    fold = fold_of(small(), Split(id="b0006", at=at, new="n1"))
    assert len(fold.sheet.entries) == len(list(flat(small().body))) + 1
    assert words(fold.minutes()) == words(small())
    fold.apply(edit(2, Merge(id="b0006", following="n1", paragraph=paragraph)))
    assert fold.minutes().body == small().body


def test_words_move_over_a_boundary():
    fold = folded(
        lambda _: small(),
        [edit(1, Split(id="b0006", at=18, new="n1"), Merge(id="n1", following="b0007", keep="second"))],
    )
    assert texts(fold.minutes())[-2:] == [
        ("委員", "長内の利用は何件ですか。伺います。"), ("事務局", "もう一点あります。十二件です。"),
    ]  # fmt: skip
    assert fold.sheet.speech("b0007").start_ms < 12_000


@pytest.mark.parametrize("at", [0, 27])
def test_no_turn_without_text_by_splitting(at: int):
    with pytest.raises(EditError):
        fold_of(small(), Split(id="b0006", at=at, new="n1"))


def test_casting_many_turns_is_sure():
    fold = fold_of(small(), Cast(ids=("b0002", "b0005", "b0006"), role="副会長"))
    assert [role for role, _ in texts(fold.minutes())] == ["副会長", "事務局", "副会長", "副会長", "事務局"]
    assert fold.sheet.speech("b0006").confidence == 1.0 and fold.sheet.speech("b0006").speaker == "S-委員"


def test_an_explanation_is_printed_in_full_and_put_back():
    opened = fold_of(small(), Unexplain(id="b0003"))
    assert not any(isinstance(block, Explanation) for block in opened.minutes().body)
    assert texts(opened.minutes()) == texts(small())
    text = small().body[2].text
    opened.apply(edit(2, Explain(id="x1", ids=("b0004", "b0005"), item=ITEM, text=text)))
    closed = opened.minutes().body[2]
    assert isinstance(closed, Explanation) and [s.id for s in closed.speech] == ["b0004", "b0005"]
    with pytest.raises(EditError):
        opened.apply(edit(3, Merge(id="b0005", following="b0006")))


def test_headings_and_decisions_come_and_go():
    heading = Heading(id="h1", item=ITEM, text="報告案件(2) その他", start_ms=6000)
    fold = fold_of(
        small(),
        Put(after="b0005", blocks=(heading,)),
        Put(after="b0007", removed=("b0008",)),
        Splice(id="b0001", at=7, removed="", inserted="新"),
    )
    kinds = [block.kind for block in fold.minutes().body]
    assert kinds == ["heading", "speech", "explanation", "heading", "speech", "speech"]
    assert fold.minutes().body[0].text == "報告案件(1)新 図書館について"


def test_a_decision_that_was_typed_is_no_guess():
    fold = fold_of(small(), Splice(id="b0008", at=1, removed="了承", inserted="承認"))
    decision = fold.minutes().body[-1]
    assert isinstance(decision, Decision) and decision.text == "―承認―" and not decision.inferred


def test_a_turn_is_never_taken_out():
    with pytest.raises(EditError, match="words"):
        fold_of(small(), Put(after="b0006", removed=("b0007",)))
    with pytest.raises(EditError, match="explanation"):
        fold_of(small(), Put(after="b0002", removed=("b0003",)))
    with pytest.raises(EditError, match="explanation"):
        fold_of(small(), Put(after="b0004", blocks=(Decision(id="d", text="―可決―", inferred=False, start_ms=0),)))


def test_withheld_marks_move_with_their_text():
    mark = WithheldPassage(ground="条例第7条第2号", by="係", start=10, end=15)
    fold = fold_of(
        small(),
        WithholdPassages(id="b0006", passages=(mark,)),
        Splice(id="b0006", at=0, removed="長内", inserted="市役所"),
    )
    text = "市役所の利用は何件ですか。伺います。"
    kept = [(s.text, [(m.start, m.end) for m in s.withheld]) for s in fold.sheet.speech("b0006").paragraphs[0]]
    assert kept == [(text[:13], [(11, 13)]), (text[13:], [(0, 3)])]
    fold.apply(edit(3, Split(id="b0006", at=12, new="n1")))
    fold.apply(edit(4, Merge(id="b0006", following="n1")))
    assert [(s.text, [(m.start, m.end) for m in s.withheld]) for s in fold.sheet.speech("b0006").paragraphs[0]] == kept


def test_withholding_blocks_and_items():
    ground = Withholding(ground="条例", by="係")
    fold = fold_of(
        small(),
        Withhold(id="b0006", withheld=ground),
        Withhold(id="b0001", withheld=WithheldItem(ground="条例", by="係")),
    )
    assert fold.sheet.speech("b0006").withheld == ground
    with pytest.raises(EditError):
        fold.apply(edit(3, Withhold(id="b0001", withheld=ground)))


def test_a_doubtful_word_is_accepted():
    fold = fold_of(small(), Accept(id="b0007", start_ms=12_200))
    word = fold.sheet.speech("b0007").paragraphs[0][0].words[1]
    assert word.layers[-1].by == "clerk" and word.text == word.raw
    with pytest.raises(EditError):
        fold.apply(edit(2, Accept(id="b0007", start_ms=1)))


def test_undo_and_redo():
    first = Splice(id="b0006", at=0, removed="長内", inserted="庁内")
    fold = fold_of(small(), first, Cast(ids=("b0006",), role="副会長"), Undo(of=(2,)), Undo(of=(1,)))
    assert fold.minutes().body == small().body
    fold.apply(edit(5, Undo(of=(4,))))
    assert ("委員", "庁内の利用は何件ですか。伺います。\nもう一点あります。") in texts(fold.minutes())


def test_what_others_did_elsewhere_does_not_hinder_undo():
    fold = fold_of(
        small(),
        Splice(id="b0006", at=0, removed="長内", inserted="庁内"),
        Cast(ids=("b0006", "b0002"), role="副会長"),
        Confirm(ids=("b0006",)),
        Undo(of=(1,)),
    )
    entry = fold.sheet.entry("b0006")
    assert entry.confirmed and isinstance(entry.block, Speech)
    assert entry.block.role == "副会長" and entry.block.paragraphs == small().body[3].paragraphs


def test_undo_of_what_was_changed_again_is_refused_and_changes_nothing():
    fold = fold_of(
        small(),
        Splice(id="b0006", at=0, removed="長内", inserted="庁内"),
        Splice(id="b0006", at=0, removed="庁内", inserted="町内"),
    )
    before = fold.minutes()
    with pytest.raises(EditError):
        fold.apply(edit(3, Undo(of=(1,))))
    assert fold.minutes() == before and fold.number == 2


def test_a_group_is_undone_together():
    fold = fold_of(
        small(),
        Splice(id="b0006", at=0, removed="", inserted="は"),
        Splice(id="b0006", at=1, removed="", inserted="い"),
        Undo(of=(1, 2)),
    )
    assert fold.minutes().body == small().body


def test_restore_an_earlier_state():
    fold = fold_of(
        small(),
        Splice(id="b0006", at=0, removed="長内", inserted="庁内"),
        Split(id="b0006", at=5, new="n1"),
        SetFront(front=fold_of(small()).sheet.front.model_copy(update={"place": "庁議室"})),
        Restore(to=1),
    )
    assert fold.minutes() == fold.at(1).minutes() and fold.sheet.version("b0007") == 0
    fold.apply(edit(5, Undo(of=(4,))))
    assert fold.minutes() == fold.at(3).minutes()


def test_stale_turns_are_named():
    fold = fold_of(small(), Splice(id="b0006", at=0, removed="長内", inserted="庁内"))
    typed = Splice(id="b0006", at=0, removed="", inserted="x")
    assert fold.stale([typed], {"b0006": 0}) == ("b0006",)
    assert fold.stale([typed], {"b0006": 1}) == ()
    assert fold.stale([typed], {}) == ("b0006",)
    assert (
        fold.stale([Split(id="b0006", at=3, new="n1"), Splice(id="n1", at=0, removed="", inserted="x")], {"b0006": 1})
        == ()
    )


def test_an_edit_is_whole_or_not_at_all():
    fold = fold_of(small())
    with pytest.raises(EditError):
        fold.apply(edit(1, Split(id="b0006", at=3, new="n1"), Cast(ids=("n1", "gone"), role="会長")))
    assert fold.minutes() == small() and fold.number == 0
    assert fold.sheet.entries == fold_of(small()).sheet.entries


def applied(fold: Fold, data: st.DataObject, count: int) -> list[Operation]:
    """Apply operations that may or may not fit; return those that did."""
    done: list[Operation] = []
    for number in range(count):
        operation = data.draw(operations(fold, 100 + number))
        try:
            fold.apply(edit(fold.number + 1, operation))
        except EditError:
            continue
        done.append(operation)
    return done


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drafts(), st.data())
def test_whatever_is_done_no_word_is_lost_and_all_of_it_can_be_undone(draft, data):
    fold = Fold(lambda _: draft)
    done = applied(fold, data, 6)
    assert words(fold.minutes()) == words(draft)
    assert folded(lambda _: draft, fold.edits).minutes() == fold.minutes()
    for number in range(len(done), 0, -1):
        before = fold.at(number - 1).minutes()
        fold.apply(edit(fold.number + 1, Undo(of=(number,))))
        assert fold.minutes() == before
    assert fold.minutes() == draft


@settings(max_examples=60, deadline=None)
@given(drafts(), st.data())
def test_what_is_not_touched_stays_as_it_is(draft, data):
    fold = Fold(lambda _: draft)
    before = {entry.id: entry for entry in fold.sheet.entries}
    operation = data.draw(operations(fold, 1))
    try:
        changes = fold.apply(edit(1, operation))
    except EditError:
        assert fold.minutes() == draft
        return
    changed = (
        {entry.id for change in changes for entry in getattr(change, "old", ()) or ()}
        if not isinstance(operation, SetFront)
        else set()
    )
    for entry in fold.sheet.entries:
        if entry.id in before and entry.id not in changed:
            assert entry == before[entry.id]


@settings(max_examples=60, deadline=None)
@given(drafts(), st.data())
def test_a_splice_types_exactly_what_it_says(draft, data):
    fold = Fold(lambda _: draft)
    entry = data.draw(st.sampled_from([e for e in fold.sheet.entries if isinstance(e.block, Speech)]))
    text = speech_text(fold.sheet.speech(entry.id))
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, len(text)))
    typed = data.draw(st.text(st.sampled_from("あ。\n?」𠮷"), max_size=8))
    fold.apply(edit(1, Splice(id=entry.id, at=at, removed=text[at:end], inserted=typed)))
    changed = fold.sheet.speech(entry.id)
    assert speech_text(changed) == text[:at] + typed + text[end:]
    assert all(s.start_ms <= s.end_ms for p in changed.paragraphs for s in p)
