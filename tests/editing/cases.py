"""Drafts and edits for the tests of editing, small ones by hand and any by Hypothesis."""

import datetime
from collections.abc import Sequence

from hypothesis import strategies as st

from pipeline.editing.fold import Fold, folded
from pipeline.editing.sheet import flat
from pipeline.editing.speech import speech_text
from pipeline.records.edits import (
    Accept,
    Cast,
    Confirm,
    Edit,
    Explain,
    Merge,
    Operation,
    Put,
    SetFront,
    Splice,
    Split,
    Unexplain,
    WithholdPassages,
)
from pipeline.records.meeting import AgendaItem, OpennessOf
from pipeline.records.minutes import Block, Decision, Explanation, Heading, Minutes, Sentence, Speech
from pipeline.records.withheld import WithheldPassage
from pipeline.records.words import Word

ITEM = AgendaItem(kind="報告", number=1, title="図書館について")
AT = datetime.datetime(2026, 7, 14, 5, tzinfo=datetime.UTC)


def sentence(text: str, start_ms: int, *, step: int = 2) -> Sentence:
    """Words of step characters, 200 ms each."""
    parts = [text[at : at + step] for at in range(0, len(text), step)]
    words = tuple(
        Word(start_ms=start_ms + 200 * n, end_ms=start_ms + 200 * n + 200, raw=part, probability=0.9)
        for n, part in enumerate(parts)
    )
    return Sentence(text=text, start_ms=words[0].start_ms, end_ms=words[-1].end_ms, words=words)


def speech(identifier: str, role: str, paragraphs: Sequence[Sequence[str]], start_ms: int) -> Speech:
    """A turn of given sentences."""
    made, at = [], start_ms
    for paragraph in paragraphs:
        row = []
        for text in paragraph:
            row.append(sentence(text, at))
            at = row[-1].end_ms + 100
        made.append(tuple(row))
    return Speech(
        id=identifier, role=role, speaker=f"S-{role}", confidence=0.9, paragraphs=tuple(made),
        start_ms=start_ms, end_ms=made[-1][-1].end_ms,
    )  # fmt: skip


def minutes(*body: Block) -> Minutes:
    last = max((getattr(block, "end_ms", 0) for block in body), default=0)
    return Minutes(
        name="図書館協議会", secretariat=None, date=None, opens=None, closes=None, place=None, agenda=(ITEM,),
        meeting_openness=OpennessOf(), minutes_openness=OpennessOf(), roster=(), handouts=(), body=body,
        duration_ms=last + 1000,
    )  # fmt: skip


def small() -> Minutes:
    """Heading, question, explanation of two turns, a turn of two paragraphs, decision."""
    return minutes(
        Heading(id="b0001", item=ITEM, text="報告案件(1) 図書館について", start_ms=0),
        speech("b0002", "会長", [["説明をお願いします。"]], 0),
        Explanation(
            id="b0003", item=ITEM, text="〔事務局:「報告(1)図書館について」を説明〕", start_ms=2000, end_ms=5000,
            speech=(
                speech("b0004", "事務局", [["資料をご覧ください。", "以上です。"]], 2000),
                speech("b0005", "会長", [["はい。"]], 4600),
            ),
        ),
        speech("b0006", "委員", [["長内の利用は何件ですか。", "伺います。"], ["もう一点あります。"]], 6000),
        speech("b0007", "事務局", [["十二件です。"]], 12_000),
        Decision(id="b0008", text="―了承―", inferred=True, start_ms=13_000),
    )  # fmt: skip


def edit(number: int, *operations: Operation, author: str = "", group: str = "") -> Edit:
    return Edit(number=number, key=f"k{number}", author=author, at=AT, group=group, operations=operations)


def fold_of(draft: Minutes, *operations: Operation) -> Fold:
    """Each operation as an edit of its own."""
    return folded(lambda _: draft, [edit(number, operation) for number, operation in enumerate(operations, 1)])


