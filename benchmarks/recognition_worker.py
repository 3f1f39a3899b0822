"""One system over some waveforms in a fresh process: texts, seconds without start-up, peak memory; JSON in and out."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Recognise = Callable[[Path, str | None], dict[str, Any]]
"""(waveform, meeting as JSON) → text, and of our own system the corrected transcript and its figures."""


def main() -> None:
    job = json.loads(sys.stdin.read())
    recognise = _system(job)
    wall, processor = time.perf_counter(), time.process_time()
    found = [
        recognise(Path(waveform), meeting) for waveform, meeting in zip(job["waveforms"], job["meetings"], strict=True)
    ]
    answer = {
        "recordings": found,
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - processor,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(answer, ensure_ascii=False))


def _system(job: dict[str, Any]) -> Recognise:
    if job["system"] in ("plain", "batched"):
        return _plain(job["model"], job["threads"], job["device"], batched=job["system"] == "batched")
    return _ours(Path(job["model"]), job["threads"], job["device"])


def _plain(model: str, threads: int, device: str, *, batched: bool) -> Recognise:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    kind = "int8" if device == "cpu" else "float16"
    whisper = WhisperModel(model, device=device, compute_type=kind, cpu_threads=threads)
    options: dict[str, Any] = {"language": "ja", "beam_size": 5, "vad_filter": True, "word_timestamps": True}
    if batched:
        pipeline = BatchedInferencePipeline(whisper)
        return lambda path, _: _text(pipeline.transcribe(str(path), batch_size=8, **options)[0])
    options["condition_on_previous_text"] = False
    return lambda path, _: _text(whisper.transcribe(str(path), **options)[0])


def _text(segments: Any) -> dict[str, Any]:
    return {"text": "".join(segment.text for segment in segments)}


def _ours(model: Path, threads: int, device: Any) -> Recognise:
    from pipeline.engines.detector import SileroDetector
    from pipeline.engines.whisper import FasterWhisper
    from pipeline.lexicon.lexicon import build_lexicon
    from pipeline.records.meeting import Meeting
    from pipeline.stages.correct import CorrectSettings, correct
    from pipeline.stages.transcribe import TranscribeSettings, figures, transcribe

    detector, whisper = SileroDetector(), FasterWhisper(model, device, threads=threads)
    detector.open()
    whisper.open()

    def recognise(path: Path, meeting: str | None) -> dict[str, Any]:
        speech = detector.detect(path, _quiet)
        transcript = transcribe(whisper, path, speech, TranscribeSettings(), _quiet)
        known = Meeting.model_validate_json(meeting) if meeting else Meeting()
        begun = time.process_time()
        corrected = correct(transcript, build_lexicon(known), CorrectSettings())
        return {
            "text": corrected.text,
            "transcript": corrected.model_dump_json(),
            "correct_seconds": time.process_time() - begun,
            "figures": figures(transcript, speech).model_dump(),
        }

    return recognise


def _quiet(fraction: float) -> None: ...


if __name__ == "__main__":
    main()
