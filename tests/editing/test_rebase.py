"""Another draft of the same recording: what people touched stays, the rest is new, and no words come twice."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.editing.fold import Fold, folded
from pipeline.editing.sheet import flat
from pipeline.editing.speech import speech_text
from pipeline.records.edits import Adopt, Cast, Confirm, Put, SetFront, Splice, Split, Undo, Unexplain
from pipeline.records.minutes import Decision, Explanation, Minutes, Speech
from tests.editing.cases import drafts, edit, minutes, small, speech, texts
from tests.editing.test_fold import applied


def rerun() -> Minutes:
    """The same recording heard by another recogniser: other identifiers, other words, times a little off."""
    old = small()
    question = speech("c0005", "委員", [["庁内の利用は何件ですか。", "うかがいます。"], ["もう1点あります。"]], 6050)
    answer = speech("b0009", "委員", [["12件です。"]], 12_080)
    return old.model_copy(update={"body": (old.body[0], old.body[1], old.body[2], question, answer, old.body[5])})


def adopted(*operations, new: Minutes | None = None) -> Fold:
    bases = {1: small(), 2: new or rerun()}
    edits = [edit(number, operation) for number, operation in enumerate((*operations, Adopt(base=2)), 1)]
    return folded(bases.__getitem__, edits)


def test_untouched_minutes_become_the_new_draft_under_their_old_names():
    fold = adopted()
    assert texts(fold.minutes()) == texts(rerun())
    assert [entry.id for entry in fold.sheet.entries] == [entry.id for entry in flat(small().body)]
    assert fold.sheet.version("b0006") == 1 and fold.sheet.version("b0002") == 0


def test_corrected_turns_stay_as_people_left_them():
    fold = adopted(Splice(id="b0006", at=0, removed="長内", inserted="市役所"))
    assert texts(fold.minutes())[-2:] == [
        ("委員", "市役所の利用は何件ですか。伺います。\nもう一点あります。"),
        ("委員", "12件です。"),
    ]


def test_a_new_role_goes_to_the_new_text():
    fold = adopted(Cast(ids=("b0007",), role="事務局長"))
    assert texts(fold.minutes())[-1] == ("事務局長", "12件です。")
    assert fold.sheet.entry("b0007").version == 2


def test_a_new_role_for_a_turn_that_is_gone_keeps_the_turn():
    new = minutes(*rerun().body[:4])
    fold = adopted(Cast(ids=("b0007",), role="事務局長"), new=new)
    assert texts(fold.minutes())[-1] == ("事務局長", "十二件です。")


def test_confirmed_turns_and_split_turns_stay():
    fold = adopted(Confirm(ids=("b0007",)), Split(id="b0006", at=18, new="n1"))
    assert texts(fold.minutes())[-3:] == [
        ("委員", "長内の利用は何件ですか。伺います。"),
        ("委員", "もう一点あります。"),
        ("事務局", "十二件です。"),
    ]


def test_a_decision_that_was_taken_out_stays_out_and_one_put_in_stays_in():
    put = Decision(id="p1", text="―可決―", inferred=False, start_ms=3000)
    fold = adopted(Put(after="b0007", removed=("b0008",)), Put(after="b0002", blocks=(put,)))
    assert [b.text for b in fold.minutes().body if isinstance(b, Decision)] == ["―可決―"]


def test_an_explanation_that_was_printed_in_full_stays_so():
    fold = adopted(Unexplain(id="b0003"))
    assert not any(isinstance(block, Explanation) for block in fold.minutes().body)
    assert len(texts(fold.minutes())) == 5


def test_a_new_turn_that_reaches_into_a_corrected_one_is_cut_and_marked():
    long = speech(
        "c0005",
        "委員",
        [["庁内の利用は何件ですか。", "うかがいます。", "もう1点あります。", "それから12件です。"]],
        6000,
    )
    new = minutes(*small().body[:3], long)
    fold = adopted(Splice(id="b0006", at=0, removed="長内", inserted="庁内"), new=new)
    assert [t for _, t in texts(fold.minutes())[-2:]] == [
        "庁内の利用は何件ですか。伺います。\nもう一点あります。",
        "それから12件です。",
    ]
    seamed = fold.minutes().body[-1]
    assert isinstance(seamed, Speech) and seamed.flagged and seamed.evidence[-1].rule == "seam"


def test_fields_people_set_stay_and_the_others_are_the_new_drafts():
    front = Fold(lambda _: small()).sheet.front.model_copy(update={"place": "庁議室"})
    fold = adopted(SetFront(front=front), new=rerun().model_copy(update={"name": "新", "place": "別室"}))
    assert (fold.sheet.front.name, fold.sheet.front.place) == ("新", "庁議室")


def test_adopting_can_be_undone():
    fold = adopted(Splice(id="b0006", at=0, removed="長内", inserted="市役所"))
    before = fold.at(1).minutes()
    fold.apply(edit(3, Undo(of=(2,))))
    assert fold.minutes() == before and fold.sheet.base == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drafts(), st.data())
def test_the_same_draft_again_changes_nothing(draft, data):
    fold = Fold({1: draft, 2: draft}.__getitem__)
    applied(fold, data, 4)
    before = fold.minutes()
    fold.apply(edit(fold.number + 1, Adopt(base=2)))
    assert texts(fold.minutes()) == texts(before)
    assert fold.minutes().body == before.body


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drafts(), drafts(), st.data())
def test_whatever_the_new_draft_is_no_correction_is_lost(old, new, data):
    fold = Fold({1: old, 2: new}.__getitem__)
    applied(fold, data, 4)
    drafted = {entry.id: entry.block for entry in flat(old.body)}
    corrected = [
        entry
        for entry in fold.sheet.entries
        if isinstance(entry.block, Speech) and entry.version and not _only_cast(entry.block, drafted.get(entry.id))
    ]
    fold.apply(edit(fold.number + 1, Adopt(base=2)))
    kept = [entry.id for entry in fold.sheet.entries if entry.id in {c.id for c in corrected}]
    assert kept == [entry.id for entry in corrected]
    for entry in corrected:
        assert fold.sheet.speech(entry.id) == entry.block
    assert len({entry.id for entry in fold.sheet.entries}) == len(fold.sheet.entries)


def _only_cast(now: Speech, was: object) -> bool:
    return isinstance(was, Speech) and speech_text(now) == speech_text(was)
