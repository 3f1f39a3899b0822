"""Whisper through faster-whisper and CTranslate2: decodes the windows it is given, all of them and completely.

Its own loop is used instead of the library's pipelines because those either decode one window at a time or, batched,
throw away what does not fit."""

import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from pipeline.contracts import DecodeSettings, Excerpt, Fingerprint, Hypothesis, Progress
from pipeline.engines import waveform as waves
from pipeline.engines.whisper_folder import check_folder, weights_sha256
from pipeline.engines.whisper_words import Heard, compression_ratio, joined, words_of
from pipeline.errors import EngineError, KaigirokuError, ModelDamagedError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Device = Literal["auto", "cpu", "cuda"]
WINDOW_LIMIT_MS = 30_000
_FRAMES = 3_000
"""Of the encoder's input: 30 s in steps of 10 ms."""
_PROMPT_LIMIT_TOKENS = 223
_TOKENS_AT_LEAST = 40
_TOKENS_PER_S = 20
"""About twice the fastest Japanese speech; a window that needs more is decoded again in parts, so nothing is lost."""
_SHORTEST_PART_MS = 4_000
_LONGEST_FIRST_PAUSE_TOKENS = 50
"""Timestamps are in steps of 20 ms: the first sentence starts within the first second, as in OpenAI's decoding."""
_BATCH = {"cpu": 1, "cuda": 16}
"""Windows decoded in one go. On a CPU more of them take as long as one after the other and cost 60 MB each."""
_MOST_WORKERS = 2
"""Batches decoded side by side on a CPU. Small steps of decoding leave most of a second thread idle; each worker costs
its own scratch memory."""


