"""Minutes read back from Word survive what clerks do to them."""

from pathlib import Path

import pytest
import word_edits as clerk
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.form import ReadForm, form_of_word, read_form
from pipeline.documents.lines import LineReader
from pipeline.documents.word import WordFile, WordParagraph
from pipeline.errors import TranscriptFileError
from pipeline.records.minutes import Explanation, Minutes, Speech
from pipeline.render.documents import render
from pipeline.render.minutes_json import read_minutes
from pipeline.render.typography import in_form

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def sample() -> Minutes:
    return read_minutes(DATA / "minutes_sample.json")


@pytest.fixture(scope="module")
def word_file(sample: Minutes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (path,) = render(sample, tmp_path_factory.mktemp("word"), ["docx"])
    return path


@pytest.fixture
def read_after(word_file: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    def read(*edits: clerk.Edit) -> ReadForm:
        return read_form(clerk.edited(word_file, tmp_path / "edited.docx", *edits))

    return read


def turns(form: ReadForm) -> list[tuple[str, str]]:
    return [(block.role, block.text) for block in form.body if block.kind == "speech"]


def printed(minutes: Minutes) -> list[tuple[str, str]]:
    return [
        (block.role, "".join(sentence.text for paragraph in block.paragraphs for sentence in paragraph))
        for block in minutes.body
        if isinstance(block, Speech)
    ]


def test_what_was_printed_is_read_back(word_file: Path, sample: Minutes) -> None:
    form = read_form(word_file)
    assert turns(form) == printed(sample)
    told = [in_form(block.text) for block in sample.body if isinstance(block, Explanation)]
    assert [block.text for block in form.body if block.kind == "explanation"] == told
    assert [block.kind for block in form.body].count("heading") == 3
    assert [block.text for block in form.body if block.kind == "decision"] == ["了承"] * 3
    assert (form.body[0].kind, form.body[-1].kind) == ("session", "session")
    assert "inaudible" in {block.kind for block in form.body}
    assert form.field("開催", "場所") == ("庁議室（本庁舎5階）",)
    assert form.field("機関又は会議の名称") == ("令和8年度 第1回北見台市情報化推進本部",)
    assert form.roles == ("部員", "事務局")


def test_tracked_changes_count_as_accepted(read_after, sample: Minutes) -> None:  # type: ignore[no-untyped-def]
    form = read_after(
        clerk.tracked("平均で27分", "平均で二十七分"),
        clerk.moved("自動で", before="当日の朝"),
        clerk.replaced("1割に満たない", "1割に届かない"),
    )
    changed = "".join(text for _, text in turns(form))
    assert "平均で二十七分でした" in changed and "27分" not in changed
    assert "自動で当日の朝9時" in changed and "空き枠" in changed and changed.count("自動で") == 1
    assert "1割に届かない" in changed
    assert len(turns(form)) == len(printed(sample))


def test_a_deleted_paragraph_end_joins_the_paragraphs(read_after) -> None:  # type: ignore[no-untyped-def]
    form = read_after(clerk.paragraph_end_deleted("最も大きな効果が見られました"))
    (block,) = [block for block in form.body if "効果が見られました" in block.text]
    assert len(block.paragraphs) == 1
    assert "見られました。また、予約の取り消し" in block.text


def test_deleted_rows_are_gone(read_after, word_file: Path) -> None:  # type: ignore[no-untyped-def]
    whole = read_form(word_file)
    form = read_after(clerk.row_deleted_tracked("庁議室"), clerk.row_removed("総務部情報政策課"))
    assert form.field("開催", "場所") == ()
    assert form.field("事務局(担当課)") == ()
    assert form.body == whole.body


def test_merged_cells_keep_the_body(read_after, word_file: Path) -> None:  # type: ignore[no-untyped-def]
    def without_margin(xml: str) -> str:
        """The clerk merges the margin label into the body's cell: one cell over all columns, the label in front."""
        row = clerk.row_of("ただいまより令和8年度", xml)
        first, rest = row.split("</w:tc>", 1)
        label = "<w:p><w:r><w:t>審議経過</w:t></w:r></w:p>"
        merged = first[: first.index("<w:tc>")] + rest.replace("</w:tcPr>", f"</w:tcPr>{label}", 1)
        return xml.replace(row, merged)

    whole, form = read_form(word_file), read_after(without_margin)
    assert turns(form) == turns(whole)
    assert [block.kind for block in form.body if block.kind != "text"] == [block.kind for block in whole.body]


def test_fonts_struck_text_hidden_text_and_ruby(read_after) -> None:  # type: ignore[no-untyped-def]
    ruby = (
        "<w:r><w:ruby><w:rt><w:r><w:t>しゅうしゅう</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>収集</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    control = "<w:sdt><w:sdtContent><w:r><w:t>日程の調整</w:t></w:r></w:sdtContent></w:sdt>"
    form = read_after(
        clerk.styled("収集作業", "<w:strike/>", None),
        clerk.styled("手書きで対応", '<w:rFonts w:eastAsia="HGｺﾞｼｯｸE"/><w:sz w:val="32"/>'),
        clerk.styled("同様の事象", "<w:vanish/>"),
        clerk.inserted_xml("保護者", ruby.replace("収集", "保護者").replace("しゅうしゅう", "ほごしゃ")),
        clerk.inserted_xml("日程の調整", control),
        clerk.styled("紙の伝票", '<w:strike w:val="false"/>'),
    )
    text = "".join(text for _, text in turns(form))
    assert "収集作業" not in text and "同様の事象" not in text and "ほごしゃ" not in text
    assert "職員が手書きで対応した日が2日あります" in text
    assert "保護者の方から結果の理由を" in text and "日程の調整を相談" in text and "紙の伝票がまだ" in text


def test_a_role_renamed_and_full_width_spaces(read_after, sample: Minutes) -> None:  # type: ignore[no-untyped-def]
    form = read_after(
        clerk.replaced(">副本部長<", ">政策経営部長（副本部長）<"),
        clerk.replaced(">本部長<", ">本　部　長<"),
        clerk.replaced("\uff1a会計の立場から", "\u3000\uff1a\u3000会計の立場から"),
    )
    roles = {"副本部長": "政策経営部長(副本部長)"}
    assert [role for role, _ in turns(form)] == [roles.get(role, role) for role, _ in printed(sample)]
    assert [text for _, text in turns(form)] == [text for _, text in printed(sample)]


def test_turns_typed_without_the_styles(sample: Minutes) -> None:
    lines = [f"{role}\uff1a{text}" for role, text in printed(sample)]
    plain = WordFile(blocks=tuple(WordParagraph(text=line) for line in lines))
    assert turns(form_of_word(plain)) == printed(sample)


def read_lines(*lines: str, roles: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    reader = LineReader(lines, roles)
    return [(line.kind, line.role, line.text) for text in lines if (line := reader.read(text))]


@pytest.mark.parametrize(
    ("line", "kind", "role", "text"),
    [
        ("部員※\uff1aはい。", "speech", "部員", "はい。"),
        ("○議長（佐藤一郎君）\u3000これより開会します。", "speech", "議長(佐藤一郎君)", "これより開会します。"),
        ("【事務局】お答えします。", "speech", "事務局", "お答えします。"),
        ("委員A: はい。", "speech", "委員A", "はい。"),
        ("田中\uff1aはい。", "speech", "田中", "はい。"),
        ("事務局\u3000お答えします。", "speech", "事務局", "お答えします。"),
        ("[午後1時07分 開会]", "session", "", "[午後1時07分 開会]"),
        ("―原案のとおり可決―", "decision", "", "原案のとおり可決"),
        ("〔事務局\uff1a「議案(1)予算」を説明〕", "explanation", "", "〔事務局\uff1a「議案(1)予算」を説明〕"),
        ("議案（2） 予算について", "heading", "", "議案（2） 予算について"),
        ("時間は10:30からです。", "text", "", "時間は10:30からです。"),
        ("資料\uff1a別添のとおり", "text", "", "資料\uff1a別添のとおり"),
        ("https://example.jp/ を参照", "text", "", "https://example.jp/ を参照"),
        ("報告案件は三件です。", "text", "", "報告案件は三件です。"),
    ],
)
def test_lines_are_told_apart(line: str, kind: str, role: str, text: str) -> None:
    assert read_lines(line, roles=("事務局",)) == [(kind, role, text)]


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"not Word at all", "is not a Word file"), (bytes.fromhex("d0cf11e0a1b11ae1"), "old .doc file or protected")],
)
def test_a_file_that_is_no_word_file_is_named(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "minutes.docx"
    path.write_bytes(data)
    with pytest.raises(TranscriptFileError, match=told) as caught:
        read_form(path)
    assert caught.value.file == str(path) and caught.value.exit_code == 25


def test_a_document_in_which_nobody_speaks_is_an_error(tmp_path: Path) -> None:
    import docx as python_docx

    document = python_docx.Document()
    document.add_paragraph("本日は晴天なり。")
    document.save(str(tmp_path / "letter.docx"))
    with pytest.raises(TranscriptFileError, match="no turn was found"):
        read_form(tmp_path / "letter.docx")


words = st.text(alphabet="会議はを進め、ますabc12（）「」。", min_size=1, max_size=30)


@given(
    st.lists(
        st.tuples(st.sampled_from(["会長", "委員", "事務局", "福祉課長(部長代理)"]), words), min_size=1, max_size=6
    )
)
@settings(max_examples=60, deadline=None)
def test_every_turn_is_found_whatever_is_said(said: list[tuple[str, str]]) -> None:
    plain = WordFile(blocks=tuple(WordParagraph(text=f"{role}\uff1a{text}") for role, text in said))
    assert turns(form_of_word(plain)) == said
