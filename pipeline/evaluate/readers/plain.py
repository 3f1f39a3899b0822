"""Plain text: 役職:発言 lines, other products' exports with a time before the line, or nothing but the words."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.documents.lines import LineReader, plain_role
from pipeline.errors import TranscriptFileError
from pipeline.evaluate.transcription import Transcription, Utterance

_CLOCK = r"(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,2}):(?P<s>\d{2})(?:[.,]\d{1,3})?"
_TIME_FIRST = re.compile(rf"^\s*[\[(<]?\s*{_CLOCK}\s*(?:(?:-->|[-–~〜\uff5e])\s*[\d:.,]+\s*)?[\])>]?\s*(?=\D|$)")
_HEADER = re.compile(rf"^(?P<role>\S[^:。、]{{0,19}}?)\s+[\[(]?{_CLOCK}[\])]?\s*$")
"""話者 1  00:12 on a line of its own, the words below it."""
_BEGIN, _END = re.compile(r"^\s*審\s*議\s*経\s*過\s*$"), re.compile(r"^\s*提出された資料等")
_SENTENCE = re.compile(r"[^。]+。?")
_LONG_LINE = 400
"""A line of this many characters is no turn but a whole text, and is taken sentence by sentence."""


class _Line(NamedTuple):
    role: str | None
    start_ms: int | None
    text: str
    goes_on: bool


def read_plain(text: str, path: Path) -> Transcription:
    """One utterance per turn, or per line where no line names who speaks. Raises TranscriptFileError when empty."""
    everything = text.splitlines()
    lines = _body(everything)
    reader = LineReader([_without_time(line)[1] for line in lines])
    utterances = tuple(_utterances(list(_lines(lines, reader))))
    if not utterances:
        raise TranscriptFileError(f"{path}: there is no text in it.", "Name the file with the words.", file=path)
    if len(lines) < len(everything):
        return Transcription(name=path.name, source="minutes", utterances=utterances, complete=False)
    return Transcription(name=path.name, source="transcript", utterances=utterances)


def _body(lines: list[str]) -> list[str]:
    """Of our own minutes.txt only what was said; any other text as a whole."""
    begin = next((number + 1 for number, line in enumerate(lines) if _BEGIN.match(line)), 0)
    end = next((number for number, line in enumerate(lines) if number >= begin > 0 and _END.match(line)), len(lines))
    return lines[begin:end]


def _lines(lines: list[str], reader: LineReader) -> Iterator[_Line]:
    waiting: tuple[str, int] | None = None
    for raw in lines:
        if header := _HEADER.match(raw.strip()):
            waiting = (plain_role(header["role"]), _ms(header))
            continue
        start_ms, rest = _without_time(raw)
        line = reader.read(rest)
        if line is None or line.kind in ("session", "heading", "explanation", "decision", "inaudible"):
            continue
        if line.kind == "speech":
            yield _Line(line.role, start_ms, line.text, goes_on=False)
        elif waiting:
            yield _Line(waiting[0], waiting[1], line.text, goes_on=False)
        else:
            yield _Line(None, start_ms, line.text, goes_on=start_ms is None)
        waiting = None


def _utterances(lines: list[_Line]) -> Iterator[Utterance]:
    """Lines without a speaker go on with the turn above, if any line names one."""
    named = any(line.role for line in lines)
    joined: list[_Line] = []
    for line in lines:
        if named and line.goes_on and joined:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + line.text)
        else:
            joined.append(line)
    for number, line in enumerate(joined):
        following = joined[number + 1].start_ms if number + 1 < len(joined) else None
        end_ms = following if line.start_ms is not None and following and following >= line.start_ms else line.start_ms
        parts = _SENTENCE.findall(line.text) if not line.role and len(line.text) >= _LONG_LINE else [line.text]
        for part in parts:
            yield Utterance(text=part, role=line.role, start_ms=line.start_ms, end_ms=end_ms)


def _without_time(line: str) -> tuple[int | None, str]:
    found = _TIME_FIRST.match(line)
    return (_ms(found), line[found.end() :]) if found else (None, line)


def _ms(found: re.Match[str]) -> int:
    return 1000 * (3600 * int(found["h"] or 0) + 60 * int(found["m"]) + int(found["s"]))
