"""Windows of a known conversation become the stretches, pieces and records of that conversation."""

from itertools import pairwise

import numpy as np
import pytest

from pipeline.engines.pyannote.assembly import assemble
from pipeline.engines.pyannote.embedding import pieces
from pipeline.engines.pyannote.segmentation import WINDOW_MS, Windows, powerset, window_starts
from pipeline.engines.pyannote.together import told_apart
from pipeline.engines.pyannote.tracks import Stretch, Timeline, runs, timeline

FRAME_MS = 16.875
FIRST_MS = 30.96875
FRAMES = 589
CLASSES = powerset(3, 2)


def windows(
    conversation: list[tuple[int, int, str]], total_ms: int, step_ms: int = 5000, certain: float = 0.97
) -> Windows:
    """What a segmentation would say; each window numbers its voices anew, in another order. It is certain of silence,
    and as certain as told of speech."""
    starts = window_starts(total_ms, step_ms)
    scores = np.zeros((len(starts), FRAMES, len(CLASSES)))
    for index, start in enumerate(starts):
        local: dict[str, int] = {}
        for frame in range(FRAMES):
            time = start + FIRST_MS + frame * FRAME_MS
            speaking = [who for a, b, who in conversation if a <= time < b]
            for who in speaking:
                local.setdefault(who, (len(local) + index) % 3)
            wanted = [voice in [local[who] for who in speaking] for voice in range(3)]
            scores[index, frame, 0] = 1 - certain if speaking else 0.97
            scores[index, frame, int(np.flatnonzero((wanted == CLASSES).all(1))[0])] = certain if speaking else 0.97
    return Windows(scores.astype(np.float16), CLASSES, np.array(starts), FRAME_MS, FIRST_MS)


def test_the_powerset_is_in_the_models_order() -> None:
    sets = [tuple(np.flatnonzero(row)) for row in CLASSES]
    assert sets == [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("total", "expected"), [(0, [0]), (9_000, [0]), (10_000, [0]), (21_000, [0, 5000, 10_000, 11_000])]
)
def test_windows_cover_the_recording(total: int, expected: list[int]) -> None:
    assert window_starts(total, 5000) == expected
    assert expected[-1] + WINDOW_MS >= total


def test_a_voice_is_followed_through_windows() -> None:
    found = timeline(windows([(1000, 27_000, "a")], 30_000))
    assert len(found.stretches) == 1
    assert found.stretches[0].start * FRAME_MS == pytest.approx(1000, abs=40)
    assert found.stretches[0].end * FRAME_MS == pytest.approx(27_000, abs=40)


def test_a_change_of_voice_cuts_and_an_overlap_is_counted() -> None:
    found = timeline(windows([(500, 8_000, "a"), (7_000, 16_000, "b")], 18_000))
    assert len({s.track for s in found.stretches}) == 2
    assert (found.voices == 2).sum() * FRAME_MS == pytest.approx(1000, abs=80)


def test_where_the_model_wavers_a_quiet_voice_is_kept() -> None:
    talk = [(2000, 12_000, "a")]
    wavering = windows(talk, 15_000, certain=0.4)
    assert sum(s.end - s.start for s in timeline(wavering).stretches) * FRAME_MS == pytest.approx(10_000, abs=200)


def test_silence_has_no_stretches() -> None:
    assert timeline(windows([], 12_000)).stretches == []


def test_pieces_cover_turns_once() -> None:
    line = Timeline([Stretch(0, 0, 100), Stretch(0, 120, 700), Stretch(1, 650, 800)], np.ones(800, np.uint8), FRAME_MS)
    parts = pieces(line, longest_ms=2000, bridge_ms=500, turn_ms=30_000)
    first = [p for p in parts if p.track == 0]
    assert len({p.turn for p in first}) == 1
    assert (first[0].start, first[0].end, first[1].start, first[-1].end) == (0, 100, 120, 700), "cut at the pause"
    assert all(a.end == b.start for a, b in pairwise(first[1:]))
    assert all((p.end - p.start) * FRAME_MS < 3100 for p in parts)


def test_short_stretches_make_one_piece() -> None:
    line = Timeline([Stretch(0, 0, 30), Stretch(0, 40, 60), Stretch(0, 70, 110)], np.ones(110, np.uint8), FRAME_MS)
    parts = pieces(line, longest_ms=2000, bridge_ms=500, turn_ms=30_000)
    assert [(p.start, p.end) for p in parts] == [(0, 110)]


def test_a_pause_ends_a_turn() -> None:
    line = Timeline([Stretch(0, 0, 100), Stretch(0, 140, 200)], np.ones(200, np.uint8), FRAME_MS)
    assert len({p.turn for p in pieces(line, longest_ms=2000, bridge_ms=500, turn_ms=30_000)}) == 2


def test_the_record_names_by_first_appearance_and_never_overlaps_exclusively() -> None:
    line = Timeline([Stretch(0, 0, 300), Stretch(1, 200, 260), Stretch(2, 400, 500)], np.ones(500, np.uint8), FRAME_MS)
    parts = pieces(line, longest_ms=60_000, bridge_ms=500, turn_ms=60_000)
    labels = np.array([{0: 7, 1: 3, 2: 7}[p.track] for p in parts])
    rng = np.random.default_rng(1)
    found = assemble(line, parts, labels, rng.standard_normal((len(parts), 192)).astype(np.float32), 8000)
    assert [s.speaker for s in found.segments] == ["S01", "S02", "S01"]
    assert found.segments[-1].end_ms == 8000, "clipped to the recording"
    assert [s.speaker for s in found.exclusive] == ["S01", "S01"], "the longer voice keeps the floor"
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(found.exclusive))
    assert [v.speaker for v in found.voices] == ["S01", "S02"]
    assert all(np.linalg.norm(v.embedding) == pytest.approx(1) for v in found.voices)


def test_runs() -> None:
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.zeros(3, dtype=bool)) == []


def test_who_speaks_together_for_long_is_not_one_person() -> None:
    line = Timeline([Stretch(0, 0, 300), Stretch(1, 200, 290), Stretch(2, 400, 500)], np.ones(500, np.uint8), FRAME_MS)
    line.voices[200:290] = 2
    parts = pieces(line, longest_ms=60_000, bridge_ms=500, turn_ms=60_000)
    voices = np.eye(3, 192, dtype=np.float32) + 0.1
    assert told_apart(line, parts, voices, np.array([0, 0, 1])).tolist() == [0, 1, 1]
    assert told_apart(line, parts, voices, np.array([0, 0, 0])).tolist() == [0, 0, 0], "there is nobody else"
