"""Minutes corrected in Word come back: what is unchanged stays what it was, what is changed becomes an edit."""

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.documents.form import ReadBlock
from pipeline.errors import TranscriptFileError
from pipeline.records.edits import Cast, Merge, SetFront, Split
from pipeline.records.meeting import AgendaItem
from pipeline.records.minutes import Minutes, Sentence, Speech
from pipeline.records.withheld import WithheldPassage, Withholding
from pipeline.render.context import form_of
from pipeline.render.documents import make
from pipeline.render.form_folder import form_folder, form_names
from pipeline.render.minutes_json import read_minutes
from pipeline.returned.body import BodyEdits
from pipeline.returned.edits import ReturnedEdits, returned_edits
from pipeline.run.import_word import applied

DATA = Path(__file__).parent.parent / "data"
NAMES = ["source/minutes.json", "minutes_sample.json", "minutes_short.json"]
Edit = Callable[[list[Paragraph]], object]


def sample() -> Minutes:
    return read_minutes(DATA / "minutes_sample.json")


def word(tmp_path: Path, minutes: Minutes, edit: Edit = lambda paragraphs: None, **how: Any) -> Path:
    """The minutes as a Word file, edited by a person."""
    (document,) = make(minutes, ["docx"], **how)
    opened = python_docx.Document(io.BytesIO(document.data))
    edit([Paragraph(element, opened._body) for element in opened.element.body.iter(qn("w:p"))])
    path = tmp_path / "校正済み.docx"
    opened.save(path)
    return path


def back(tmp_path: Path, edit: Edit, minutes: Minutes | None = None) -> tuple[ReturnedEdits, Minutes]:
    given = minutes or sample()
    found = returned_edits(word(tmp_path, given, edit, final=True), given)
    return found, applied(given, found)


def the(paragraphs: list[Paragraph], words: str) -> Paragraph:
    (found,) = [paragraph for paragraph in paragraphs if words in paragraph.text]
    return found


def retype(paragraph: Paragraph, old: str, new: str) -> None:
    """As typed over: the whole paragraph in its first run."""
    text = paragraph.text.replace(old, new)
    assert text != paragraph.text
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)
    paragraph.runs[0].text = text


def turns(minutes: Minutes) -> list[str]:
    return [f"{b.role}:{''.join([b.first, *b.more])}" for b in form_of(minutes, final=True).body]


# ---- round trip -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", form_names())
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", [{"final": True}, {}, {"doubtful": True}])
def test_exported_and_imported_the_minutes_are_identical(
    tmp_path: Path, name: str, form: str, how: dict[str, bool]
) -> None:
    minutes = read_minutes(DATA / name).model_copy(update={"style": "全文"})
    path = word(tmp_path, minutes, folder=form_folder(form), **how)
    found = returned_edits(path, minutes)
    assert found.differences == ()
    assert applied(minutes, found) == minutes


# ---- what a person does in Word ---------------------------------------------------------------------------------


def test_a_word_is_corrected(tmp_path: Path) -> None:
    found, after = back(tmp_path, lambda p: retype(the(p, "200点を価格点"), "200点", "300点"))
    (difference,) = found.differences
    assert difference.what == "発言の修正"
    assert (difference.before, difference.after) == ("000点のうち、200点を価格点と", "000点のうち、300点を価格点と")
    assert "部員:はい、含まれております。全体の配点1,000点のうち、300点を価格点といたしました。" in turns(after)
    assert [b.id for b in after.body] == [b.id for b in sample().body]


def test_words_and_times_stay_with_what_was_not_changed(tmp_path: Path) -> None:
    _, after = back(tmp_path, lambda p: retype(the(p, "200点を価格点"), "200点", "300点"))
    for old, new in zip(sample().body, after.body, strict=True):
        if isinstance(old, Speech) and isinstance(new, Speech):
            words = [[w.raw for p in b.paragraphs for s in p for w in s.words] for b in (old, new)]
            assert words[0] == words[1]


