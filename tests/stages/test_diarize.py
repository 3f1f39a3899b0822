"""What the engine is told about the number of speakers, and that silence is not diarized."""

from pathlib import Path

from pipeline.contracts import Fingerprint, Progress, SpeakerHints
from pipeline.records.base import Span
from pipeline.records.meeting import Meeting, Member, RosterRole
from pipeline.records.speakers import Diarization, SpeakerSegment
from pipeline.records.speech import Speech
from pipeline.stages.diarize import diarize, hints

ROSTER = (
    RosterRole(role="会長", members=(Member(office="会長"),), chairs=True),
    RosterRole(role="委員", members=tuple(Member(office=f"委員{n}") for n in range(7))),
    RosterRole(role="事務局", members=(Member(office="課長"), Member(office="係長")), explains=True),
)


def test_the_roster_is_only_a_prior() -> None:
    assert hints(Meeting(roster=ROSTER), None) == SpeakerHints(expected=10)


def test_without_a_roster_nothing_is_known() -> None:
    assert hints(Meeting(), None) == SpeakerHints()


def test_meeting_toml_bounds_the_number() -> None:
    assert hints(Meeting(roster=ROSTER, speakers_expected=(3, 5)), None) == SpeakerHints(
        at_least=3, at_most=5, expected=10
    )


def test_the_command_line_wins_over_meeting_toml() -> None:
    found = hints(Meeting(speakers_expected=(3, 5)), (6, 6))
    assert (found.at_least, found.at_most) == (6, 6)


class _Recorder:
    """A diarizer that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[SpeakerHints] = []

    def fingerprint(self) -> Fingerprint:
        return Fingerprint(name="recorder", version="1")

    def open(self) -> None: ...

    def close(self) -> None: ...

    def diarize(self, waveform: Path, speech: Speech, hints: SpeakerHints, progress: Progress) -> Diarization:
        self.asked.append(hints)
        segment = SpeakerSegment(start_ms=0, end_ms=10, speaker="S01")
        return Diarization(segments=(segment,), exclusive=(segment,))


def test_silence_is_not_sent_to_the_engine() -> None:
    engine, seen = _Recorder(), []
    found = diarize(engine, Path("unused.wav"), Speech(spans=()), SpeakerHints(), seen.append)
    assert found == Diarization(segments=(), exclusive=()) and engine.asked == [] and seen == [1.0]


def test_speech_is_sent_with_its_hints() -> None:
    engine = _Recorder()
    speech = Speech(spans=(Span(start_ms=0, end_ms=10),))
    found = diarize(engine, Path("a.wav"), speech, SpeakerHints(expected=4), lambda _: None)
    assert [s.speaker for s in found.segments] == ["S01"] and engine.asked == [SpeakerHints(expected=4)]
