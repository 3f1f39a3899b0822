"""What is marked is gone from every file, however it is marked; what cannot be kept back is not given out."""

import io
import zipfile

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from withheld_cases import GROUND, minutes_of, rendered, sentence, speech

from pipeline.errors import WithheldError
from pipeline.publication.leaks import Finder
from pipeline.publication.masking import Mask, public_minutes
from pipeline.publication.public_copy import public_copy
from pipeline.publication.questions import questions, still_open
from pipeline.records.minutes import Minutes
from pipeline.records.withheld import WithheldItem, WithheldName, WithheldPassage

L, R = "\uff08", "\uff09"


def marked(minutes: Minutes, place: int, **fields: object) -> Minutes:
    """With one block changed."""
    body = list(minutes.body)
    body[place] = body[place].model_copy(update=fields)
    return minutes.model_copy(update={"body": tuple(body)})


def passage(start: int, end: int, **fields: object) -> WithheldPassage:
    return WithheldPassage.model_validate({**GROUND.model_dump(), "start": start, "end": end, **fields})


def lines(minutes: Minutes, mask: Mask = Mask()) -> list[str]:  # noqa: B008
    copied = public_copy(minutes, mask, rendered("txt"), "公開用")
    return [line.strip() for line in copied.files[0][1].decode().splitlines() if line.strip()]


def with_passage(minutes: Minutes, **fields: object) -> Minutes:
    """田中太郎 in the first speech."""
    first, *rest = minutes.body[1].paragraphs[0]
    changed = first.model_copy(update={"withheld": (passage(3, 7, **fields),)})
    return marked(minutes, 1, paragraphs=((changed, *rest),))


def test_a_passage(meeting: Minutes) -> None:
    assert f"委員\uff1a計画は{L}非公開{R}氏の提案で改定します。よろしくお願いします。" in lines(with_passage(meeting))


@pytest.mark.parametrize(
    ("mask", "printed"),
    [
        (Mask(), f"{L}非公開{R}"),
        (Mask(sign="blocks"), "■■■"),
        (Mask(with_ground=True), f"{L}非公開\uff1a条例第7条第2号{R}"),
        (Mask(sign="blocks", with_ground=True), f"■■■{L}条例第7条第2号{R}"),
    ],
)
def test_masks_tell_nothing_of_the_length(meeting: Minutes, mask: Mask, printed: str) -> None:
    assert f"委員\uff1a計画は{printed}氏の提案で改定します。よろしくお願いします。" in lines(
        with_passage(meeting), mask
    )
    longer = marked(meeting, 1, paragraphs=((sentence("計画は田氏", withheld=(passage(3, 4),)),),))
    assert f"委員\uff1a計画は{printed}氏" in lines(longer, mask)


def test_a_whole_speech_goes_with_its_role(meeting: Minutes) -> None:
    told = lines(marked(meeting, 1, withheld=GROUND))
    assert f"{L}非公開{R}" in told
    assert not any("田中" in line or "よろしく" in line for line in told)


def test_neighbours_leave_one_mask(meeting: Minutes) -> None:
    both = marked(marked(meeting, 4, withheld=GROUND), 5, withheld=GROUND)
    assert lines(both).count(f"{L}非公開{R}") == 1


def test_a_whole_item_up_to_the_next_heading(meeting: Minutes) -> None:
    told = lines(marked(meeting, 3, withheld=WithheldItem(**GROUND.model_dump())))
    at = told.index(f"報告案件{L}2{R} 用地の取得について")
    assert told[at + 1] == f"{L}非公開{R}"
    assert told[at + 2] == "[午後2時30分 閉会]"
    assert told.count("―了承―") == 1


def test_an_item_with_its_title(meeting: Minutes) -> None:
    told = lines(marked(meeting, 3, withheld=WithheldItem(**GROUND.model_dump(), title_too=True)))
    assert f"報告案件{L}2{R} {L}非公開{R}" in told
    assert f"{L}2{R} {L}非公開{R}" in told
    assert f"資料{L}2{R} {L}非公開{R}" in told
    assert not any("用地の取得" in line for line in told)


def test_a_name_wherever_it_stands(meeting: Minutes) -> None:
    name = WithheldName(text="田中太郎", ground="条例第7条第2号", by="事務局")
    named = meeting.model_copy(
        update={
            "withheld_names": (name,),
            "handouts": ("田中太郎提出資料", "田 中 太 郎 氏の意見"),
            "place": "田中太郎邸",
        }
    )
    told = lines(named)
    assert f"資料{L}1{R} {L}非公開{R}提出資料" in told
    assert f"資料{L}2{R} {L}非公開{R} 氏の意見" in told
    assert not any("田中" in line or "田 中" in line for line in told)


