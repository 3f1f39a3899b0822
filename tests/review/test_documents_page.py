"""The form as it will print, documents from the page, and a corrected Word file back in."""

import io
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
import pytest
from docx.oxml.ns import qn

from pipeline.editing.desk import Desk, Submission, corrected
from pipeline.editing.speech import speech_text
from pipeline.records.edits import SetFront, WithholdPassages
from pipeline.records.meeting import Meeting
from pipeline.records.withheld import WithheldPassage
from pipeline.store.library import Library
from pipeline.store.people import People
from pipeline.store.tables.meetings import State
from tests.editing.cases import texts
from tests.review.conftest import SAMPLE, Server, add_drafted, until
from tests.review.test_meetings_api import Client

SPOKEN = "図書館開館時間の変更について"


@pytest.fixture
def own_library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library", create=True)


@pytest.fixture
def client(own_library: Library) -> Client:
    return Client(own_library)


@pytest.fixture
def drafted(own_library: Library, sample_meeting: Meeting, sample_draft: Path) -> str:
    return add_drafted(own_library, sample_meeting, sample_draft)


def exported(client: Client, meeting: str, **wanted: Any) -> Any:
    return client.post(f"/api/meetings/{meeting}/export", wanted)


def name_of(answer: Any) -> str:
    return unquote(answer.headers["content-disposition"].split("''")[1])


def paragraphs(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(p.text for p in [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs)])


def test_the_form_is_shown_without_any_script(client: Client, own_library: Library, drafted: str):
    desk = Desk(own_library, drafted)
    front = desk.fold.sheet.front.model_copy(update={"place": "<script>alert(1)</script>"})
    desk.submit(Submission(key="a", operations=(SetFront(front=front),)), "")
    answer = client.get(f"/meetings/{drafted}/document?kind=final")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
    assert "&lt;script&gt;alert" in answer.text and "<script" not in answer.text
    assert SPOKEN in answer.text and "確認していただきたいこと" not in answer.text
    assert "確認していただきたいこと" in client.get(f"/meetings/{drafted}/document").text


def test_documents_in_every_format(client: Client, own_library: Library, drafted: str):
    word = exported(client, drafted, kind="final", formats=["docx"])
    assert SPOKEN in paragraphs(word.content) and name_of(word) == (
        "2026-07-14_令和8年度 第2回若葉市図書館協議会_会議録（確定版）.docx"
    )
    assert exported(client, drafted, kind="doubtful", formats=["docx"]).content[:2] == b"PK"
    several = exported(client, drafted, formats=["txt", "seglst", "html", "json", "vtt"])
    assert name_of(several).endswith(".zip")
    assert len(zipfile.ZipFile(io.BytesIO(several.content)).namelist()) == 5
    assert [row.action for row in People(own_library).log(3)] == ["exported"] * 3
    for wrong in ({"formats": []}, {"formats": ["exe"]}, {"kind": "secret"}, {"kind": "public", "formats": ["json"]}):
        assert exported(client, drafted, **{"formats": ["docx"], **wrong}).status_code in (400, 422)


@pytest.mark.office
def test_a_pdf(client: Client, drafted: str):
    assert exported(client, drafted, kind="final", formats=["pdf"]).content[:5] == b"%PDF-"


def test_a_public_copy_is_asked_about_and_holds_nothing_withheld(client: Client, own_library: Library, drafted: str):
    asked = exported(client, drafted, kind="public", formats=["txt"])
    assert asked.status_code == 409 and "1つも指定されていません" in asked.json()["questions"][0]
    desk = Desk(own_library, drafted)
    block = desk.fold.sheet.speech("b0007")
    text = block.paragraphs[0][0].text
    passage = WithheldPassage(start=0, end=len(text), ground="条例第7条第2号", by="館長", only_here=True)
    desk.submit(Submission(key="w", operations=(WithholdPassages(id=block.id, passages=(passage,)),)), "")
    public = exported(client, drafted, kind="public", formats=["txt", "mp3"], mask="blocks")
    assert public.status_code == 200, public.text
    files = zipfile.ZipFile(io.BytesIO(public.content))
    told = files.read("2026-07-14_会議録（公開用）.txt").decode()
    assert "■■■" in told and text[:8] not in told and "若葉市図書館協議会" not in name_of(public)
    assert files.read("2026-07-14_録音（公開用）.mp3")[:3] in (b"ID3", b"\xff\xf3\xc4", b"\xff\xf3\x84")
    listed = client.post(f"/api/meetings/{drafted}/register")
    assert name_of(listed) == "非公開箇所一覧.xlsx" and listed.content[:2] == b"PK"


