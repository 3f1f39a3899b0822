"""Blocks networking in a Python process. On PYTHONPATH it takes effect at start-up; conftest uses it in-process too.

Sockets within the machine's kernel (AF_UNIX, used by asyncio and multiprocessing) stay allowed. Every attempt is also
written down, so that one swallowed by an `except OSError` still fails the test.
"""

import os
import socket
import traceback
from pathlib import Path

LOG_VARIABLE = "KAIGIROKU_TEST_NETWORK_LOG"
_real_socket = socket.socket
_real_lookup = socket.getaddrinfo


class NetworkBlockedError(OSError):
    """Something tried to use the network."""


def _refuse(what: str) -> None:
    log = os.environ.get(LOG_VARIABLE)
    if log:
        frames = traceback.extract_stack()[:-2]
        where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-6:]))
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{what} at {where}\n")
    raise NetworkBlockedError(f"network use: {what}")


class GuardedSocket(_real_socket):
    """A socket that only talks within this machine's kernel."""

    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
        if fileno is None and family != getattr(socket, "AF_UNIX", None):
            _refuse(f"socket(family={family})")
        super().__init__(family, type, proto, fileno)


def _guarded_lookup(host: object, *_: object, **__: object) -> object:
    return _refuse(f"lookup of {host!r}")


def block() -> None:
    socket.socket = GuardedSocket  # type: ignore[misc]
    socket.getaddrinfo = _guarded_lookup  # type: ignore[assignment]


def unblock() -> None:
    socket.socket = _real_socket  # type: ignore[misc]
    socket.getaddrinfo = _real_lookup


if __name__ == "sitecustomize":
    block()