def test_nothing_unprinted_is_left_in_the_record(meeting: Minutes) -> None:
    copied = public_minutes(marked(meeting, 5, withheld=GROUND), Mask())
    text = copied.model_dump_json()
    for gone in ("西村", "S01", "価格", "地権者", 'words":[{'):
        assert gone not in text
    assert copied.duration_ms == 0


# ---- questions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "with_mark", "asked"),
    [
        ("一部非公開", True, None),
        ("一部非公開", False, "1つも指定されていません"),
        ("公開", False, None),
        ("公開", True, "非公開の箇所が指定されています"),
        ("非公開", True, "写しを作る会議録ではありません"),
        (None, True, "決まっていません"),
    ],
)
def test_boxes_and_marks_are_compared(meeting: Minutes, state: str | None, with_mark: bool, asked: str | None) -> None:
    given = with_passage(meeting) if with_mark else meeting
    openness = given.minutes_openness.model_copy(update={"state": state})
    told = list(questions(given.model_copy(update={"minutes_openness": openness})))
    assert len(told) == (0 if asked is None else 1)
    assert asked is None or asked in told[0]


def test_withheld_words_that_stand_elsewhere_are_not_given_out(meeting: Minutes) -> None:
    again = speech(9, sentence("田中太郎氏に伺います。", 16_000))
    twice = with_passage(meeting).model_copy(update={"body": (*with_passage(meeting).body, again)})
    assert still_open(twice) == ["非公開とした「田中太郎」が、指定のないところにもあります(00:00:16の発言)"]
    with pytest.raises(WithheldError, match="田中太郎"):
        lines(twice)
    allowed = with_passage(twice, only_here=True)
    assert f"委員\uff1a田中太郎氏に伺います。" in lines(allowed)  # noqa: F541


# ---- fail closed ------------------------------------------------------------------------------------------------

SECRET = "二億三千万円"


@pytest.fixture
def priced(meeting: Minutes) -> Minutes:
    return marked(meeting, 4, withheld=GROUND)


def word_with(change: object) -> bytes:
    """A Word file into which somebody has put the secret by this change."""
    ((_, form),) = rendered("docx")(minutes_of(speech(1, sentence("公開してよい文章です。"))))
    document = python_docx.Document(io.BytesIO(form))
    change(document)  # type: ignore[operator]
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _cut_into_runs(document: object) -> None:
    paragraph = document.add_paragraph("")  # type: ignore[attr-defined]
    for sign in SECRET:
        paragraph.add_run(sign)


def _comment(document: object) -> None:
    paragraph = document.paragraphs[0]  # type: ignore[attr-defined]
    document.add_comment(paragraph.runs, text=SECRET, author="x")  # type: ignore[attr-defined]


def _alternative_text(document: object) -> None:
    document.paragraphs[0]._p.set(qn("w:descr"), SECRET)  # type: ignore[attr-defined]


def _bookmark(document: object) -> None:
    mark = document.element.makeelement(qn("w:bookmarkStart"), {qn("w:name"): SECRET})  # type: ignore[attr-defined]
    document.paragraphs[0]._p.append(mark)  # type: ignore[attr-defined]


def _deleted(document: object) -> None:
    gone = document.element.makeelement(qn("w:delText"), {})  # type: ignore[attr-defined]
    gone.text = f"価格は{SECRET}"
    document.paragraphs[0]._p.append(gone)  # type: ignore[attr-defined]


