"""txt, html, vtt, seglst, rttm and json. Golden text: `python tests/render/test_text_formats.py` writes it anew."""

import html.parser
import itertools
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import KaigirokuError
from pipeline.records.minutes import Minutes, Sentence, Speech
from pipeline.records.speakers import Diarization, SpeakerSegment
from pipeline.records.words import Word
from pipeline.render import html as html_renderer
from pipeline.render import text as text_renderer
from pipeline.render.context import form_of
from pipeline.render.form import Form
from pipeline.render.form_folder import form_folder
from pipeline.render.minutes_json import minutes_json, read_minutes
from pipeline.render.rttm import rttm
from pipeline.render.seglst import seglst, speeches
from pipeline.render.vtt import LONGEST, split, vtt

DATA = Path(__file__).parent.parent / "data"
GOLDEN = DATA / "golden" / "minutes_sample.txt"
NASTY = '<script>alert(1)</script> & {{ form.name }} " --> ]]>\x00\x07 おわり'


def make_html(form: Form) -> str:
    return html_renderer.html(form, form_folder())


def make_text(form: Form) -> str:
    return text_renderer.text(form, form_folder())


def sentence(text: str, start: int = 0, end: int = 10_000, words: tuple[Word, ...] = ()) -> Sentence:
    return Sentence(text=text, start_ms=start, end_ms=end, words=words)


def spoken(minutes: Minutes, *sentences: Sentence, role: str = "委員") -> Minutes:
    speech = Speech(
        id="b1", role=role, speaker="S01", confidence=0.87654, paragraphs=(sentences,), start_ms=0, end_ms=10_000
    )
    return minutes.model_copy(update={"body": (speech,)})


def test_the_plain_text(sample: Minutes) -> None:
    assert make_text(form_of(sample)) == GOLDEN.read_text(encoding="utf-8")


# ---- html -------------------------------------------------------------------------------------------------------


