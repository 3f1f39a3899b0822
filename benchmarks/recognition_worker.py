"""One system over some waveforms in a fresh process: texts, seconds without start-up, peak memory; JSON in and out."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.records.words import Transcript

Recognise = Callable[[Path, str | None], tuple[str, dict[str, int]]]
"""(waveform, meeting as JSON) → text and the run's figures (empty for plain systems, which have none)."""


def main() -> None:
    job = json.loads(sys.stdin.read())
    recognise = _system(job)
    texts: list[str] = []
    figures: dict[str, int] = {}
    wall, processor = time.perf_counter(), time.process_time()
    for waveform, meeting in zip(job["waveforms"], job["meetings"], strict=True):
        text, counts = recognise(Path(waveform), meeting)
        texts.append(text)
        figures = {key: figures.get(key, 0) + value for key, value in counts.items()}
    answer = {
        "texts": texts,
        "figures": figures or None,
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - processor,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(answer, ensure_ascii=False))


def _system(job: dict[str, Any]) -> Recognise:
    if job["system"] in ("plain", "batched"):
        return _plain(job["model"], job["threads"], batched=job["system"] == "batched")
    return _ours(Path(job["model"]), job["threads"], corrected=job["system"] == "ours+correct")


def _plain(model: str, threads: int, *, batched: bool) -> Recognise:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    whisper = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=threads)
    options: dict[str, Any] = {"language": "ja", "beam_size": 5, "vad_filter": True, "word_timestamps": True}
    if batched:
        pipeline = BatchedInferencePipeline(whisper)
        return lambda path, _: (_text(pipeline.transcribe(str(path), batch_size=8, **options)[0]), {})
    options["condition_on_previous_text"] = False
    return lambda path, _: (_text(whisper.transcribe(str(path), **options)[0]), {})


def _text(segments: Any) -> str:
    return "".join(segment.text for segment in segments)


def _ours(model: Path, threads: int, *, corrected: bool) -> Recognise:
    from pipeline.engines.detector import SileroDetector
    from pipeline.engines.whisper import FasterWhisper
    from pipeline.stages.transcribe import TranscribeSettings, figures, transcribe

    detector, whisper = SileroDetector(), FasterWhisper(model, "cpu", threads=threads)
    detector.open()
    whisper.open()

    def recognise(path: Path, meeting: str | None) -> tuple[str, dict[str, int]]:
        speech = detector.detect(path, _quiet)
        transcript = transcribe(whisper, path, speech, TranscribeSettings(), _quiet)
        counts = figures(transcript, speech).model_dump()
        return (_corrected(transcript, meeting) if corrected else transcript).text, counts

    return recognise


def _corrected(transcript: Transcript, meeting: str | None) -> Transcript:
    from pipeline.lexicon.lexicon import build_lexicon
    from pipeline.records.meeting import Meeting
    from pipeline.stages.correct import CorrectSettings, correct

    known = Meeting.model_validate_json(meeting) if meeting else Meeting()
    return correct(transcript, build_lexicon(known), CorrectSettings())


def _quiet(fraction: float) -> None: ...


if __name__ == "__main__":
    main()
