"""Recordings of any format, as consecutive parts, become the one 16 kHz mono waveform file: pydub over the bundled
ffmpeg, in blocks, so that eight hours need no more memory than a minute."""

import hashlib
import importlib.metadata
import stat
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.contracts import SAMPLE_RATE_HZ, Fingerprint, Progress
from pipeline.engines import ffmpeg
from pipeline.engines.downmix import ChannelStatistics, Downmix, MixPlan, Pcm
from pipeline.engines.waveform_writer import WaveformWriter
from pipeline.errors import (
    AudioEmptyError,
    AudioFormatError,
    AudioMissingError,
    AudioNoSoundError,
    AudioTooLongError,
    AudioTooManyChannelsError,
    AudioTooShortError,
    AudioUnreadableError,
)
from pipeline.records.recording import Recording, RecordingPart

LONGEST_MS = 8 * 3_600_000
SHORTEST_MS = 500
"""No word fits in less."""
MOST_CHANNELS = 32
_SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1000
_RIFF_LARGEST = 0xFFFF_0000
_MISSING_MS = 1_000
_MISSING_SHARE = 0.01
"""A part that gives less sound than its header claims, by more than both, was cut off."""


class FfmpegDecoder:
    """A contracts.Decoder. Several channels are joined as downmix.py describes."""

    def __init__(self, longest_ms: int = LONGEST_MS) -> None:
        self._longest_ms = longest_ms
        self._segment: Any = None

    def fingerprint(self) -> Fingerprint:
        return Fingerprint(
            name="pydub-ffmpeg",
            version=" ".join(f"{name} {importlib.metadata.version(name)}" for name in ("pydub", "imageio-ffmpeg")),
            weights_sha256=sha256(ffmpeg.program()),
            settings=f"longest_ms={self._longest_ms}",
        )

    def open(self) -> None:
        """Raises DependencyError where there is no ffmpeg for this machine."""
        program = ffmpeg.program()
        with warnings.catch_warnings():
            # pydub warns of what it does not find on the PATH; what it shall use is named below.
            warnings.simplefilter("ignore")
            from pydub import AudioSegment
        AudioSegment.converter = str(program)
        self._segment = AudioSegment

    def close(self) -> None:
        self._segment = None

    def decode(self, sources: Sequence[Path], waveform: Path, progress: Progress) -> Recording:
        """Join sources in order into one waveform file (complete or absent), readable by its owner only.

        A damaged or cut-off part gives what is there and a warning. Raises AudioMissingError, AudioUnreadableError,
        AudioEmptyError, AudioFormatError, AudioNoSoundError, AudioTooShortError, AudioTooManyChannelsError,
        AudioTooLongError, OutputError, DiskFullError, EngineError (ffmpeg was stopped or hangs).
        """
        if not sources:
            raise AudioMissingError("No recording was named.", "Name one or more audio files.")
        program = ffmpeg.program()
        parts = [_inspect(path, program) for path in sources]
        self._check_length(parts[-1].path, sum(part.claim_ms or 0 for part in parts))
        progress(0.0)
        with WaveformWriter(waveform) as writer:
            records, notes = self._decode_parts(parts, program, writer, progress)
            if writer.duration_ms < SHORTEST_MS:
                raise AudioTooShortError(
                    f"{sources[0].name}: only {writer.duration_ms / 1000:.2f} seconds of sound.",
                    f"A recording has to last at least {SHORTEST_MS / 1000:.1f} seconds; was it the right file?",
                    file=sources[0],
                )
            writer.finish()
        return Recording(
            parts=records,
            duration_ms=writer.duration_ms,
            waveform_sha256=sha256(waveform),
            peak_dbfs=writer.peak_dbfs,
            warnings=notes,
        )

    def _decode_parts(
        self, parts: Sequence["_Part"], program: Path, writer: WaveformWriter, progress: Progress
    ) -> tuple[tuple[RecordingPart, ...], tuple[str, ...]]:
        claims = [part.probe.duration_ms for part in parts]
        records, notes = [], []
        for index, part in enumerate(parts):
            done, share = (sum(claims[:index]), claims[index]) if sum(claims) else (index, 1)
            whole = sum(claims) or len(parts)

            def partly(fraction: float, done: int = done, share: int = share, whole: int = whole) -> None:
                progress(min(1.0, (done + share * min(1.0, fraction)) / whole))

            start_ms = writer.duration_ms
            channels, problems = self._decode_part(part, program, writer, partly)
            length_ms = writer.duration_ms - start_ms
            if not length_ms:
                raise ffmpeg.not_audio(part.path, "no sound could be decoded")
            notes += _warnings(part, length_ms, problems)
            records.append(
                RecordingPart(
                    name=part.path.name,
                    sha256=part.sha256,
                    start_ms=start_ms,
                    duration_ms=length_ms,
                    sample_rate_hz=part.probe.sample_rate_hz,
                    channels=channels,
                    codec=part.probe.codec,
                )
            )
        progress(1.0)
        return tuple(records), tuple(notes)

    def _decode_part(
        self, part: "_Part", program: Path, writer: WaveformWriter, partly: Callable[[float], None]
    ) -> tuple[int, int]:
        """Appends one part; returns its channels and how many problems ffmpeg met. Many channels take two passes."""
        start_ms = writer.duration_ms
        with ffmpeg.PcmStream(part.path, program) as stream:
            if stream.channels > MOST_CHANNELS:
                raise AudioTooManyChannelsError(
                    f"{part.path.name}: {stream.channels} channels, at most {MOST_CHANNELS} are possible.",
                    "Export the microphones of the meeting from the recorder as one file.",
                    file=part.path,
                )
            if stream.channels == 1:
                for block in self._blocks(stream, part, start_ms, partly):
                    writer.write(block[0])
                writer.fill_millisecond()
                return 1, stream.problems
            plan = self._measure(stream, part, start_ms, partly)
            channels, problems = stream.channels, stream.problems
        with ffmpeg.PcmStream(part.path, program) as stream:
            downmix = Downmix(plan)
            for block in self._blocks(stream, part, start_ms, lambda fraction: partly((1 + fraction) / 2)):
                writer.write(downmix.mix(block))
        writer.fill_millisecond()
        return channels, problems

    def _measure(
        self, stream: ffmpeg.PcmStream, part: "_Part", start_ms: int, partly: Callable[[float], None]
    ) -> MixPlan:
        statistics = ChannelStatistics(stream.channels)
        for block in self._blocks(stream, part, start_ms, lambda fraction: partly(fraction / 2)):
            statistics.add(block)
        return statistics.plan()

    def _blocks(
        self, stream: ffmpeg.PcmStream, part: "_Part", start_ms: int, fraction: Callable[[float], None]
    ) -> Iterator[Pcm]:
        """The sound of a part as (channels, samples), split by pydub, not longer than a recording may be."""
        samples = 0
        for data in stream.blocks():
            segment = self._segment(data=data, sample_width=2, frame_rate=SAMPLE_RATE_HZ, channels=stream.channels)
            channels = [np.frombuffer(mono.raw_data, dtype=np.int16) for mono in segment.split_to_mono()]
            samples += len(channels[0])
            self._check_length(part.path, start_ms + samples // _SAMPLES_PER_MS)
            yield np.stack(channels)
            claim = part.probe.duration_ms
            fraction(min(1.0, samples / _SAMPLES_PER_MS / claim) if claim else 0.0)

    def _check_length(self, path: Path, length_ms: int) -> None:
        if length_ms > self._longest_ms:
            raise AudioTooLongError(
                f"{path.name}: the recording is longer than {self._longest_ms / 3_600_000:g} hours.",
                "Split it and draft the minutes of each part on its own.",
                file=path,
            )


@dataclass(frozen=True)
class _Part:
    path: Path
    sha256: str
    probe: ffmpeg.Probe
    claim_ms: int | None
    """How long the file says it is; None where it does not say."""


def _inspect(path: Path, program: Path) -> _Part:
    """Looks at a file before anything is written, so that its mistakes are told at once."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise AudioFormatError(f"{path.name}: not a file.", "Name the audio file itself.", file=path)
        if not state.st_size:
            raise AudioEmptyError(
                f"{path.name}: the file is empty (0 bytes).", "Copy it from the recorder again.", file=path
            )
        digest = sha256(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise AudioMissingError(f"{path}: no such file.", "Check the name and the folder.", file=path) from error
    except OSError as error:
        raise AudioUnreadableError(
            f"{path.name}: may not be read ({error.strerror}).", "Check the file's permissions.", file=path
        ) from error
    probe = ffmpeg.probe(path, program)
    if not probe.audio_tracks:
        if probe.has_video:
            raise AudioNoSoundError(
                f"{path.name}: a video without a sound track.", "Name the recording that has the sound.", file=path
            )
        raise ffmpeg.not_audio(path, "no sound track")
    claim_ms = None if probe.estimated else probe.duration_ms
    return _Part(path, digest, probe, _riff_claim_ms(path, probe.duration_ms) or claim_ms)


def _riff_claim_ms(path: Path, duration_ms: int) -> int | None:
    """ffmpeg tells the length of a cut-off WAV file by its bytes; this tells what its header says. Recorders that write
    the size last leave 0 or the largest number, which claim nothing."""
    with path.open("rb") as file:
        header = file.read(8)
    claim, size = int.from_bytes(header[4:], "little") + 8, path.stat().st_size
    if header[:4] != b"RIFF" or not size < claim <= _RIFF_LARGEST:
        return None
    return round(duration_ms * claim / size)


def _warnings(part: _Part, length_ms: int, problems: int) -> list[str]:
    """For the clerk, in Japanese."""
    name, claim = part.path.name, part.claim_ms
    notes = []
    if claim and claim - length_ms > max(_MISSING_MS, _MISSING_SHARE * claim):
        notes.append(
            f"{name}:ファイルの記録では{claim / 1000:.1f}秒ですが、"
            f"読み取れた音声は{length_ms / 1000:.1f}秒です。録音が途中で切れていないか確認してください。"
        )
    elif problems:
        notes.append(
            f"{name}:録音データに壊れた箇所があるようです。読み取れた音声は{length_ms / 1000:.1f}秒です。"
            "音が抜けていないか確認してください。"
        )
    if part.probe.audio_tracks > 1:
        notes.append(f"{name}:音声トラックが{part.probe.audio_tracks}本あります。1本目だけを使いました。")
    return notes


def sha256(path: Path) -> str:
    """Of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
