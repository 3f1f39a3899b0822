"""Which engine does what in a draft: from names of models to engines that are not opened yet."""

import socket

from pipeline.contracts import Diarizer
from pipeline.engines.decoder import FfmpegDecoder
from pipeline.engines.detector import SileroDetector
from pipeline.engines.pyannote.diarizer import PyannoteDiarizer
from pipeline.engines.pyannote.pipeline_folder import PyannotePipelineDiarizer
from pipeline.engines.replay import ReplayDetector, ReplayDiarizer, ReplayTranscriber
from pipeline.engines.whisper import FasterWhisper
from pipeline.records.job import EngineChoice
from pipeline.stages.chain import Engines
from pipeline.weights.locate import locate


def engines_for(choice: EngineChoice) -> Engines:
    """Raises ModelMissingError or ModelDamagedError before any work is done."""
    socket.has_ipv6 = False  # urllib3, which the model libraries import, would open a socket just to see whether it can
    decoder = FfmpegDecoder()
    if choice.replay is not None:
        folder = choice.replay
        return Engines(decoder, ReplayDetector(folder), ReplayTranscriber(folder), ReplayDiarizer(folder))
    return Engines(
        decoder,
        SileroDetector(),
        FasterWhisper(locate(choice.model), device=choice.device),
        _diarizer(choice),
    )


def _diarizer(choice: EngineChoice) -> Diarizer:
    if choice.diarization is not None:
        return PyannotePipelineDiarizer(choice.diarization, device=choice.device)
    return PyannoteDiarizer(segmentation=locate("segmentation-3.0"), embedding=locate("campplus"), device=choice.device)
