"""Roles and attribution against reference meetings: who said it, in which role, character by character.

Hypotheses come from the folders of drafts (--draft OUT REFERENCE MEETING.toml, repeatable), or for the meetings of
the bench from cached transcripts and diarizations (JSON of the records, NAME.json per meeting) or, where the
reference's own are asked for (--oracle words, voices or both), from the reference, so that each stage's share of the
errors can be told.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import meeteval
import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment

from pipeline.config.meeting_file import load_meeting
from pipeline.evaluate.normalise import normalise
from pipeline.records.meeting import Meeting, Member, RosterRole
from pipeline.records.roles import Roles
from pipeline.records.speakers import Diarization, SpeakerSegment
from pipeline.records.turns import Turns
from pipeline.records.words import Transcript, Word
from pipeline.stages.assign_roles import RoleSettings, assign_roles
from pipeline.stages.attribute import attribute

ROOT = Path(__file__).resolve().parents[1]
PROFILE = "ja-cer-1"
SETS = ("toshima/clean", "toshima/room")
CHAIRS, DEPUTIES, EXPLAINS = {"本部長"}, {"副本部長"}, {"事務局"}
STAGES = ("correct", "diarize")
EDGE = 3
COLLAR_S = 5
MS_PER_CHARACTER = 120


@dataclass(frozen=True)
class Character:
    """One normalised character with who said it (or is thought to have), in which role, and when (milliseconds)."""

    text: str
    speaker: str
    role: str
    time_ms: int
    turn: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--transcripts", type=Path, help="folder with SET-NAME.json (records.words.Transcript)")
    parser.add_argument("--diarizations", type=Path, help="folder with SET-NAME.json (records.speakers.Diarization)")
    parser.add_argument("--oracle", nargs="*", choices=("words", "voices"), default=[])
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--draft", nargs=3, type=Path, action="append", metavar=("OUT", "REFERENCE", "TOML"))
    parser.add_argument("--show", action="store_true", help="print every turn whose role is wrong")
    given = parser.parse_args()
    print(
        "| set | words | voices | CER | cpCER | tcpCER | right role | right role by time | first 3 | last 3 | voices |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for out, reference, toml in given.draft or ():
        print(row_of_draft(out, reference, toml, given.show), flush=True)
    for name in () if given.draft else given.sets:
        print(row(given.bench / name, name, given), flush=True)


def row(folder: Path, name: str, given: argparse.Namespace) -> str:
    reference = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    cached = name.replace("/", "-") + ".json"
    transcript = (
        oracle_words(reference)
        if "words" in given.oracle
        else Transcript.model_validate_json((given.transcripts / cached).read_text(encoding="utf-8"))
    )
    diarization = (
        oracle_voices(folder / "reference.rttm")
        if "voices" in given.oracle
        else Diarization.model_validate_json((given.diarizations / cached).read_text(encoding="utf-8"))
    )
    kinds = ["reference" if kind in given.oracle else "found" for kind in ("words", "voices")]
    figures = scored(transcript, diarization, meeting_of(reference["meeting"]), reference, given.show)
    return f"| {name} | {' | '.join(kinds)} | {figures} |"


def row_of_draft(out: Path, reference: Path, toml: Path, detailed: bool) -> str:
    """Attribution and roles are inferred again from the draft's words and voices."""
    meeting = load_meeting(toml)
    words, voices = (
        kind.model_validate(
            json.loads((out / "work" / f"{stage}.json").read_text(encoding="utf-8"))["record"], strict=False
        )
        for stage, kind in (("correct", Transcript), ("diarize", Diarization))
    )
    figures = scored(words, voices, meeting, spoken_turns(reference, meeting), detailed)
    return f"| {out.name} | found | found | {figures} |"