def test_a_name_that_stands_elsewhere_keeps_the_copy_from_being_made(
    client: Client, own_library: Library, drafted: str
):
    desk = Desk(own_library, drafted)
    place = speech_text(desk.fold.sheet.speech("b0007")).index("学校")
    passage = WithheldPassage(start=place, end=place + 2, ground="条例第7条第2号", by="館長")
    desk.submit(Submission(key="w", operations=(WithholdPassages(id="b0007", passages=(passage,)),)), "")
    refused = exported(client, drafted, kind="public", formats=["txt"])
    assert refused.status_code == 409 and "指定のないところにもあります" in refused.json()["detail"]
    shown = client.get(f"/meetings/{drafted}/document?kind=public")
    assert shown.status_code == 409 and "指定のないところにもあります" in shown.text
    assert "frame-ancestors 'self'" in shown.headers["content-security-policy"]  # it stands in the preview's frame


def sent(client: Client, meeting: str, data: bytes, **query: str) -> Any:
    given = "&".join(f"{name}={value}" for name, value in query.items())
    return client.post(f"/api/meetings/{meeting}/import?{given}", content=data)


def retyped(data: bytes, old: str, new: str) -> bytes:
    document = docx.Document(io.BytesIO(data))
    for part in document.element.body.iter(qn("w:t")):
        part.text = (part.text or "").replace(old, new)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def test_a_corrected_word_file_comes_back_as_one_edit(client: Client, own_library: Library, drafted: str):
    word = exported(client, drafted, kind="final", formats=["docx"]).content
    assert sent(client, drafted, word, try_only="true").json() == {"count": 0, "differences": []}
    changed = retyped(word, "学校の授業", "学校<b>の授業")
    tried = sent(client, drafted, changed, try_only="true").json()
    assert tried["count"] == 1 and "学校<b>の授業" in tried["differences"][0]
    assert Desk(own_library, drafted).fold.number == 0
    for _ in range(2):  # the same file twice is entered once
        assert sent(client, drafted, changed, try_only="false").status_code == 200
    assert Desk(own_library, drafted).fold.number == 1
    assert any("学校<b>の授業" in text for _, text in texts(corrected(own_library, drafted)))
    assert own_library.meeting(drafted).state is State.CORRECTING


def test_what_is_not_this_meetings_word_file_is_refused(client: Client, own_library: Library, drafted: str):
    for wrong, query in ((b"", {}), (b"PK\x03\x04 no archive", {}), (SAMPLE.read_bytes(), {"anyway": "true"})):
        answer = sent(client, drafted, wrong, try_only="false", **query)
        assert answer.status_code == 400 and "Word" in answer.json()["detail"]
    other = docx.Document()
    other.add_paragraph("会長：それでは始めます。")
    saved = io.BytesIO()
    other.save(saved)
    foreign = sent(client, drafted, saved.getvalue(), try_only="false")
    assert foreign.status_code == 409 and foreign.json()["kind"] == "ForeignMinutesError"
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"word/{number}.xml", bytes(100 << 20))
    assert sent(client, drafted, bomb.getvalue(), try_only="true").status_code == 413
    assert Desk(own_library, drafted).fold.number == 0


@pytest.mark.browser
def test_word_out_of_the_page_and_back_in(page: Any, server: Server, library: Library, meeting: str, tmp_path: Path):
    page.goto(f"{server.address}/meetings/{meeting}/preview")
    page.wait_for_selector("body[data-ready=yes]")
    assert (
        page.frame_locator("#paper").get_by_text("会 議 録").count()
        or page.frame_locator("#paper").get_by_text("会　議　録").count()
    )
    page.get_by_label("確定版").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="書き出す", exact=True).click()
    word = Path(download.value.path()).read_bytes()
    assert SPOKEN in paragraphs(word)
    page.get_by_label("公開用の写し").check()
    page.get_by_role("button", name="書き出す", exact=True).click()
    until(page, "document.querySelector('#questions').textContent.includes('1つも指定されていません')")
    corrected_file = tmp_path / "直した.docx"
    corrected_file.write_bytes(retyped(word, "学校の授業", "学校<b>の</b>授業"))
    page.set_input_files("#word", corrected_file)
    page.get_by_role("button", name="取り込む", exact=True).click()
    until(page, "document.querySelector('#differences').textContent.includes('1件の違いを取り込みました')")
    assert any("学校<b>の</b>授業" in text for _, text in texts(corrected(library, meeting)))
    until(page, "document.querySelector('#state').textContent === '修正中'")
    page.get_by_role("button", name="確定する").click()
    until(page, "document.querySelector('#state').textContent === '確定'")
    assert library.meeting(meeting).state is State.FINAL
