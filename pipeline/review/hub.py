"""Live news for open pages: whoever listens to a channel gets every event published on it, from any thread."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import contextmanager
from typing import Any

_LONGEST_S = 600.0
_QUEUED = 1000
"""Events a slow page may lag behind; beyond that it has to load again."""


class Listener:
    """One open page's queue."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(_QUEUED)

    def put(self, event: dict[str, Any] | None) -> None:
        """From any thread. None ends the stream."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, event)

    def _put(self, event: dict[str, Any] | None) -> None:
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            event = None
        self._queue.put_nowait(event)

    async def next(self, timeout_s: float) -> dict[str, Any] | None:
        """Raises TimeoutError when nothing happens for so long."""
        return await asyncio.wait_for(self._queue.get(), timeout_s)


class Hub:
    """Channels by name: a meeting's id, or ``jobs``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[Listener]] = {}

    @contextmanager
    def listening(self, channel: str) -> Any:
        """Within the event loop."""
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.setdefault(channel, set()).add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners[channel].discard(listener)
                if not self._listeners[channel]:
                    del self._listeners[channel]

    def publish(self, channel: str, event: dict[str, Any]) -> None:
        for listener in self._of(channel):
            listener.put(event)

    def channels(self) -> tuple[str, ...]:
        """Those that somebody listens to."""
        with self._lock:
            return tuple(self._listeners)

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        for channel in self.channels():
            for listener in self._of(channel):
                listener.put(None)

    def _of(self, channel: str) -> tuple[Listener, ...]:
        with self._lock:
            return tuple(self._listeners.get(channel, ()))


async def events(listener: Listener, beat_s: float = 15.0) -> AsyncIterator[dict[str, Any]]:
    """Everything that is put, and an empty event now and then that keeps the line open. It ends after some minutes: the
    page asks again, and so does the guard who it is."""
    end = time.monotonic() + _LONGEST_S
    while time.monotonic() < end:
        try:
            event = await listener.next(beat_s)
        except TimeoutError:
            yield {}
            continue
        if event is None:
            return
        yield event
