"""From labelled pieces to the record: all speech, the exclusive timeline, and one mean voice per speaker."""

import numpy as np

from pipeline.engines.pyannote.clustering import Labels, unit
from pipeline.engines.pyannote.embedding import Floats, Piece
from pipeline.engines.pyannote.tracks import Timeline, runs
from pipeline.records.speakers import Diarization, SpeakerSegment, Voice

_SHORTEST_MS = 30


def assemble(timeline: Timeline, parts: list[Piece], labels: Labels, voices: Floats, total_ms: int) -> Diarization:
    """Speakers are named S01, S02 … by first appearance; times are clipped to the recording."""
    spans = _spans(timeline, parts, labels)
    order = list(dict.fromkeys(label for _, _, label in sorted(spans)))
    names = {label: f"S{number:02}" for number, label in enumerate(order, start=1)}
    segments = _records(_united(spans), names, timeline.frame_ms, total_ms)
    exclusive = _records(_exclusive(_united(spans), len(timeline.voices)), names, timeline.frame_ms, total_ms)
    clean = np.array([part.clean for part in parts])
    means = [
        Voice(
            speaker=names[label],
            speech_ms=sum(s.duration_ms for s in segments if s.speaker == names[label]),
            embedding=tuple(float(x) for x in _mean_voice(voices[labels == label], clean[labels == label])),
        )
        for label in order
    ]
    return Diarization(segments=tuple(segments), exclusive=tuple(exclusive), voices=tuple(means))


def _mean_voice(voices: Floats, clean: Labels) -> Floats:
    return unit((unit(voices) * (clean + 1e-3)[:, None]).sum(0))


def _spans(timeline: Timeline, parts: list[Piece], labels: Labels) -> list[tuple[int, int, int]]:
    """(start, end, label) in frames: the stretches of each piece's track, cut to the piece."""
    by_track: dict[int, list[tuple[int, int]]] = {}
    for stretch in timeline.stretches:
        by_track.setdefault(stretch.track, []).append((stretch.start, stretch.end))
    found = []
    for part, label in zip(parts, labels, strict=True):
        for start, end in by_track[part.track]:
            if start < part.end and end > part.start:
                found.append((max(start, part.start), min(end, part.end), int(label)))
    return found


def _united(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Spans of one label that touch or overlap become one; in order of time."""
    united: list[tuple[int, int, int]] = []
    for start, end, label in sorted(spans, key=lambda s: (s[2], s[0])):
        if united and united[-1][2] == label and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]), label)
        else:
            united.append((start, end, label))
    return sorted(united)


def _exclusive(spans: list[tuple[int, int, int]], frames: int) -> list[tuple[int, int, int]]:
    """Where voices overlap, the one that speaks longer keeps the floor."""
    owner = np.full(frames, -1)
    for start, end, label in sorted(spans, key=lambda s: s[1] - s[0]):
        owner[start:end] = label
    found = []
    for label in {label for _, _, label in spans}:
        found += [(start, end, label) for start, end in runs(owner == label)]
    return sorted(found)


def _records(
    spans: list[tuple[int, int, int]], names: dict[int, str], frame_ms: float, total_ms: int
) -> list[SpeakerSegment]:
    """A frame stands for the time around its centre."""
    records = []
    for start, end, label in spans:
        start_ms = min(total_ms, max(0, round((start - 0.5) * frame_ms)))
        end_ms = min(total_ms, max(0, round((end - 0.5) * frame_ms)))
        if end_ms - start_ms >= _SHORTEST_MS:
            records.append(SpeakerSegment(start_ms=start_ms, end_ms=end_ms, speaker=names[label]))
    return records
