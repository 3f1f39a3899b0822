"""Imports pyannote.audio the way this product may: without telemetry, and without the CUDA build of torchaudio getting
in the way on a machine that has none."""

import importlib
import os
import sys
import types
import warnings
from pathlib import Path
from typing import Any

from pipeline.errors import EngineError, ModelDamagedError, ModelMissingError

_PREPARE = "Run: kaigiroku models prepare"


def import_pyannote(module: str) -> Any:
    """A module of pyannote.audio. Nothing else here may import it, so that the guards always come first."""
    os.environ["PYANNOTE_METRICS_ENABLED"] = "false"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # Read by oneDNN with its first convolution. It keeps what it made for the last 1,024 shapes, and turns have a
    # length each: hundreds of MiB that nobody asks for again (docs/scale.md).
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16")
    _stand_in_for_torchaudio_extension()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchcodec cannot load here, and is not needed: waveforms are passed in
        return importlib.import_module(module)


def torch_device(name: str) -> Any:
    """auto, cpu or cuda as a torch.device. Raises EngineError when cuda is asked for and there is none."""
    import torch

    if name == "cuda" and not torch.cuda.is_available():
        raise EngineError("torch finds no CUDA device on this machine.", "Use --device cpu or --device auto.")
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def load_segmentation(weights: Path, device: Any) -> Any:
    """A pyannote segmentation model from its checkpoint file. Raises ModelMissingError or ModelDamagedError."""
    if not weights.is_file():
        raise ModelMissingError(f"{weights.name}: the segmentation weights are not there.", _PREPARE, file=weights)
    model_class = import_pyannote("pyannote.audio").Model
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = model_class.from_pretrained(str(weights))
        except Exception as error:  # torch, lightning and pickle each have errors of their own for a damaged file
            raise ModelDamagedError(f"{weights.name}: not usable ({error}).", _PREPARE, file=weights) from error
    if model is None:
        raise ModelDamagedError(f"{weights.name}: not a pyannote model.", _PREPARE, file=weights)
    return model.eval().to(device)


def load_embedding(weights: Path, device: Any) -> Any:
    """The CAM++ network from its state dict. Raises ModelMissingError or ModelDamagedError."""
    if not weights.is_file():
        raise ModelMissingError(f"{weights.name}: the voice embedding weights are not there.", _PREPARE, file=weights)
    from pipeline.engines.pyannote import campplus

    try:
        return campplus.load(weights, device)
    except Exception as error:  # as above
        raise ModelDamagedError(f"{weights.name}: not usable ({error}).", _PREPARE, file=weights) from error


def _stand_in_for_torchaudio_extension() -> None:
    """torchaudio's wheels are built for CUDA and fail to import beside a CPU-only torch. pyannote uses only what is
    plain Python in it, so its compiled extension is declared absent before the first import."""
    import torch

    if torch.version.cuda is not None or "torchaudio" in sys.modules:
        return
    stand_in = types.ModuleType("torchaudio._extension")
    stand_in.__dict__.update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        fail_if_no_align=lambda function: function,
        _check_cuda_version=lambda: None,
    )
    sys.modules["torchaudio._extension"] = stand_in