def test_a_role_is_corrected(tmp_path: Path) -> None:
    found, after = back(tmp_path, lambda p: retype(the(p, "200点を価格点"), "部員", "事務局"))
    assert [type(op) for op in found.operations] == [Cast]
    assert "事務局:はい、含まれております。全体の配点1,000点のうち、200点を価格点といたしました。" in turns(after)


def test_a_turn_is_taken_out_and_not_printed_though_its_words_stay(tmp_path: Path) -> None:
    def edit(paragraphs: list[Paragraph]) -> None:
        gone = the(paragraphs, "200点を価格点")._p
        gone.getparent().remove(gone)

    found, after = back(tmp_path, edit)
    assert [difference.what for difference in found.differences] == ["発言の削除"]
    assert len(turns(after)) == len(turns(sample())) - 1
    assert len(after.body) == len(sample().body)


def test_a_turn_is_put_in_between_the_others(tmp_path: Path) -> None:
    def edit(paragraphs: list[Paragraph]) -> None:
        the(paragraphs, "200点を価格点").insert_paragraph_before(
            "副本部長：金額の割合を教えてください。", "会議録 発言"
        )

    found, after = back(tmp_path, edit)
    assert [difference.what for difference in found.differences] == ["行の追加"]
    at = turns(after).index("副本部長:金額の割合を教えてください。")
    assert turns(after)[at + 1].startswith("部員:はい、含まれております。")
    assert after.body[at].start_ms == after.body[at - 1].end_ms  # type: ignore[union-attr]


def test_a_turn_is_cut_in_two_with_another_role(tmp_path: Path) -> None:
    def edit(paragraphs: list[Paragraph]) -> None:
        turn = the(paragraphs, "200点を価格点")
        turn.insert_paragraph_before("部員：はい、含まれております。", "会議録 発言")
        retype(turn, "部員：はい、含まれております。", "事務局：")

    found, after = back(tmp_path, edit)
    assert [type(op) for op in found.operations] == [Split, Cast]
    at = turns(after).index("部員:はい、含まれております。")
    assert turns(after)[at + 1] == "事務局:全体の配点1,000点のうち、200点を価格点といたしました。"
    assert after.body[at + 1].start_ms > after.body[at].start_ms  # type: ignore[union-attr]


def test_two_turns_are_joined(tmp_path: Path) -> None:
    def edit(paragraphs: list[Paragraph]) -> None:
        first = the(paragraphs, "皆さん、ご意見をくださり")
        before = paragraphs[[p._p for p in paragraphs].index(first._p) - 1]
        retype(before, before.text, before.text + first.text.split("：", 1)[1])
        first._p.getparent().remove(first._p)

    found, after = back(tmp_path, edit)
    assert Merge in [type(op) for op in found.operations]
    assert "発言の結合" in [difference.what for difference in found.differences]
    assert len(after.body) == len(sample().body) - 1


def test_headings_and_decisions_come_and_go(tmp_path: Path) -> None:
    def edit(paragraphs: list[Paragraph]) -> None:
        decision = [p for p in paragraphs if p.text == "―了承―"]
        retype(decision[0], "了承", "原案のとおり可決")
        decision[1]._p.getparent().remove(decision[1]._p)
        last = the(paragraphs, "以上をもちまして閉会")
        last.insert_paragraph_before("―承認―", "会議録 決定")

    found, after = back(tmp_path, edit)
    decisions = [block.text for block in after.body if block.kind == "decision"]
    assert decisions == ["―原案のとおり可決―", "―了承―", "―承認―"]
    assert len(found.differences) == 3


