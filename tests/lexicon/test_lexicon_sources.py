"""Terms from a meeting, handouts and dictionaries."""

import datetime
from pathlib import Path

import pytest

from pipeline.errors import LexiconFileError
from pipeline.lexicon.dictionary import import_terms, read_dictionary, write_dictionary
from pipeline.lexicon.handouts import from_handouts
from pipeline.lexicon.lexicon import build_lexicon, merge
from pipeline.lexicon.meeting_terms import from_meeting
from pipeline.lexicon.terms import make_term
from pipeline.records.meeting import AgendaItem, Meeting, Member, RosterRole

MEETING = Meeting(
    name="令和8年度 第2回若葉市環境審議会",
    secretariat="環境部脱炭素推進課",
    date=datetime.date(2026, 7, 1),
    agenda=(AgendaItem(kind="議案", number=1, title="若葉市気候変動適応計画(案)について"),),
    roster=(RosterRole(role="会長", members=(Member(office="会長", name="神谷 由紀"),), chairs=True),),
    terms=(("ワカバール", None), ("CEMS", "セムズ")),
)


def test_meeting_gives_titles_offices_names_and_own_terms() -> None:
    found = {term.written: term for term in from_meeting(MEETING)}
    assert found["CEMS"].reading == "セムズ"
    assert found["ワカバール"].weight == 1.0
    assert "脱炭素推進課" in found
    assert "気候変動適応計画" in found
    assert "神谷" in found
    assert all(not term.written.startswith("回") for term in found.values())


def test_a_name_is_listened_for_with_each_reading_and_as_people_are_called() -> None:
    found = {(term.written, term.reading) for term in from_meeting(MEETING)}
    assert {("神谷", "カミヤ"), ("神谷会長", "カミヤカイチョウ"), ("会長の神谷です", "カイチョウノカミヤデス")} <= found


def test_a_meetings_term_beats_the_same_term_elsewhere() -> None:
    one, other = make_term("庁議", "ちょうぎ", "builtin", 0.3), make_term("庁議", "チョウギ", "meeting", 1.0)
    assert one is not None and other is not None
    assert merge([one, other]) == (other,)


def test_digest_tells_lexicons_apart() -> None:
    one, other = build_lexicon(MEETING, builtin=False), build_lexicon(Meeting(), builtin=False)
    assert one.digest != other.digest
    assert one.digest == build_lexicon(MEETING, builtin=False).digest


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932"])
def test_ime_exports_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "辞書.txt"
    header = "!Microsoft IME Dictionary Tool\r\n!Version:\r\n"
    lines = header + "ちょうぎ\t庁議\t名詞\tコメント\r\nわかばーる\tワカバール\t固有名詞\r\n"
    path.write_bytes(lines.encode(encoding))
    assert [(term.written, term.reading) for term in import_terms(path)] == [
        ("庁議", "チョウギ"),
        ("ワカバール", "ワカバール"),
    ]


def test_atok_export(tmp_path: Path) -> None:
    path = tmp_path / "atok.txt"
    path.write_bytes("!!ATOK_TANGO_TEXT_HEADER_1\r\nしょかん\t所管\t名詞サ変*\r\n".encode("utf-16"))
    assert [term.written for term in import_terms(path)] == ["所管"]


def test_import_of_something_else_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("拝啓 時下ますます…", encoding="utf-8")
    with pytest.raises(LexiconFileError, match="no terms found"):
        import_terms(path)


def test_dictionary_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "office" / "dictionary.toml"
    term = make_term('C:\\庁内"システム"', "ちょうないしすてむ", "dictionary", 0.7)
    assert term is not None
    write_dictionary(path, [term])
    assert read_dictionary(path) == (term,)


def test_csv_with_and_without_readings(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text("表記,読み\n若葉台,わかばだい\n庁議室\n", encoding="utf-8")
    assert [(term.written, term.reading) for term in read_dictionary(path)] == [
        ("若葉台", "ワカバダイ"),
        ("庁議室", "チョウギシツ"),
    ]


def test_a_reading_that_is_not_kana_is_named(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text("庁議,chougi\n", encoding="utf-8")
    with pytest.raises(LexiconFileError, match="chougi"):
        read_dictionary(path)


def test_a_missing_dictionary_is_empty(tmp_path: Path) -> None:
    assert read_dictionary(tmp_path / "none.toml") == ()


TEXT = "若葉市気候変動適応計画について\n" + "適応策の推進体制として気候変動適応センターを設置する。\n" * 3


def _docx(path: Path) -> None:
    import docx

    document = docx.Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(str(path))


def _pptx(path: Path) -> None:
    from pptx import Presentation

    deck = Presentation()
    for line in TEXT.splitlines():
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = line
    deck.save(str(path))


def _xlsx(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for line in TEXT.splitlines():
        book.active.append([1, line, None])
    book.save(path)


def _txt(path: Path) -> None:
    path.write_text(TEXT, encoding="cp932")


@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx", "txt"])
def test_handouts_of_every_kind(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"資料.{kind}"
    {"docx": _docx, "pptx": _pptx, "xlsx": _xlsx, "txt": _txt}[kind](path)
    written = {term.written for term in from_handouts([path])}
    assert "気候変動適応センター" in written
    assert "気候変動適応計画" in written


def test_damaged_and_foreign_handouts(tmp_path: Path) -> None:
    damaged = tmp_path / "資料.docx"
    damaged.write_bytes(b"PK\x03\x04 not really")
    foreign = tmp_path / "資料.jtd"
    foreign.write_bytes(b"x")
    for path in (damaged, foreign, tmp_path / "none.pdf"):
        with pytest.raises(LexiconFileError) as caught:
            from_handouts([path])
        assert str(path) in caught.value.cause