def spoken_turns(reference: Path, meeting: Meeting) -> dict:
    """The reference in milliseconds; where it gives names for roles, the roster gives the role."""
    content = json.loads(reference.read_text(encoding="utf-8"))
    role_of = {m.name.split(" ")[0]: entry.role for entry in meeting.roster for m in entry.members if m.name}
    turns = []
    for turn in content["turns"] if isinstance(content, dict) else content:
        times = {k: turn.get(k, round(1000 * turn.get(k.replace("_ms", "_time"), 0))) for k in ("start_ms", "end_ms")}
        text = turn.get("verbatim", turn.get("text", turn.get("words")))
        turns.append(
            {"speaker": turn["speaker"], "role": role_of.get(turn["role"], turn["role"]), "text": text, **times}
        )
    return {"turns": turns}


def scored(transcript: Transcript, diarization: Diarization, meeting: Meeting, reference: dict, detailed: bool) -> str:
    turns = attribute(transcript, diarization)
    roles = assign_roles(turns, meeting, RoleSettings())
    said, heard = reference_characters(reference), heard_characters(turns, roles)
    figures = {**rates(said, heard), **shares(said, heard)}
    if detailed:
        show(said, heard, turns, roles)
    voices = f"{len({c.speaker for c in heard})}/{len({c.speaker for c in said})}"
    return " | ".join(f"{100 * v:.1f} %" for v in figures.values()) + f" | {voices}"


def meeting_of(fields: dict) -> Meeting:
    return Meeting(
        roster=tuple(
            RosterRole(
                role=role,
                members=tuple(member_of(office) for office in offices),
                chairs=role in CHAIRS,
                deputy_chair=role in DEPUTIES,
                explains=role in EXPLAINS,
            )
            for role, offices in fields["roster"].items()
        )
    )


def member_of(office: str) -> Member:
    if office.endswith("代理)"):
        own, deputy_for = office.removesuffix("代理)").split("(", 1)
        return Member(office=own, deputy_for=deputy_for)
    return Member(office=office)


def oracle_words(reference: dict) -> Transcript:
    words = []
    for turn in reference["turns"]:
        text = turn.get("verbatim", turn["text"])
        step = (turn["end_ms"] - turn["start_ms"]) / len(text)
        for index, character in enumerate(text):
            start = round(turn["start_ms"] + index * step)
            words.append(Word(start_ms=start, end_ms=round(start + step), raw=character, probability=1.0))
    return Transcript(language="ja", words=tuple(words))


def oracle_voices(rttm: Path) -> Diarization:
    names: dict[str, str] = {}
    segments = []
    for line in rttm.read_text(encoding="utf-8").splitlines():
        _, _, _, start, length, _, _, speaker, *_ = line.split()
        voice = names.setdefault(speaker, f"S{len(names) + 1:02}")
        start_ms = round(float(start) * 1000)
        segments.append(SpeakerSegment(start_ms=start_ms, end_ms=start_ms + round(float(length) * 1000), speaker=voice))
    return Diarization(segments=tuple(segments), exclusive=tuple(segments))


def reference_characters(reference: dict) -> list[Character]:
    found = []
    for number, turn in enumerate(reference["turns"]):
        text = normalise(turn.get("verbatim", turn["text"]), PROFILE)
        step = (turn["end_ms"] - turn["start_ms"]) / max(1, len(text))
        found += [
            Character(c, turn["speaker"], turn["role"], round(turn["start_ms"] + (i + 0.5) * step), number)
            for i, c in enumerate(text)
        ]
    return found


def heard_characters(turns: Turns, roles: Roles) -> list[Character]:
    found = []
    for turn, assignment in zip(turns.turns, roles.assignments, strict=True):
        for word in turn.words:
            text = normalise(word.text, PROFILE)
            length = min(max(1, word.end_ms - word.start_ms), MS_PER_CHARACTER * 3 * max(1, len(text)))
            for i, c in enumerate(text):
                time = round(word.start_ms + (i + 0.5) * length / len(text))
                found.append(Character(c, turn.speaker, assignment.role, time, turn.number))
    return found


def rates(said: Sequence[Character], heard: Sequence[Character]) -> dict[str, float]:
    """CER, and MeetEval's cpWER and tcpWER with characters as words (collar 5 s)."""
    text = ["".join(c.text for c in side) for side in (said, heard)]
    ref, hyp = seglst(said), seglst(heard)
    return {
        "CER": Levenshtein.distance(*text) / max(1, len(text[0])),
        "cpCER": meeteval.wer.cpwer(ref, hyp)["meeting"].error_rate,
        "tcpCER": meeteval.wer.tcpwer(ref, hyp, collar=COLLAR_S)["meeting"].error_rate,
    }