PLACES = {
    "text": lambda d: d.add_paragraph(f"価格は{SECRET}です。"),
    "runs": _cut_into_runs,
    "wide": lambda d: d.add_paragraph("取 得 の 価 格"),
    "comment": _comment,
    "title": lambda d: setattr(d.core_properties, "title", SECRET),
    "author": lambda d: setattr(d.core_properties, "author", f"{SECRET}を決めた人"),
    "header": lambda d: d.sections[0].header.paragraphs[0].add_run(SECRET),
    "alternative text": _alternative_text,
    "bookmark": _bookmark,
    "deletion": _deleted,
    "style": lambda d: d.styles.add_style(SECRET, 1),
    "fragment": lambda d: d.add_paragraph("三千万円でした。"),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_leak_test_finds_it_in_every_corner_of_a_word_file(priced: Minutes, place: str) -> None:
    finder = Finder(priced)
    assert list(finder.leaks("a.docx", word_with(PLACES[place])))
    assert not list(finder.leaks("a.docx", word_with(lambda document: None)))


@pytest.mark.parametrize(
    ("entry", "data"),
    [
        ("customXml/item1.xml", f"<x>{SECRET}</x>".encode()),
        ("customXml/item2.xml", f"<x a='{SECRET}'/>".encode()),
        ("customXml/item3.xml", f"<x><!-- {SECRET} --></x>".encode()),
        ("word/media/image1.png", b"\x89PNG" + SECRET.encode()),
        ("word/embeddings/old.bin", b"\x00" + SECRET.encode("utf-16-le")),
        ("word/embeddings/older.bin", b"\x00" + SECRET.encode("cp932")),
        (f"word/{SECRET}.xml", b"<x/>"),
        ("docProps/thumbnail.jpeg", b"\xff\xd8"),
    ],
)
def test_the_leak_test_finds_it_in_any_part_of_the_package(priced: Minutes, entry: str, data: bytes) -> None:
    package = io.BytesIO(word_with(lambda document: None))
    with zipfile.ZipFile(package, "a") as opened:
        opened.writestr(entry, data)
    assert [leak for leak in Finder(priced).leaks("a.docx", package.getvalue()) if entry in leak.where]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", f"<p title='{SECRET}'>よい文章</p>"),
        ("a.html", f"<!-- {SECRET} --><p>よい文章</p>"),
        ("a.html", "<p>二億<b>三千</b>万円</p>"),
        ("a.html", "<p>二&#20740;三千万円</p>"),
        ("a.txt", "価格は二億三千万円"),
        (f"{SECRET}.txt", "よい文章"),
    ],
)
def test_the_leak_test_finds_it_in_pages_texts_and_names(priced: Minutes, name: str, text: str) -> None:
    assert list(Finder(priced).leaks(name, text.encode()))


def test_the_reading_of_a_name_is_a_leak_but_not_a_part_of_everyday_words(meeting: Minutes) -> None:
    def found(text: str, **fields: object) -> bool:
        name = WithheldName.model_validate({"text": "有田", "ground": "g", "by": "b", **fields})
        named = meeting.model_copy(update={"withheld_names": (name,)})
        return bool(list(Finder(named).leaks("a.txt", text.encode())))

    assert found("アリタ氏の意見")
    assert found("ありたさんの意見")
    assert not found("公平でありたいと思います。")
    assert not found("アリタ氏の意見", reading="")
    assert found("ゆうでん氏の意見", reading="ユウデン")


def test_the_reading_of_a_short_passage_is_a_leak_too(meeting: Minutes) -> None:
    given = with_passage(meeting)
    assert list(Finder(given).leaks("a.txt", "タナカタロウ氏".encode()))
    assert list(Finder(given).leaks("a.txt", "たなかたろうさん".encode()))
    assert not list(Finder(with_passage(meeting, only_here=True)).leaks("a.txt", "タナカタロウ氏".encode()))


def test_what_cannot_be_looked_through_is_not_given_out(priced: Minutes) -> None:
    for file in [("a.xyz", b"?"), ("a.docx", b"no zip"), ("a.pdf", b"no pdf"), ("a.txt", b"\xff")]:
        with pytest.raises(WithheldError, match="調べられませんでした"):
            public_copy(priced, Mask(), lambda minutes, file=file: [file], "公開用")


def test_a_leaking_renderer_a_leaking_name_and_a_leaking_folder_are_stopped(priced: Minutes) -> None:
    def leaking(minutes: Minutes) -> list[tuple[str, bytes]]:
        return [("a.txt", (f"価格は{SECRET}" if minutes.body else "").encode())]

    with pytest.raises(WithheldError, match=r"a\.txtに「") as caught:
        public_copy(priced, Mask(), leaking, "公開用")
    assert caught.value.exit_code == 27
    with pytest.raises(WithheldError, match="フォルダの名前"):
        public_copy(priced, Mask(), rendered("txt"), f"用地({SECRET})")


def test_marks_that_do_not_fit_their_text_are_refused(meeting: Minutes) -> None:
    broken = meeting.body[1].paragraphs[0][0].model_copy(update={"withheld": (passage(3, 99),)})
    with pytest.raises(WithheldError, match="合いません"):
        lines(marked(meeting, 1, paragraphs=((broken,),)))


@pytest.mark.office
def test_the_pdf_is_looked_through_too(priced: Minutes) -> None:
    copied = public_copy(priced, Mask(), rendered("pdf"), "公開用")
    assert [name for name, _ in copied.files] == ["minutes.pdf"]
    shown = rendered("pdf")(minutes_of(speech(1, sentence(f"価格は{SECRET}を予定しています。"))))
    places = {leak.where.split(" ")[1] for leak in Finder(priced).leaks(*shown[0])}
    assert "p." in places