class Page(html.parser.HTMLParser):
    """Collects tags and text, and fails on a tag that is closed in the wrong place."""

    void = frozenset({"meta", "col", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data


def test_the_page_needs_nothing_from_outside(sample: Minutes) -> None:
    page = make_html(form_of(sample))
    assert not re.search(r"https?:|//|url\(|@import|<script|<link|<img", page.split("<body>")[0])
    assert not [tag for tag, attrs in Page(page).tags if tag in ("script", "link", "img", "iframe") or "src" in attrs]


def test_html_escapes_what_people_say(short: Minutes) -> None:
    page = Page(make_html(form_of(spoken(short, sentence(NASTY), role="<b>委員"))))
    assert '<b>委員\uff1a<script>alert\uff081\uff09</script> & {{ form.name }} " --> ]]> おわり' in page.text
    assert not [tag for tag, _ in page.tags if tag in ("script", "b")]


def test_html_marks_what_to_look_at(sample: Minutes, short: Minutes) -> None:
    draft = make_html(form_of(sample))
    assert draft.count('<mark class="look" title="00:') == 3
    assert "<mark>【聞き取り不能 00:02:21】</mark>" in draft
    assert "閉会時刻は録音の長さから推定しました。" in draft
    final = make_html(form_of(sample, final=True))
    assert "※" not in Page(final).text
    assert 'class="notes"' not in final
    assert make_html(form_of(short, final=True)).count("<mark>【要確認】</mark>") == 12


def test_a_role_nobody_knows_stands_out(short: Minutes) -> None:
    page = make_html(form_of(spoken(short, sentence("はい。"), role="【要確認】"), final=True))
    assert "<p><mark>【要確認】</mark>\uff1aはい。</p>" in page


def test_html_and_word_print_the_same_words(sample: Minutes) -> None:
    form = form_of(sample, final=True)
    page = re.sub(r"\s", "", Page(make_html(form)).text)
    printed = [form.name, form.when, *(item for group in form.agenda for item in group.items), form.opening]
    printed += [text for block in form.body for text in (block.role + block.colon + block.first, *block.more)]
    printed += [form.closing, *form.handouts]
    place = 0
    for text in printed:
        place = page.index(re.sub(r"\s", "", text), place)


def test_an_unknown_variable_in_the_html_template_is_named(short: Minutes, tmp_path: Path) -> None:
    path = tmp_path / "template.html"
    path.write_text("{{ form.plaice }}", encoding="utf-8")
    folder = form_folder().model_copy(update={"folder": tmp_path})
    with pytest.raises(KaigirokuError, match=r"template\.html: the template uses the variable 'plaice'"):
        html_renderer.html(form_of(short), folder)
    path.unlink()
    with pytest.raises(KaigirokuError, match="there is no such template"):
        html_renderer.html(form_of(short), folder)


# ---- vtt --------------------------------------------------------------------------------------------------------

CUE = re.compile(r"(\d\d+):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d\d+):([0-5]\d):([0-5]\d)\.(\d{3})")


def cues(text: str) -> list[tuple[int, int, str]]:
    """Read WebVTT strictly: header, blocks parted by one empty line, a timing line, then text without -->."""
    header, *blocks = text.removesuffix("\n").split("\n\n")
    assert header == "WEBVTT"
    read = []
    for block in blocks:
        timing, *lines = block.split("\n")
        match = CUE.fullmatch(timing)
        assert match is not None
        assert len(lines) == 1
        assert not re.search(r"<|>|&(?!amp;|lt;|gt;)", lines[0])
        h1, m1, s1, f1, h2, m2, s2, f2 = map(int, match.groups())
        read.append((((h1 * 60 + m1) * 60 + s1) * 1000 + f1, ((h2 * 60 + m2) * 60 + s2) * 1000 + f2, lines[0]))
    return read


def test_captions_of_the_sample_are_valid_and_in_order(sample: Minutes) -> None:
    read = cues(vtt(sample))
    assert [cue[0] for cue in read] == sorted(cue[0] for cue in read)
    assert all(start < end <= sample.duration_ms for start, end, _ in read)
    heard = "".join(text.split("\uff1a", 1)[-1] for _, _, text in read)
    everything = [s.text for speech in speeches(sample) for paragraph in speech.paragraphs for s in paragraph]
    shown = heard.replace("【聞き取り不能】", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == "".join(everything)


def test_captions_escape_and_carry_the_role(short: Minutes) -> None:
    (cue,) = cues(vtt(spoken(short, sentence("a < b --> c & d\n\nWEBVTT"))))
    assert cue == (0, 10_000, "委員\uff1aa &lt; b --&gt; c &amp; d WEBVTT")


def test_a_sentence_without_length_still_shows(short: Minutes) -> None:
    assert cues(vtt(spoken(short, sentence("はい。", 500, 500))))[0][:2] == (500, 501)


def test_pieces_of_a_long_sentence_begin_with_their_words(short: Minutes) -> None:
    texts = ["これは長い文の前半でございまして、", "まだまだ続いておりますので、", "ここで字幕が分かれるはずです。"]
    times = [(0, 1000), (4000, 5000), (7000, 9000)]
    words = tuple(
        Word(start_ms=start, end_ms=end, raw=text, probability=1.0)
        for text, (start, end) in zip(texts, times, strict=True)
    )
    read = cues(vtt(spoken(short, sentence("".join(texts), 0, 9000, words))))
    assert [(start, end) for start, end, _ in read] == [(0, 7000), (7000, 9000)]
    assert read[1][2] == f"委員\uff1a{texts[2]}"


@given(st.text(alphabet="あ、。!a ", max_size=300), st.integers(min_value=1, max_value=60))
def test_splitting_loses_nothing_and_keeps_the_length(text: str, longest: int) -> None:
    pieces = split(text, longest)
    assert "".join(text[start:end] for start, end in pieces) == text
    assert all(0 < end - start <= longest for start, end in pieces)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(pieces))
    assert LONGEST == 40


# ---- seglst and rttm --------------------------------------------------------------------------------------------


def test_seglst_is_read_by_meeteval(sample: Minutes, tmp_path: Path) -> None:
    meeteval = pytest.importorskip("meeteval")
    pytest.importorskip("simplejson", reason="MeetEval reads SegLST with it")
    path = tmp_path / "transcript.seglst.json"
    path.write_text(seglst(sample, "kaigi 1"), encoding="utf-8")
    read = meeteval.io.load(path)
    assert read.unique("session_id") == {"kaigi 1"}
    assert len(read) == sum(len(p) for speech in speeches(sample) for p in speech.paragraphs)
    assert all(segment["end_time"] > segment["start_time"] for segment in read)
    assert {"本部長", "副本部長", "部員", "事務局"} == {segment["role"] for segment in read}
    result = meeteval.wer.cpwer(reference=str(path), hypothesis=str(path))
    assert result["kaigi 1"].errors == 0


def test_seglst_times_are_seconds(short: Minutes) -> None:
    (segment,) = json.loads(seglst(spoken(short, sentence("はい。", 1500, 2250)), "s"))
    assert segment == {
        "session_id": "s",
        "speaker": "S01",
        "start_time": 1.5,
        "end_time": 2.25,
        "words": "はい。",
        "role": "委員",
        "confidence": 0.8765,
    }


def test_rttm_is_read_back(tmp_path: Path) -> None:
    segments = (
        SpeakerSegment(speaker="S01", start_ms=0, end_ms=1500),
        SpeakerSegment(speaker="S02", start_ms=1250, end_ms=60_000),
    )
    text = rttm(Diarization(segments=segments, exclusive=segments[:1]), "第1回 会議")
    path = tmp_path / "speakers.rttm"
    path.write_text(text, encoding="utf-8")
    lines = [line.split(" ") for line in text.splitlines()]
    assert lines[0] == ["SPEAKER", "第1回_会議", "1", "0.000", "1.500", "<NA>", "<NA>", "S01", "<NA>", "<NA>"]
    assert [float(lines[1][3]), float(lines[1][4])] == [1.25, 58.75]
    meeteval = pytest.importorskip("meeteval")
    assert len(meeteval.io.load(path)) == 2


# ---- json -------------------------------------------------------------------------------------------------------


def test_minutes_json_round_trips(sample: Minutes, tmp_path: Path) -> None:
    path = tmp_path / "minutes.json"
    path.write_text(minutes_json(sample), encoding="utf-8")
    assert read_minutes(path) == sample


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"{", "is not JSON"),
        (b"[]", "is not kaigiroku-minutes/1 but something else"),
        (b'{"schema_name": "kaigiroku-minutes/9"}', "is not kaigiroku-minutes/1 but kaigiroku-minutes/9"),
        (b'{"schema_name": "kaigiroku-minutes/1", "name": 3}', r"name: Input should be a valid string; .*and \d+ more"),
    ],
)
def test_a_bad_minutes_json_is_explained(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "minutes.json"
    path.write_bytes(content)
    with pytest.raises(KaigirokuError, match=told) as caught:
        read_minutes(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_minutes_json_is_told(tmp_path: Path) -> None:
    with pytest.raises(KaigirokuError, match="there is no such file"):
        read_minutes(tmp_path / "minutes.json")
    with pytest.raises(KaigirokuError, match="cannot be read"):
        read_minutes(tmp_path)


if __name__ == "__main__":
    GOLDEN.write_text(make_text(form_of(read_minutes(DATA / "minutes_sample.json"))), encoding="utf-8")
