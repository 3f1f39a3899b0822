"""The journal as people remember it, and two states side by side."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.editing.comparison import compared
from pipeline.editing.fold import Fold, folded
from pipeline.editing.history import steps_before, text_of
from pipeline.editing.sheet import Sheet
from pipeline.editing.undo import taken_back
from pipeline.records.edits import Accept, Cast, Confirm, Edit, Restore, Splice, Split, Undo
from tests.editing.cases import drafts, edit, fold_of, operations, small


def folding(*edits: Edit) -> Fold:
    return folded(lambda _: small(), edits)


def typed(at: int, inserted: str) -> Splice:
    return Splice(id="b0006", at=at, removed="", inserted=inserted)


def test_a_burst_of_typing_is_one_step_with_what_stood_there_before():
    fold = folding(
        edit(1, Confirm(ids=("b0002",)), author="佐藤"),
        edit(2, Splice(id="b0006", at=0, removed="長内", inserted=""), author="鈴木", group="g"),
        edit(3, typed(0, "庁"), author="鈴木", group="g"),
        edit(4, typed(1, "内"), author="鈴木", group="g"),
        edit(5, typed(0, "あの、"), author="佐藤", group="g"),
    )
    last, burst, first = steps_before(fold, 6, 10)
    assert (last.numbers, burst.numbers, first.numbers) == ((5,), (2, 3, 4), (1,))
    assert (burst.author, burst.operations, burst.changed) == ("鈴木", ("splice",), 1)
    assert burst.places[0].excerpt == ("", "長", "庁", "内の利用は何件ですか。伺")
    assert first.places[0].excerpt.head == "説明をお願いします。" and not first.places[0].excerpt.inserted
    assert [step.numbers for step in steps_before(fold, 5, 1)] == [(2, 3, 4)]
    assert steps_before(fold, 1, 10) == []
    assert [step.numbers for step in steps_before(fold, 6, 10, turn="b0002")] == [(1,)]
    assert [step.numbers for step in steps_before(fold, 6, 10, turn="b0006")] == [(5,), (2, 3, 4)]


def test_what_no_person_did_and_what_was_taken_back_is_told():
    fold = folding(
        edit(1, Cast(ids=("b0007",), role="委員", inferred=0.7)),
        edit(2, Cast(ids=("b0006", "b0002"), role="副会長")),
        edit(3, Undo(of=(2,))),
        edit(4, Undo(of=(3,))),
        edit(5, Undo(of=(1,))),
    )
    steps = steps_before(fold, 6, 10)
    assert [step.taken_back for step in steps] == [False, False, True, False, True]
    assert [step.automatic for step in steps] == [False, False, False, False, True]
    assert steps[3].changed == 2 and steps[3].places[0].roles == ("委員", "副会長")
    assert taken_back(fold.edits) == {1, 3}


def test_only_what_can_be_read_is_a_difference():
    draft = small()
    seen = fold_of(draft, Confirm(ids=("b0002",)), Accept(id="b0006", start_ms=6000)).sheet
    assert compared(Sheet.of(draft), seen) == []
    changed = fold_of(draft, Split(id="b0006", at=5, new="n1"), Cast(ids=("b0007",), role="委員")).sheet
    rows = [(row.left and row.left.id, row.right and row.right.id) for row in compared(Sheet.of(draft), changed)]
    assert rows == [("b0006", "b0006"), (None, "n1"), ("b0007", "b0007")]


@given(st.data())
def test_states_without_a_difference_read_the_same(data: st.DataObject):
    draft = data.draw(drafts())
    fold = Fold(lambda _: draft)
    for _ in range(data.draw(st.integers(1, 6))):
        try:
            fold.apply(edit(fold.number + 1, data.draw(operations(fold, fold.number + 1))))
        except Exception:  # it does not fit: the fold is as before
            continue
    left, right = (fold.at(data.draw(st.integers(0, fold.number))).sheet for _ in range(2))
    rows = compared(left, right)
    gone = {id(row.left) for row in rows if row.left} | {id(row.right) for row in rows if row.right}
    same = [[text_of(e.block) for e in sheet.entries if id(e) not in gone] for sheet in (left, right)]
    assert same[0] == same[1]
    assert compared(left, left) == []
    fold.apply(edit(fold.number + 1, Restore(to=0)))
    assert compared(fold.sheet, Sheet.of(draft)) == []