def texts(found: Minutes) -> list[tuple[str, str]]:
    """(role, text) of every turn in order."""
    return [(e.block.role, speech_text(e.block)) for e in flat(found.body) if isinstance(e.block, Speech)]


def words(found: Minutes) -> list[tuple[int, str]]:
    """Every recognised word in order."""
    return [
        (word.start_ms, word.raw)
        for entry in flat(found.body)
        if isinstance(entry.block, Speech)
        for paragraph in entry.block.paragraphs
        for each in paragraph
        for word in each.words
    ]


_TEXT = st.text(st.sampled_from("あいう漢字。、?」\n𠮷A1 "), max_size=6)
_SENTENCES = st.lists(
    st.text(st.sampled_from("あいう漢字、"), min_size=1, max_size=9).map(lambda t: t + "。"), min_size=1, max_size=3
)


@st.composite
def drafts(draw: st.DrawFn) -> Minutes:
    """Any draft of a few turns, with an explanation, a heading and a decision somewhere."""
    body: list[Block] = []
    at = 0
    for number in range(draw(st.integers(2, 5))):
        role = draw(st.sampled_from(["会長", "委員", "事務局"]))
        made = speech(f"b{number:04d}", role, draw(st.lists(_SENTENCES, min_size=1, max_size=2)), at)
        at = made.end_ms + draw(st.sampled_from([0, 500]))
        kind = draw(st.sampled_from(["speech", "speech", "explanation", "decision", "heading"]))
        if kind == "explanation":
            body.append(
                Explanation(
                    id=f"x{number}",
                    item=ITEM,
                    text="〔説明〕",
                    speech=(made,),
                    start_ms=made.start_ms,
                    end_ms=made.end_ms,
                )
            )
            continue
        if kind == "heading":
            body.append(Heading(id=f"h{number}", item=ITEM, text="報告", start_ms=made.start_ms))
        body.append(made)
        if kind == "decision":
            body.append(Decision(id=f"d{number}", text="―了承―", inferred=False, start_ms=made.end_ms))
    return minutes(*body)


@st.composite
def operations(draw: st.DrawFn, fold: Fold, number: int) -> Operation:
    """Any operation that may well fit the fold as it is."""
    entries = fold.sheet.entries
    spoken = [entry for entry in entries if isinstance(entry.block, Speech)]
    entry = draw(st.sampled_from(spoken))
    place = fold.sheet.place(entry.id)
    text = speech_text(entry.block)
    at = draw(st.integers(0, len(text)))
    end = draw(st.integers(at, min(len(text), at + 8)))
    following = entries[place + 1].id if place + 1 < len(entries) else entry.id
    mark = WithheldPassage(ground="個人", by="係", start=at, end=end + 1)
    choices: list[Operation] = [
        Splice(id=entry.id, at=at, removed=text[at:end], inserted=draw(_TEXT)),
        Split(id=entry.id, at=at, new=f"n{number}"),
        Merge(
            id=entry.id,
            following=following,
            keep=draw(st.sampled_from(["first", "second"])),
            paragraph=draw(st.booleans()),
        ),
        Cast(ids=tuple(e.id for e in draw(st.lists(st.sampled_from(spoken), min_size=1, max_size=3))), role="副会長"),
        Explain(id=f"e{number}", ids=(entry.id,), item=ITEM, text="〔説明〕"),
        Unexplain(id=entry.within or entry.id),
        Put(after=entry.id, blocks=(Decision(id=f"p{number}", text="―可決―", inferred=False, start_ms=0),)),
        Put(after=entries[place - 1].id if place else None, removed=(entry.id,)),
        Confirm(ids=(entry.id,)),
        Accept(id=entry.id, start_ms=entry.block.start_ms),
        WithholdPassages(id=entry.id, passages=(mark,)),
        SetFront(front=fold.sheet.front.model_copy(update={"place": draw(_TEXT)})),
    ]
    return draw(st.sampled_from(choices))
