"""Hand-made turns for the golden tests of composing, and the outline they are compared in.

Run as a script it writes the golden files again: look at the difference before committing it.
"""

import json
import re
from pathlib import Path

from pipeline.config.meeting_file import parse_meeting
from pipeline.records.base import Span
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Decision, Explanation, Heading, Inaudible, Minutes, Speech
from pipeline.records.recording import Recording
from pipeline.records.roles import RoleAssignment, Roles
from pipeline.records.turns import Turn, Turns
from pipeline.records.words import Layer, Transcript, Word
from pipeline.stages.compose import ComposeSettings, compose

DATA = Path(__file__).resolve().parents[1] / "data"
CASES = ("compose_library", "compose_assembly")
MS_PER_LETTER = 200


def words(text: str, start_ms: int) -> tuple[Word, ...]:
    """Pieces of up to three letters, marks glued on, as recognition gives them. {えー} is a filler: removed by a layer.
    A space is a pause of half a second."""
    found = []
    for piece in re.findall(r"\{[^}]*\}|\s|[^\s{}]{1,3}?[。、?]|[^\s{}]{1,3}", text):
        if piece.isspace():
            start_ms += 500
            continue
        raw = piece.strip("{}")
        filler = Layer(by="filler", before=raw, after="", reason="ケバ取り")
        end_ms = start_ms + MS_PER_LETTER * len(raw)
        layers = (filler,) if piece.startswith("{") else ()
        found.append(Word(start_ms=start_ms, end_ms=end_ms, raw=raw, probability=0.9, layers=layers))
        start_ms = end_ms
    return tuple(found)


def turns(script: list[dict[str, object]]) -> tuple[Turns, Roles]:
    """Each entry: who, role, text, and optionally pause_ms before it (default 600), confidence, office."""
    made, assigned = [], []
    at = 500
    for number, entry in enumerate(script, 1):
        at += int(str(entry.get("pause_ms", 600)))
        turn = Turn(number=number, speaker=str(entry["who"]), words=words(str(entry["text"]), at))
        at = turn.end_ms
        made.append(turn)
        assigned.append(
            RoleAssignment(
                turn=number,
                role=str(entry["role"]),
                confidence=float(str(entry.get("confidence", 0.95))),
                office=None if "office" not in entry else str(entry["office"]),
            )
        )
    return Turns(turns=tuple(made)), Roles(assignments=tuple(assigned))


def composed(
    found: Turns,
    roles: Roles,
    meeting: Meeting,
    uncovered: tuple[Span, ...] = (),
    settings: ComposeSettings | None = None,
    troubles: tuple[str, ...] = (),
) -> Minutes:
    spoken = tuple(word for turn in found.turns for word in turn.words)
    transcript = Transcript(language="ja", words=spoken, uncovered=uncovered)
    end_ms = max((turn.end_ms for turn in found.turns), default=0) + 1_000
    recording = Recording(parts=(), duration_ms=end_ms, waveform_sha256="0" * 64, peak_dbfs=-3.0, warnings=troubles)
    return compose(found, roles, meeting, transcript, recording, settings or ComposeSettings())


def case(name: str) -> Minutes:
    content = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    meeting = parse_meeting((DATA / f"{name}.toml").read_text(encoding="utf-8"), DATA / f"{name}.toml")
    found, roles = turns(content["turns"])
    uncovered = tuple(Span(start_ms=start, end_ms=end) for start, end in content.get("uncovered", ()))
    return composed(found, roles, meeting, uncovered)


def outline(minutes: Minutes) -> str:
    """Everything a reader of the minutes sees, and what is kept behind it, one block a line."""
    lines = [f"{minutes.name} {minutes.date} {minutes.opens}-{minutes.closes} 推定={minutes.closes_estimated}", ""]
    for block in minutes.body:
        match block:
            case Heading():
                lines.append(f"{block.id} {block.start_ms} # {block.text}")
            case Decision():
                lines.append(f"{block.id} {block.start_ms} {block.text}{' 推定' if block.inferred else ''}")
            case Inaudible():
                lines.append(f"{block.id} {block.span.start_ms} 【聞き取り不能】{block.span.duration_ms}")
            case Explanation():
                lines.append(f"{block.id} {block.start_ms} {block.text}")
                lines += [f"    ({line})" for speech in block.speech for line in _speech(speech)]
            case Speech():
                lines += _speech(block)
    lines += ["", *(f"! {warning.code} {warning.start_ms} {warning.text}" for warning in minutes.warnings)]
    return "\n".join(lines) + "\n"


def _speech(speech: Speech) -> list[str]:
    mark = "?" if speech.flagged else ""
    first, *rest = ["|".join(sentence.text for sentence in paragraph) for paragraph in speech.paragraphs]
    who = f"{speech.speaker}{'/' + speech.office if speech.office else ''}"
    return [f"{speech.id} {speech.start_ms} {speech.role}{mark}[{who}]:{first}", *(f"  ¶ {line}" for line in rest)]


def main() -> None:
    for name in CASES:
        (DATA / f"{name}.golden.txt").write_text(outline(case(name)), encoding="utf-8")


if __name__ == "__main__":
    main()
