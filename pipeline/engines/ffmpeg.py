"""The bundled ffmpeg as a child process: what a file holds, and its sound as a stream of 16 kHz samples.

Files come from strangers. ffmpeg is told to open local files only, in the containers of recordings only (a playlist may
name other files), never through a shell, and its environment cannot make it write reports elsewhere.
"""

import os
import re
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.errors import AudioFormatError, DependencyError, EngineError

CONTAINERS = "wav,w64,aiff,caf,au,mp3,aac,flac,ogg,asf,mov,matroska,avi,mpeg,mpegts,amr,ac3,wv,tta,ape"
"""Demuxers a recording may need; scripts and playlists (hls, concat, …) are not among them."""
STALL_S = 120.0
"""Silence of ffmpeg itself after which it is taken for hung: a network drive may need a while, not two minutes."""
BLOCK_SAMPLES = 2 * SAMPLE_RATE_HZ
"""Samples per channel in one block: small, because there may be 32 channels."""
_FILTER = f"aresample={SAMPLE_RATE_HZ}:async=1:first_pts=0"
"""Keeps the file's own time: a late start or a gap of the sound track becomes silence instead of shifting the rest."""
_DURATION = re.compile(r"^\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", re.MULTILINE)
_AUDIO = re.compile(r"^\s*Stream #0:\d+.*?: Audio: (\w+)(?:.*?, (\d+) Hz)?", re.MULTILINE)
_VIDEO = re.compile(r"^\s*Stream #0:\d+.*?: Video: ", re.MULTILINE)


@dataclass(frozen=True)
class Probe:
    """What the header of a file says. estimated: there was no length in it, only a bit rate to guess from."""

    duration_ms: int
    estimated: bool
    codec: str
    sample_rate_hz: int
    audio_tracks: int
    has_video: bool


def program() -> Path:
    """The ffmpeg to run: the one in the imageio-ffmpeg wheel.

    Raises DependencyError where the wheel for this machine carries none.
    """
    import imageio_ffmpeg

    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise DependencyError(
            "imageio-ffmpeg carries no ffmpeg for this machine.", "Install ffmpeg and put it on the PATH."
        ) from error


def probe(path: Path, ffmpeg: Path) -> Probe:
    """Reads the header. A file that ffmpeg cannot open at all raises AudioFormatError."""
    command = [str(ffmpeg), "-hide_banner", "-nostdin", *_input(path)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env=_environment(), timeout=STALL_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _hung(path) from error
    if done.returncode < 0:
        raise _stopped(path, done.returncode)
    text = done.stderr.decode("utf-8", errors="replace")
    if "Input #0" not in text:
        raise not_audio(path, _reason(text.splitlines()))
    return _parse(text)


def _parse(text: str) -> Probe:
    duration = _DURATION.search(text)
    audio = _AUDIO.findall(text)
    length = 0
    if duration:
        hours, minutes, seconds = duration.groups()
        length = round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
    estimated = not length or "Estimating duration from bitrate" in text
    codec, rate = audio[0] if audio else ("", "")
    return Probe(length, estimated, codec, int(rate or 0), len(audio), bool(_VIDEO.search(text)))


class PcmStream:
    """The first sound track of a file, resampled to 16 kHz, at its own number of channels, from start to end.

    Use as a context manager: leaving it, for whatever reason, ends the child process.
    """

    def __init__(self, path: Path, ffmpeg: Path) -> None:
        self.path = path
        self.channels = 0
        self.problems = 0
        """Lines of complaint so far: more than none after the last block means damaged passages."""
        self._messages: deque[str] = deque(maxlen=20)
        self._stalled = False
        self._command = [
            *(str(ffmpeg), "-hide_banner", "-nostdin", "-loglevel", "error", "-max_error_rate", "1"),
            *(*_input(path), "-map", "0:a:0", "-vn", "-sn", "-dn", "-af", _FILTER),
            *("-c:a", "pcm_s16le", "-bitexact", "-f", "wav", "-rf64", "never", "pipe:1"),
        ]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            self.channels = self._read_header()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def blocks(self) -> Iterator[bytes]:
        """Interleaved 16-bit samples, BLOCK_SAMPLES per channel and block; only the last block may be shorter."""
        frame = 2 * self.channels
        while data := self._read(BLOCK_SAMPLES * frame):
            yield data[: len(data) - len(data) % frame]
        self._finish()

    def _read(self, size: int) -> bytes:
        """Exactly size bytes, fewer only at the end; a child that gives nothing for STALL_S is ended."""
        watchdog = threading.Timer(STALL_S, self._stall)
        watchdog.daemon = True
        watchdog.start()
        try:
            return _output(self._process.stdout).read(size)
        finally:
            watchdog.cancel()

    def _stall(self) -> None:
        self._stalled = True
        self._process.kill()

    def _read_header(self) -> int:
        """Skips to the samples and returns the number of channels."""
        channels = 0
        if self._read(12)[:4] == b"RIFF":
            while len(chunk := self._read(8)) == 8 and chunk[:4] != b"data":
                body = self._read(int.from_bytes(chunk[4:], "little"))
                if chunk[:4] == b"fmt ":
                    channels = int.from_bytes(body[2:4], "little")
        if not channels:
            self._finish()
            raise not_audio(self.path, _reason(list(self._messages)))
        return channels

    def _finish(self) -> None:
        code = self._process.wait()
        self._listener.join()
        if self._stalled:
            raise _hung(self.path)
        if code < 0:
            raise _stopped(self.path, code)

    def _listen(self) -> None:
        for line in _output(self._process.stderr):
            self.problems += 1
            self._messages.append(line.decode("utf-8", errors="replace").strip())

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._listener.join()
        _output(self._process.stdout).close()
        _output(self._process.stderr).close()


def not_audio(path: Path, reason: str = "") -> AudioFormatError:
    """The error for a file that is no recording, or too damaged to be one."""
    detail = f" ({reason})" if reason else ""
    return AudioFormatError(
        f"{path.name}: not a recording that can be read{detail}.",
        "Check that the file plays in an audio player, and copy it from the recorder again.",
        file=path,
    )


def _input(path: Path) -> list[str]:
    """file: and an absolute path: a name like -y.wav, http:a.wav or concat:a|b is a name and nothing else."""
    return [
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", CONTAINERS),
        *("-i", f"file:{path.absolute()}"),
    ]


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    environment.pop("FFREPORT", None)
    return environment


def _output(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # Popen was asked for pipes
    return pipe


def _reason(lines: list[str]) -> str:
    """ffmpeg's own last words, without the address of the object and the path that begin them."""
    said = [line for line in lines if line.strip() and "At least one output file" not in line]
    return re.sub(r"^\[[^]]*\]\s*|^Error opening input.*?: ", "", said[-1].strip()).rstrip(".") if said else ""


def _hung(path: Path) -> EngineError:
    return EngineError(
        f"{path.name}: ffmpeg gave no sound for {STALL_S:.0f} seconds.",
        "Copy the recording to a local disk and run again.",
        file=path,
    )


def _stopped(path: Path, code: int) -> EngineError:
    return EngineError(
        f"{path.name}: ffmpeg was stopped while reading (signal {-code}).",
        "Run again; if it happens again, check the machine's free memory.",
        file=path,
    )