def test_fields_are_read_back(tmp_path: Path) -> None:
    def edit(paragraphs: list[Paragraph]) -> None:
        retype(the(paragraphs, "午後1時07分～"), "午後1時58分", "午後2時30分")
        retype(the(paragraphs, "庁議室"), "庁議室", "第1会議室")
        retype([p for p in paragraphs if "□一部非公開" in p.text][1], "□一部非公開", "■一部非公開")
        retype(the(paragraphs, "企画部長、"), "危機管理監、", "")
        retype(the(paragraphs, "企画部長、"), "都市整備部長", "ＩＣＴ推進課長（都市整備部長代理）")
        titles = [
            p for p in paragraphs if "窓口予約システムの試行結果について" in p.text and p.text.startswith("（2）")
        ]
        retype(titles[0], "試行結果", "試行の結果")

    found, after = back(tmp_path, edit)
    assert [type(op) for op in found.operations] == [SetFront]
    assert (after.closes, after.closes_estimated) == (datetime.time(14, 30), False)
    assert after.place == "第1会議室(本庁舎5階)"
    assert after.minutes_openness.state == "一部非公開"
    assert after.agenda[1] == AgendaItem(kind="報告", number=2, title="窓口予約システムの試行の結果について")
    assert after.agenda[0] == sample().agenda[0]
    members = {role.role: role.members for role in after.roster}
    assert [member.office for member in members["本部長"]] == ["副市長"]
    assert members["本部長"][0].name == "田所"
    offices = [(member.office, member.deputy_for) for member in members["部員"]]
    assert ("危機管理監", None) not in offices
    assert ("ICT推進課長", "都市整備部長") in offices
    assert {difference.what for difference in found.differences} == {"日時", "場所", "公開の可否", "出席者", "議題"}


def test_fields_of_another_form_are_read_back(tmp_path: Path) -> None:
    def edit(paragraphs: list[Paragraph]) -> None:
        retype(the(paragraphs, "庁議室"), "庁議室", "第1会議室")
        retype(the(paragraphs, "企画部長、"), "危機管理監、", "")

    minutes = sample().model_copy(update={"style": "全文"})
    found = returned_edits(word(tmp_path, minutes, edit, final=True, folder=form_folder("youten")), minutes)
    after = applied(minutes, found)
    assert {difference.what for difference in found.differences} == {"場所", "出席者"}
    assert after.place == "第1会議室(本庁舎5階)"
    offices = {role.role: [member.office for member in role.members] for role in after.roster}
    assert "危機管理監" not in offices["部員"]
    assert (offices["本部長"], offices["副本部長"], len(offices["部員"])) == (["副市長"], ["総務部長"], 9)
    assert offices["事務局"] == ["情報政策課長", "情報政策係長(基盤)", "情報政策係長(システム)"]


def test_a_field_that_cannot_be_understood_stays_and_is_told(tmp_path: Path) -> None:
    found, after = back(tmp_path, lambda p: retype(the(p, "午後1時07分～"), "令和8年5月27日", "来週"))
    assert [difference.what for difference in found.differences] == ["日時(読み取れないため元のまま)"]
    assert after == sample()


def test_marks_of_what_is_withheld_are_kept(tmp_path: Path) -> None:
    minutes = sample()
    body = list(minutes.body)
    place = next(n for n, b in enumerate(body) if isinstance(b, Speech) and "200点" in b.paragraphs[0][-1].text)
    first, second = body[place].paragraphs[0]
    at = second.text.index("1,000点")
    passage = WithheldPassage(start=at, end=at + 6, ground="g", by="b")
    body[place] = body[place].model_copy(
        update={"paragraphs": ((first, second.model_copy(update={"withheld": (passage,)})),)}
    )
    body[0] = body[0].model_copy(update={"withheld": Withholding(ground="g", by="b")})
    marked = minutes.model_copy(update={"body": tuple(body)})
    _, after = back(tmp_path, lambda p: retype(the(p, "200点を価格点"), "価格点と", "評価点と"), marked)
    (kept,) = after.body[place].paragraphs[0][1].withheld
    assert after.body[place].paragraphs[0][1].text[kept.start : kept.end] == "1,000点"
    assert after.body[0].withheld == Withholding(ground="g", by="b")


