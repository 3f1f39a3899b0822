"""Roles on the scripts of tests/data/role_meetings when recognition and diarization go wrong: characters are replaced,
voices merged or split; and whether the stated confidence is the share of right turns."""

import argparse
import json
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np

from pipeline.records.meeting import Meeting, Member, RosterRole
from pipeline.records.turns import Turn, Turns
from pipeline.records.words import Word
from pipeline.stages.assign_roles import RoleSettings, assign_roles

ROOT = Path(__file__).resolve().parents[1]
KANJI = (
    "会開回階買解海界議義技疑意以位委員院印全前善説節設接明名命問門文関感館観長調朝部分文課価化家内無向高考校公後度土"
)
KANA = "のにはをがですま"
STEPS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0001)
Spoiler = Callable[[Turns, random.Random], Turns]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scripts", type=Path, default=ROOT / "tests" / "data" / "role_meetings")
    parser.add_argument("--seeds", type=int, default=4)
    given = parser.parse_args()
    scripts = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(given.scripts.glob("*.json"))]
    outcomes: list[tuple[float, bool]] = []
    print("| what went wrong | right role (characters), mean | worst script |")
    print("|---|---|---|")
    for label, spoil in SPOILERS.items():
        shares = [np.mean([share(s, spoil, random.Random(n), outcomes) for n in range(given.seeds)]) for s in scripts]
        print(f"| {label} | {100 * np.mean(shares):.1f} % | {100 * np.min(shares):.1f} % |", flush=True)
    print("\n| stated confidence | turns | right |\n|---|---|---|")
    stated, right = np.array(outcomes, dtype=float).T
    for low, high in pairwise(STEPS):
        inside = (stated >= low) & (stated < high)
        if inside.any():
            print(f"| {low:.2f}–{min(high, 1):.2f} | {inside.sum()} | {100 * right[inside].mean():.0f} % |")


def share(script: dict, spoil: Spoiler, chance: random.Random, outcomes: list[tuple[float, bool]]) -> float:
    turns, expected = turns_of(script)
    found = assign_roles(spoil(turns, chance), meeting_of(script), RoleSettings()).assignments
    right = [a.role == role for a, role in zip(found, expected, strict=True)]
    outcomes.extend((a.confidence, good) for a, good in zip(found, right, strict=True))
    return float(np.average(right, weights=[len(turn.text) for turn in turns.turns]))


def meeting_of(script: dict) -> Meeting:
    members = ({**entry, "members": tuple(Member(**m) for m in entry["members"])} for entry in script["roster"])
    return Meeting(roster=tuple(RosterRole(**entry) for entry in members))


def turns_of(script: dict) -> tuple[Turns, list[str]]:
    """Turns as a perfect diarization makes them, and the role of each."""
    voices: dict[str, str] = {}
    turns: list[Turn] = []
    roles: list[str] = []
    for index, line in enumerate(script["turns"]):
        voice = voices.setdefault(line["speaker"], f"S{len(voices) + 1:02}")
        words = (Word(start_ms=10_000 * index, end_ms=10_000 * index + 9_000, raw=line["text"], probability=0.9),)
        if turns and turns[-1].speaker == voice:
            turns[-1] = turns[-1].model_copy(update={"words": turns[-1].words + words})
        else:
            turns.append(Turn(number=len(turns) + 1, speaker=voice, words=words))
            roles.append(line["role"])
    return Turns(turns=tuple(turns)), roles


def noise(amount: float) -> Spoiler:
    """amount: share of kanji replaced; of punctuation lost twice, of other characters replaced a sixth of it."""

    def character(c: str, chance: random.Random) -> str:
        if "一" <= c <= "龠":
            return chance.choice(KANJI) if chance.random() < amount else c
        if c in "、。":
            return "" if chance.random() < 2 * amount else c
        return chance.choice(KANA) if chance.random() < amount / 6 else c

    def spoil(turns: Turns, chance: random.Random) -> Turns:
        spoilt = []
        for turn in turns.turns:
            texts = ["".join(character(c, chance) for c in word.raw) for word in turn.words]
            words = (w.model_copy(update={"raw": text}) for w, text in zip(turn.words, texts, strict=True))
            spoilt.append(turn.model_copy(update={"words": tuple(words)}))
        return Turns(turns=tuple(spoilt))

    return spoil


def merge(turns: Turns, chance: random.Random) -> Turns:
    """Two voices taken for one."""
    kept, gone = chance.sample(sorted({turn.speaker for turn in turns.turns}), 2)
    return renamed(turns, lambda turn: kept if turn.speaker == gone else turn.speaker)


def split(turns: Turns, chance: random.Random) -> Turns:
    """One of the three voices that speak most taken for another from some moment on."""
    length = {turn.speaker: 0 for turn in turns.turns}
    for turn in turns.turns:
        length[turn.speaker] += len(turn.text)
    voice = chance.choice(sorted(length, key=lambda v: -length[v])[:3])
    cut = chance.randint(len(turns.turns) // 4, 3 * len(turns.turns) // 4)
    return renamed(turns, lambda turn: voice + "x" if turn.speaker == voice and turn.number > cut else turn.speaker)


def renamed(turns: Turns, name: Callable[[Turn], str]) -> Turns:
    return Turns(turns=tuple(turn.model_copy(update={"speaker": name(turn)}) for turn in turns.turns))


SPOILERS: dict[str, Spoiler] = {
    "nothing": lambda turns, _: turns,
    "6 % of the kanji": noise(0.06),
    "12 % of the kanji": noise(0.12),
    "20 % of the kanji": noise(0.20),
    "two voices merged": merge,
    "one voice split": split,
    "12 % of the kanji, two voices merged": lambda turns, chance: merge(noise(0.12)(turns, chance), chance),
}


if __name__ == "__main__":
    main()
