"""The plain tables of NIST's tools: STM and CTM (words), RTTM (speakers). Source: SCTK documentation, RT-09 plan."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pipeline.errors import TranscriptFileError
from pipeline.evaluate.transcription import Piece, Transcription, Utterance
from pipeline.records.speakers import SpeakerSegment

T = TypeVar("T")
_PAUSE_MS = 1000
"""CTM knows no utterances: a pause this long ends one."""
_IGNORED = "IGNORE_TIME_SEGMENT_IN_SCORING"


def read_stm(text: str, path: Path) -> Transcription:
    """file channel speaker begin end [<label>] words, times in seconds."""

    def one(fields: list[str]) -> Utterance:
        words = fields[5:]
        if words and words[0].startswith("<") and words[0].endswith(">"):
            words = words[1:]
        return Utterance(text="".join(words), speaker=fields[2], start_ms=_ms(fields[3]), end_ms=_ms(fields[4]))

    found = [entry for entry in _rows(text, path, 5, one) if entry.text != _IGNORED]
    return Transcription(name=path.name, source="transcript", utterances=tuple(found))


def read_ctm(text: str, path: Path) -> Transcription:
    """file channel begin duration word [confidence [type [speaker]]], times in seconds."""

    def one(fields: list[str]) -> tuple[Piece, str | None]:
        start = _ms(fields[2])
        piece = Piece(text=fields[4], start_ms=start, end_ms=start + _ms(fields[3]))
        return piece, fields[7] if len(fields) > 7 and fields[7] != "<NA>" else None

    return Transcription(name=path.name, source="transcript", utterances=tuple(_joined(_rows(text, path, 5, one))))


def read_rttm(text: str, path: Path) -> Transcription:
    """SPEAKER file channel begin duration <NA> <NA> speaker …, times in seconds; other lines are skipped."""

    def one(fields: list[str]) -> SpeakerSegment | None:
        if fields[0] != "SPEAKER":
            return None
        start = _ms(fields[3])
        return SpeakerSegment(speaker=fields[7], start_ms=start, end_ms=start + _ms(fields[4]))

    found = [segment for segment in _rows(text, path, 8, one) if segment is not None]
    return Transcription(name=path.name, source="speakers", utterances=(), speech=tuple(found))


def _rows(text: str, path: Path, least: int, one: Callable[[list[str]], T]) -> list[T]:
    """Every line that is no comment, read; the first that cannot be is named."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields or line.startswith(";;"):
            continue
        try:
            if len(fields) < least:
                raise ValueError(f"{len(fields)} fields, at least {least} expected")
            found.append(one(fields))
        except (ValueError, IndexError) as error:
            raise TranscriptFileError(
                f"{path}: line {number} is not {path.suffix[1:].upper()} ({' '.join(str(error).split())[:100]}).",
                "Export it again, or save the transcript in another format.",
                file=path,
            ) from None
    return found


def _joined(words: list[tuple[Piece, str | None]]) -> Iterator[Utterance]:
    """Words of one speaker without a long pause are one utterance."""
    run: list[Piece] = []
    speaker: str | None = None
    for piece, said_by in words:
        if run and (said_by != speaker or piece.start_ms - run[-1].end_ms >= _PAUSE_MS):
            yield _spoken(run, speaker)
            run = []
        speaker = said_by
        run.append(piece)
    if run:
        yield _spoken(run, speaker)


def _spoken(run: list[Piece], speaker: str | None) -> Utterance:
    return Utterance(
        text="".join(piece.text for piece in run),
        speaker=speaker,
        start_ms=run[0].start_ms,
        end_ms=max(piece.end_ms for piece in run),
        pieces=tuple(run),
    )


def _ms(seconds: str) -> int:
    return round(float(seconds) * 1000)
