"""One plain system over one recording in a process of its own: python draft_worker.py SYSTEM RECORDING THREADS."""

import json
import os
import sys
import time
from pathlib import Path

SYSTEM, RECORDING, THREADS = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
os.environ["OMP_NUM_THREADS"] = str(THREADS)


def main() -> None:
    print(json.dumps(_voices() if SYSTEM == "pyannote" else _words(), ensure_ascii=False))


def _words() -> dict[str, object]:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    from pipeline.weights.locate import locate

    model = WhisperModel(str(locate("whisper-base")), device="cpu", compute_type="int8", cpu_threads=THREADS)
    options = {"language": "ja", "beam_size": 5, "vad_filter": True, "word_timestamps": True}
    began = time.perf_counter()
    if SYSTEM == "whisper-batched":
        segments = BatchedInferencePipeline(model).transcribe(str(RECORDING), batch_size=8, **options)[0]
    else:
        segments = model.transcribe(str(RECORDING), condition_on_previous_text=False, **options)[0]
    text = "".join(segment.text for segment in segments)
    return {"seconds": time.perf_counter() - began, "characters": len(text)}


def _voices() -> dict[str, object]:
    """pyannote.audio's own pipeline at its defaults, with the bundled weights."""
    import tempfile

    from plain_pyannote import pipeline, plain

    from pipeline.engines.decoder import FfmpegDecoder
    from pipeline.engines.pyannote.diarizer import EMBEDDING_FILE, SEGMENTATION_FILE
    from pipeline.weights.locate import locate

    pipe = pipeline(locate("segmentation-3.0") / SEGMENTATION_FILE, locate("campplus") / EMBEDDING_FILE, step=0.1)
    with tempfile.TemporaryDirectory() as folder:
        waveform = Path(folder) / "waveform.wav"
        decoder = FfmpegDecoder()
        decoder.open()
        decoder.decode([RECORDING], waveform, lambda _: None)
        _, seconds = plain(pipe, waveform, [0.7])
    return {"seconds": seconds, "characters": None}


if __name__ == "__main__":
    main()
