"""Turns with roles to the minutes of 別記第1号様式: headings, explanations, decisions and speech, with every doubt
told to the clerk. The rules are described in docs/composition.md."""

from collections.abc import Sequence

from pydantic import Field

from pipeline.records.base import Milliseconds, Probability, Record, Span
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Block, Explanation, Minutes, Speech, Warning
from pipeline.records.recording import Recording
from pipeline.records.roles import Roles
from pipeline.records.turns import Turns
from pipeline.records.words import Transcript
from pipeline.stages.assign_roles import FLAG_BELOW
from pipeline.stages.composition.body import Layout, body
from pipeline.stages.composition.front import closing_time, unknown_fields
from pipeline.stages.composition.lines import lines
from pipeline.stages.composition.passages import passages
from pipeline.stages.composition.plan import plan
from pipeline.stages.styles.style import in_style

VERSION = 3


class ComposeSettings(Record):
    """How the minutes are laid out. infer_decisions: a 報告 that ends without a word of decision is taken as 了承."""

    infer_decisions: bool = True
    flag_below: Probability = FLAG_BELOW
    """A role less probable than this is marked for the clerk."""
    sentence_pause_ms: Milliseconds = 250
    """Ends a sentence after a final form where recognition left out the mark."""
    paragraph_pause_ms: Milliseconds = 1_500
    paragraph_chars: int = Field(default=80, ge=0)
    """A pause begins no new paragraph before this many characters."""
    topic_chars: int = Field(default=160, ge=0)
    """A topic word (続いて, なお) begins no new paragraph before this many characters."""
    unasked_explanation_ms: Milliseconds = 20_000
    """Length from which the explaining role's first words on an item are its explanation though nobody asked."""
    inaudible_ms: Milliseconds = 1_000
    """Shorter uncovered speech is counted in a warning, not marked in the body."""


def compose(
    turns: Turns,
    roles: Roles,
    meeting: Meeting,
    transcript: Transcript,
    recording: Recording,
    settings: ComposeSettings,
) -> Minutes:
    """Every word of turns is in exactly one sentence of one speech (those inside explanations included), in order."""
    row = lines(passages(turns, roles), meeting, settings.sentence_pause_ms)
    planned = plan(row, meeting, infer=settings.infer_decisions, unasked_ms=settings.unasked_explanation_ms)
    unheard = [span for span in transcript.uncovered if span.duration_ms >= settings.inaudible_ms]
    layout = Layout(
        flag_below=settings.flag_below,
        paragraph_pause_ms=settings.paragraph_pause_ms,
        paragraph_chars=settings.paragraph_chars,
        topic_chars=settings.topic_chars,
    )
    blocks = body(row, planned.sections, unheard, layout)
    closes, time_warnings = closing_time(meeting, recording.duration_ms)
    minutes = Minutes(
        name=meeting.name,
        secretariat=meeting.secretariat,
        date=meeting.date,
        opens=meeting.opens,
        closes=closes,
        closes_estimated=closes is not None and meeting.closes is None,
        place=meeting.place,
        agenda=meeting.agenda,
        meeting_openness=meeting.meeting_openness,
        minutes_openness=meeting.minutes_openness,
        roster=meeting.roster,
        handouts=meeting.handouts,
        body=blocks,
        duration_ms=recording.duration_ms,
        warnings=(
            *(Warning(code="recording", text=text) for text in recording.warnings),
            *unknown_fields(meeting),
            *time_warnings,
            *_no_speech(turns),
            *_not_heard(transcript.uncovered, settings.inaudible_ms),
            *sorted((*planned.warnings, *_unsure_roles(blocks)), key=lambda warning: warning.start_ms or 0),
        ),
    )
    return in_style(minutes, meeting.style) if meeting.style else minutes


def _no_speech(turns: Turns) -> list[Warning]:
    if turns.turns:
        return []
    text = "録音から発言を聞き取れませんでした。録音の中身と音量を確かめてください。"
    return [Warning(code="no-speech", text=text)]


def _not_heard(uncovered: Sequence[Span], marked_ms: int) -> list[Warning]:
    """Marked ones each with their time, the short ones in one line: nothing is dropped in silence."""
    warnings = [
        Warning(
            code="inaudible",
            text=f"聞き取れない発言があります({span.duration_ms / 1000:.1f}秒)。録音を聞いて補ってください。",
            start_ms=span.start_ms,
        )
        for span in uncovered
        if span.duration_ms >= marked_ms
    ]
    short = [span for span in uncovered if span.duration_ms < marked_ms]
    if short:
        seconds = sum(span.duration_ms for span in short) / 1000
        text = f"このほか、ごく短い聞き取れない声が{len(short)}か所、計{seconds:.1f}秒あります。"
        warnings.append(Warning(code="inaudible-short", text=text, start_ms=short[0].start_ms))
    return warnings


def _unsure_roles(blocks: Sequence[Block]) -> list[Warning]:
    speeches: list[Speech] = []
    for block in blocks:
        if isinstance(block, Speech):
            speeches.append(block)
        elif isinstance(block, Explanation):
            speeches.extend(block.speech)
    return [
        Warning(
            code="role-unsure",
            text=f"「{speech.role}」とした発言者は確かでありません(確信度{speech.confidence:.0%})。ご確認ください。",
            start_ms=speech.start_ms,
        )
        for speech in speeches
        if speech.flagged
    ]