class FasterWhisper:
    """Transcriber over a CTranslate2 Whisper folder (model.bin, config.json, tokenizer.json, vocabulary.*).

    device auto takes a CUDA device when there is one. compute_type None means int8 on a CPU and float16 on CUDA.
    threads 0 takes all cores of the machine. Nothing falls back in silence: what cannot be loaded is an error.
    """

    def __init__(
        self, model_dir: Path, device: Device = "auto", compute_type: str | None = None, threads: int = 0
    ) -> None:
        self._folder = model_dir
        self._wanted_device = device
        self._wanted_type = compute_type
        self._threads = threads or _threads()
        self._workers = 1
        self._model: Any = None
        self._tokenizers: dict[str, Any] = {}
        self._sha256: str | None = None

    def fingerprint(self) -> Fingerprint:
        from importlib.metadata import version

        if self._sha256 is None:
            self._sha256 = weights_sha256(self._folder)
        device = self._device()
        return Fingerprint(
            name="faster-whisper",
            version=f"{version('faster-whisper')}+ctranslate2-{version('ctranslate2')}",
            weights_sha256=self._sha256,
            settings=f"{device}/{self._compute_type(device)}",
        )

    def open(self) -> None:
        """Loads the weights. Raises ModelMissingError, ModelDamagedError or EngineError (no device, no memory)."""
        if self._model is not None:
            return
        check_folder(self._folder)
        device = self._device()
        from faster_whisper import WhisperModel
        from faster_whisper.feature_extractor import FeatureExtractor

        workers = min(_MOST_WORKERS, self._threads) if device == "cpu" else 1
        try:
            model = WhisperModel(
                str(self._folder),
                device=device,
                compute_type=self._compute_type(device),
                cpu_threads=self._threads // workers,
                num_workers=workers,
                local_files_only=True,
            )
        except ValueError as error:
            raise EngineError(
                f"Whisper cannot compute in {self._compute_type(device)} on {device} ({_line(error)}).",
                "Choose another compute type or --device cpu.",
            ) from error
        except Exception as error:
            if _is_memory(error):
                _fail(error)
            raise ModelDamagedError(
                f"{self._folder.name}: the Whisper model does not load ({_line(error)}).",
                "Run `kaigiroku models prepare` again, or name another folder.",
                file=self._folder,
            ) from error
        if model.feature_extractor.mel_filters.shape[0] != model.model.n_mels:
            model.feature_extractor = FeatureExtractor(feature_size=model.model.n_mels)
        self._model, self._workers = model, workers

    def close(self) -> None:
        self._model = None
        self._tokenizers.clear()

    @property
    def group(self) -> int:
        return _BATCH[self._device()]

    def decode(
        self, waveform: Path, windows: Sequence[Excerpt], settings: DecodeSettings, progress: Progress
    ) -> tuple[Hypothesis, ...]:
        """See contracts.Transcriber. Samples of one batch of windows for each worker are in memory at a time."""
        self.open()
        for window in windows:
            if not 0 < window.heard_ms <= WINDOW_LIMIT_MS:
                raise EngineError(
                    f"A window of {window.heard_ms} ms cannot be decoded (1 to {WINDOW_LIMIT_MS} ms).",
                    "This is a mistake of the program; please report it.",
                )
        self._tokenizer(settings.language)
        hypotheses: list[Hypothesis] = []
        pool = ThreadPoolExecutor(self._workers)
        try:
            for heard in pool.map(partial(self._guarded, waveform, settings), self._batches(windows)):
                hypotheses.extend(heard)
                progress(len(hypotheses) / len(windows))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return tuple(hypotheses)

    def _batches(self, windows: Sequence[Excerpt]) -> list[Sequence[Excerpt]]:
        """Alike in size, and as many for each worker: what a window is heard as does not depend on its batch."""
        count = -(-len(windows) // self.group)
        count += -count % self._workers
        size = max(1, -(-len(windows) // max(1, count)))
        return [windows[start : start + size] for start in range(0, len(windows), size)]

    def _guarded(self, waveform: Path, settings: DecodeSettings, windows: Sequence[Excerpt]) -> list[Hypothesis]:
        try:
            return self._complete(waveform, windows, settings)
        except KaigirokuError:
            raise
        except Exception as error:
            _fail(error)

    def _complete(self, waveform: Path, windows: Sequence[Excerpt], settings: DecodeSettings) -> list[Hypothesis]:
        """Decodes; a window whose text ran into the token limit is decoded again in two parts, and so on."""
        complete: list[Hypothesis] = []
        for window, heard in zip(windows, self._batch(waveform, windows, settings), strict=True):
            if heard.cut_off and window.heard_ms >= 2 * _SHORTEST_PART_MS:
                parts = _split(window, heard)
                complete.append(joined(window, self._complete(waveform, parts, settings)))
            else:
                complete.append(heard.hypothesis)
        return complete

    def _batch(self, waveform: Path, windows: Sequence[Excerpt], settings: DecodeSettings) -> list[Heard]:
        samples = [_samples(waveform, window) for window in windows]
        encoded = self._encode(samples)
        tokenizer = self._tokenizer(settings.language)
        prompt = self._prompt(tokenizer, settings)
        longest_s = max(window.heard_ms for window in windows) / 1000
        limit = min(
            self._model.max_length // 2,
            self._model.max_length - len(prompt),
            _TOKENS_AT_LEAST + math.ceil(longest_s * _TOKENS_PER_S),
        )
        results = self._generate(encoded, prompt, limit, len(windows), settings, tokenizer)
        tokens = [list(result.sequences_ids[0]) for result in results]
        text_tokens = [[token for token in row if token < tokenizer.eot] for row in tokens]
        frames = [max(1, window.heard_ms // 10) for window in windows]
        aligned = self._align(tokenizer, text_tokens, encoded, frames)
        heard: list[Heard] = []
        for window, result, row, text_row, words in zip(windows, results, tokens, text_tokens, aligned, strict=True):
            stamps = [(token - tokenizer.timestamp_begin) * 20 for token in row if token >= tokenizer.timestamp_begin]
            heard.append(
                Heard(
                    hypothesis=Hypothesis(
                        window=window,
                        words=words_of(words, window),
                        average_log_probability=float(result.scores[0]) * len(row) / (len(row) + 1),
                        no_speech_probability=min(1.0, max(0.0, float(result.no_speech_prob))),
                        compression_ratio=compression_ratio(tokenizer.decode(text_row)),
                    ),
                    cut_off=len(row) >= limit,
                    last_stamp_ms=stamps[-1] if stamps else None,
                )
            )
        return heard

    def _generate(
        self, encoded: Any, prompt: list[int], limit: int, count: int, settings: DecodeSettings, tokenizer: Any
    ) -> Any:
        """limit: of new tokens. CTranslate2 takes a length that counts the prompt too and halves it, as Whisper was
        trained: without a word about it, text ends after 224 tokens."""
        from faster_whisper.transcribe import get_suppressed_tokens

        sampling = settings.temperature > 0
        return self._model.model.generate(
            encoded,
            [prompt] * count,
            beam_size=1 if sampling else settings.beam_size,
            sampling_topk=0 if sampling else 1,
            sampling_temperature=settings.temperature if sampling else 1.0,
            no_repeat_ngram_size=settings.no_repeat_ngram_size,
            max_length=max(2 * limit, len(prompt) + limit),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            max_initial_timestamp_index=_LONGEST_FIRST_PAUSE_TOKENS,
        )

    def _encode(self, samples: "list[NDArray[np.float32]]") -> Any:
        """Encoder output of shape (windows, frames, width). On a CPU one window at a time: it is as fast, and the
        attention of many windows at once is what costs memory."""
        import numpy as np
        from ctranslate2 import StorageView

        features = [_padded(self._model.feature_extractor(row)[..., :-1]) for row in samples]
        if self._model.model.device == "cuda":
            return self._model.encode(np.stack(features))
        rows = [np.asarray(self._model.encode(row)) for row in features]
        return StorageView.from_array(np.concatenate(rows))

    def _rows(self, encoded: Any) -> Iterator[Any]:
        """On a CPU window by window: the attention of one window to its words takes 40 MB."""
        import numpy as np
        from ctranslate2 import StorageView

        if self._model.model.device != "cpu":
            yield encoded
            return
        rows = np.asarray(encoded)
        yield from (StorageView.from_array(rows[number : number + 1]) for number in range(len(rows)))

    def _align(
        self, tokenizer: Any, text_tokens: list[list[int]], encoded: Any, frames: list[int]
    ) -> list[list[dict[str, Any]]]:
        from faster_whisper.transcribe import merge_punctuations

        aligned: list[list[dict[str, Any]]] = []
        for number, row in enumerate(self._rows(encoded)):
            some = slice(number, number + 1) if self._model.model.device == "cpu" else slice(None)
            aligned += self._model.find_alignment(tokenizer, text_tokens[some], row, frames[some])
        for words in aligned:
            merge_punctuations(words, "\"'“¿([{-「『（", "\"'.。,，!！?？:：”)]}、」』）")
        return aligned

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            if language not in self._model.supported_languages:
                raise EngineError(
                    f"{self._folder.name}: this model does not know the language {language!r}.",
                    "Name a multilingual Whisper model.",
                    file=self._folder,
                )
            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer, self._model.model.is_multilingual, task="transcribe", language=language
            )
        return self._tokenizers[language]

    def _prompt(self, tokenizer: Any, settings: DecodeSettings) -> list[int]:
        sequence: list[int] = list(tokenizer.sot_sequence)
        if not settings.prompt:
            return sequence
        tokens: list[int] = tokenizer.encode(" " + settings.prompt.strip())
        if len(tokens) > _PROMPT_LIMIT_TOKENS:
            raise EngineError(
                f"The prompt has {len(tokens)} tokens; Whisper takes {_PROMPT_LIMIT_TOKENS}.", "Shorten the prompt."
            )
        return [tokenizer.sot_prev, *tokens, *sequence]

    def _device(self) -> str:
        if self._wanted_device == "cpu":
            return "cpu"
        import ctranslate2

        present = ctranslate2.get_cuda_device_count() > 0
        if self._wanted_device == "cuda" and not present:
            raise EngineError("No CUDA device was found.", "Use --device cpu, or check the driver with `nvidia-smi`.")
        return "cuda" if present else "cpu"

    def _compute_type(self, device: str) -> str:
        return self._wanted_type or ("float16" if device == "cuda" else "int8")


def _padded(features: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Log-mel features (mels, frames) filled up to 30 s with silence: 8 decades (2.0 here) below the loudest.

    faster-whisper fills up with zeros, which is a steady loud sound that no training recording had: the decoder then
    stops early, and text at the end of windows is lost. OpenAI's Whisper pads the samples, which comes to this."""
    import numpy as np

    missing = _FRAMES - features.shape[-1]
    if missing <= 0:
        return features[..., :_FRAMES]
    return np.pad(features, ((0, 0), (0, missing)), constant_values=features.max() - 2.0)


def _samples(waveform: Path, window: Excerpt) -> "NDArray[np.float32]":
    import numpy as np

    return np.concatenate([waves.read(waveform, piece.start_ms, piece.end_ms) for piece in window.kept])


def _split(window: Excerpt, heard: Heard) -> tuple[Excerpt, Excerpt]:
    """Two parts, cut at the last sentence boundary the decoder reached if that lies well inside, else in the middle."""
    cut = heard.last_stamp_ms if heard.last_stamp_ms is not None else window.heard_ms // 2
    if not _SHORTEST_PART_MS <= cut <= window.heard_ms - _SHORTEST_PART_MS:
        cut = window.heard_ms // 2
    return window.part(window.start_ms, window.at(cut, end=True)), window.part(window.at(cut), window.end_ms)


def _threads() -> int:
    """OMP_NUM_THREADS where somebody set it, as CTranslate2 does, else one for each core."""
    wished = os.environ.get("OMP_NUM_THREADS", "")
    return int(wished) if wished.isdigit() and int(wished) else os.cpu_count() or 1


def _is_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or "out of memory" in str(error).lower() or "bad_alloc" in str(error)


def _fail(error: Exception) -> NoReturn:
    if _is_memory(error):
        raise EngineError(
            f"Whisper ran out of memory ({_line(error)}).", "Use --device cpu or a smaller model, or free memory."
        ) from error
    raise EngineError(
        f"Whisper failed while decoding ({type(error).__name__}: {_line(error)}).",
        "Try --device cpu; if it happens again, report it with run.json.",
    ) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