# ---- what is not these minutes ----------------------------------------------------------------------------------


def test_another_meeting_or_a_copy_of_a_part_is_refused(tmp_path: Path) -> None:
    other = word(tmp_path, read_minutes(DATA / NAMES[0]), final=True)
    with pytest.raises(TranscriptFileError, match="of the turns of these minutes"):
        returned_edits(other, sample())
    short = sample().model_copy(update={"body": sample().body[:8]})
    path = word(tmp_path, short, final=True)
    with pytest.raises(TranscriptFileError, match="--force"):
        returned_edits(path, sample())
    assert returned_edits(path, sample(), anyway=True).operations


def test_a_public_copy_is_refused(tmp_path: Path) -> None:
    def whole(paragraphs: list[Paragraph]) -> None:
        the(paragraphs, "200点を価格点").insert_paragraph_before("（非公開）", "会議録 非公開")

    def passage(paragraphs: list[Paragraph]) -> None:
        retype(the(paragraphs, "200点を価格点"), "200点", "■■■")

    for edit in (whole, passage):
        with pytest.raises(TranscriptFileError, match="public copy"):
            returned_edits(word(tmp_path, sample(), edit, final=True), sample())


# ---- random corrections -----------------------------------------------------------------------------------------

ROLES = ("本部長", "副本部長", "部員", "事務局")
TEXTS = st.text(alphabet="あいうえおかきくけこ、", min_size=12, max_size=30).map(lambda text: f"{text}。")


def speech(number: int, role: str, *texts: str) -> Speech:
    sentences = tuple(Sentence(text=text, start_ms=number, end_ms=number, words=()) for text in texts)
    return Speech(
        id=f"b{number}", role=role, speaker="S01", confidence=1, paragraphs=(sentences,), start_ms=number, end_ms=number
    )


@st.composite
def corrections(draw: st.DrawFn) -> tuple[Minutes, list[ReadBlock]]:
    """Turns, and what became of them: kept, retyped, given to others, taken out, put in."""
    said = draw(st.lists(st.tuples(st.sampled_from(ROLES), TEXTS, TEXTS), min_size=1, max_size=6))
    body = tuple(speech(number, role, *texts) for number, (role, *texts) in enumerate(said))
    read: list[ReadBlock] = []
    for role, one, two in said:
        match draw(st.sampled_from(["keep", "keep", "keep", "retype", "role", "out", "in"])):
            case "keep":
                read.append(ReadBlock(kind="speech", role=role, paragraphs=(one + two,)))
            case "retype":
                at = draw(st.integers(0, len(one)))
                read.append(ReadBlock(kind="speech", role=role, paragraphs=(one[:at] + "ん" + one[at:] + two,)))
            case "role":
                read.append(ReadBlock(kind="speech", role=draw(st.sampled_from(ROLES)), paragraphs=(one, two)))
            case "in":
                read.append(ReadBlock(kind="speech", role=role, paragraphs=(one + two,)))
                read.append(ReadBlock(kind="speech", role=draw(st.sampled_from(ROLES)), paragraphs=(draw(TEXTS),)))
    return sample().model_copy(update={"body": body}), read


@given(corrections())
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_whatever_was_corrected_the_minutes_print_as_the_file_does(case: tuple[Minutes, list[ReadBlock]]) -> None:
    minutes, read = case
    work = BodyEdits(minutes, read, "t").work()
    after = applied(minutes, ReturnedEdits(tuple(work.operations), tuple(work.differences), "k"))
    assert turns(after) == [f"{block.role}:{block.text}" for block in read]
    words = [s.text for b in minutes.body if isinstance(b, Speech) for p in b.paragraphs for s in p]
    assert len(words) == sum(len(b.paragraphs[0]) for b in minutes.body if isinstance(b, Speech))
