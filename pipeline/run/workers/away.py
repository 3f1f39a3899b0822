"""Engines that work elsewhere: to the stages they are the engines of contracts.py, and each call goes to a pool."""

import functools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from pipeline.contracts import (
    DecodeSettings,
    Engine,
    Excerpt,
    Fingerprint,
    Hypothesis,
    Progress,
    SpeakerHints,
    Transcriber,
)
from pipeline.records.job import EngineChoice
from pipeline.records.recording import Recording
from pipeline.records.speakers import Diarization
from pipeline.records.speech import Speech
from pipeline.run.wiring import engines_for
from pipeline.run.workers.calls import Call, Kind
from pipeline.run.workers.pool import Pool
from pipeline.stages.chain import Engines

_LOOK_S = 1.0


def engines_in(pool: Pool) -> Callable[[EngineChoice], Engines]:
    """The engines of any choice, working in the pool. Asked for again they are the same, with their fingerprints: a
    batch reads the weights once to know them."""
    return functools.cache(lambda choice: away(engines_for(choice), choice, pool))


def away(engines: Engines, choice: EngineChoice, pool: Pool) -> Engines:
    """These engines, working in the pool. They stay closed here and only tell their fingerprints; closing one says that
    the meeting needs it no more."""
    return Engines(
        _Decoder(engines.decoder, "decoder", choice, pool),
        _Detector(engines.detector, "detector", choice, pool),
        _Transcriber(engines.transcriber, "transcriber", choice, pool),
        _Diarizer(engines.diarizer, "diarizer", choice, pool),
    )


class _Away:
    def __init__(self, engine: Engine, kind: Kind, choice: EngineChoice, pool: Pool) -> None:
        self._engine = engine
        self._kind = kind
        self._choice = choice
        self._pool = pool

    def fingerprint(self) -> Fingerprint:
        return self._engine.fingerprint()

    def open(self) -> None: ...

    def close(self) -> None:
        self._pool.done_with(self._kind)

    def _ask(self, *arguments: Any, tell: Progress) -> Any:
        return self._pool.run(Call(self._choice, self._kind, arguments), tell)


class _Decoder(_Away):
    def decode(self, sources: Sequence[Path], waveform: Path, progress: Progress) -> Recording:
        answer: Recording = self._ask(tuple(sources), waveform, tell=progress)
        return answer


class _Detector(_Away):
    def detect(self, waveform: Path, progress: Progress) -> Speech:
        answer: Speech = self._ask(waveform, tell=progress)
        return answer


class _Diarizer(_Away):
    def diarize(self, waveform: Path, speech: Speech, hints: SpeakerHints, progress: Progress) -> Diarization:
        answer: Diarization = self._ask(waveform, speech, hints, tell=progress)
        return answer


class _Transcriber(_Away):
    """Spreads the windows of one recording over all workers. What comes back is the same as from one: windows are
    decoded in groups, and are only ever parted between two groups."""

    _engine: Transcriber

    @property
    def group(self) -> int:
        return self._engine.group

    def decode(
        self, waveform: Path, windows: Sequence[Excerpt], settings: DecodeSettings, progress: Progress
    ) -> tuple[Hypothesis, ...]:
        groups = [tuple(windows[start : start + self.group]) for start in range(0, len(windows), self.group)]
        done = [0.0] * len(groups)
        stop = threading.Event()

        def decoded(number: int) -> tuple[Hypothesis, ...]:
            def tell(fraction: float) -> None:
                if stop.is_set():
                    raise KeyboardInterrupt
                done[number] = fraction * len(groups[number])

            tell(0.0)
            answer: tuple[Hypothesis, ...] = self._ask(waveform, groups[number], settings, tell=tell)
            tell(1.0)
            return answer

        with ThreadPoolExecutor(min(self._pool.size, len(groups) or 1), thread_name_prefix="decode") as threads:
            futures = [threads.submit(decoded, number) for number in range(len(groups))]
            try:
                while wait(futures, _LOOK_S, FIRST_EXCEPTION).not_done:
                    _raise_first(futures)
                    progress(sum(done) / len(windows))
                return tuple(hypothesis for future in futures for hypothesis in future.result())
            finally:
                stop.set()


def _raise_first(futures: Sequence[Future[tuple[Hypothesis, ...]]]) -> None:
    for future in futures:
        if future.done():
            future.result()