def seglst(characters: Sequence[Character]) -> meeteval.io.SegLST:
    """One segment per turn and speaker."""
    groups: dict[tuple[int, str], list[Character]] = {}
    for character in characters:
        groups.setdefault((character.turn, character.speaker), []).append(character)
    return meeteval.io.SegLST(
        [
            {
                "session_id": "meeting",
                "speaker": speaker,
                "start_time": group[0].time_ms / 1000,
                "end_time": max(group[0].time_ms, group[-1].time_ms) / 1000 + 0.1,
                "words": " ".join(c.text for c in group),
            }
            for (_, speaker), group in groups.items()
        ]
    )


def shares(said: Sequence[Character], heard: Sequence[Character]) -> dict[str, float]:
    pairs = aligned(said, heard)
    same_role = [said[a].role == heard[b].role for a, b in pairs]
    by_time = [at_time(said, c.time_ms).role == c.role for c in heard]
    voice = voices_of(said, heard, pairs)
    partner = {a: heard[b] for a, b in pairs}
    edges = {"first": [], "last": []}
    for number in dict.fromkeys(c.turn for c in said):
        of_turn = [index for index, c in enumerate(said) if c.turn == number]
        for edge, part in (("first", of_turn[:EDGE]), ("last", of_turn[-EDGE:])):
            found = [partner[a] for a in part if a in partner]
            edges[edge].append(bool(found) and all(voice.get(c.speaker) == said[part[0]].speaker for c in found))
    return {
        "right role": float(np.mean(same_role)),
        "by time": float(np.mean(by_time)),
        "first": float(np.mean(edges["first"])),
        "last": float(np.mean(edges["last"])),
    }


def aligned(said: Sequence[Character], heard: Sequence[Character]) -> list[tuple[int, int]]:
    """Index pairs of characters that the edit-distance alignment matches or substitutes."""
    text = ["".join(c.text for c in side) for side in (said, heard)]
    pairs = []
    for code in Levenshtein.opcodes(*text):
        if code.tag in ("equal", "replace"):
            pairs += list(zip(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True))
    return pairs


def at_time(said: Sequence[Character], time_ms: int) -> Character:
    times = np.fromiter((c.time_ms for c in said), dtype=np.int64)
    return said[int(np.abs(times - time_ms).argmin())]


def voices_of(said: Sequence[Character], heard: Sequence[Character], pairs: list[tuple[int, int]]) -> dict[str, str]:
    """Which reference speaker each voice is: the one-to-one mapping with the most common characters."""
    speakers, voices = sorted({c.speaker for c in said}), sorted({c.speaker for c in heard})
    common = np.zeros((len(voices), len(speakers)))
    for a, b in pairs:
        common[voices.index(heard[b].speaker), speakers.index(said[a].speaker)] += 1
    rows, columns = linear_sum_assignment(-common)
    return {voices[r]: speakers[c] for r, c in zip(rows, columns, strict=True)}


def show(said: Sequence[Character], heard: Sequence[Character], turns: Turns, roles: Roles) -> None:
    expected: dict[int, list[str]] = {}
    for a, b in aligned(said, heard):
        expected.setdefault(heard[b].turn, []).append(said[a].role + " " + said[a].speaker)
    for turn, assignment in zip(turns.turns, roles.assignments, strict=True):
        wanted = expected.get(turn.number, [])
        wrong = [w for w in wanted if w.split()[0] != assignment.role]
        if wrong:
            mix = {w: wanted.count(w) for w in dict.fromkeys(wanted)}
            print(turn.number, turn.speaker, f"{turn.start_ms / 1000:.1f}", assignment.role, assignment.confidence, mix)
            print("    ", turn.text[:100])
            for evidence in assignment.evidence:
                print("      ", evidence.rule, evidence.weight, evidence.detail)


if __name__ == "__main__":
    main()
