"""Starts the application where it was told to listen, or says why it will not."""

import gc
import os
import socket
import ssl
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.review.settings import ReviewSettings
from pipeline.store.library import Library
from pipeline.store.people import People

if TYPE_CHECKING:
    import uvicorn

    from pipeline.review.office import Office

_GARBAGE = (100_000, 20, 50)
"""Minutes are tens of thousands of records that live long, in no circles: looking through them as often as Python does
by default takes as long as opening them."""


def serve(folder: Path, settings: ReviewSettings, ready: Callable[[str], None], *, browser: bool = False) -> None:
    """Serve until interrupted. ready is called with the address once the port is open.

    Raises LibraryError, UsageError (an address for others without accounts or https; a port that is taken).
    """
    import uvicorn

    from pipeline.review.app import create_app

    _check_certificate(settings)
    gc.set_threshold(*_GARBAGE)
    library = Library.open(folder, create=True)
    check_exposure(library, settings)
    listening = _listening(settings)
    address = _address(settings, listening.getsockname()[1])
    application = create_app(library, settings)
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
        proxy_headers=settings.behind_proxy,
        timeout_graceful_shutdown=3,
        lifespan="on",
    )
    ready(address)
    if browser:
        webbrowser.open(address)
    try:
        _server(config, application.state.office).run(sockets=[listening])
    finally:
        listening.close()
        library.close()


def _server(config: "uvicorn.Config", office: "Office") -> "uvicorn.Server":
    """One that ends when it is told to, though pages keep their streams of news open."""
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            office.hub.close()
            await super().shutdown(sockets)

    return Server(config)


def check_exposure(library: Library, settings: ReviewSettings) -> None:
    """Other computers may reach it only when they have to log in, and only over https. Raises UsageError."""
    if settings.loopback and not settings.behind_proxy:
        return
    given = "--behind-proxy" if settings.loopback else f"--host {settings.host}"
    if not People(library).exist():
        raise UsageError(
            f"{given}: other computers could read and change confidential minutes without logging in.",
            f"Make accounts first: kaigiroku accounts add NAME --rank administrator --library {library.folder}.",
        )
    if not settings.secure:
        raise UsageError(
            f"{given}: passwords and audio would cross the network unencrypted.",
            "Give --certificate and --key, or --behind-proxy where a proxy speaks https.",
        )


def _check_certificate(settings: ReviewSettings) -> None:
    if settings.certificate is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.certificate, settings.key)
    except (ssl.SSLError, OSError) as error:
        raise UsageError(
            f"{settings.certificate}: cannot be used as a certificate ({error}).",
            "Give a PEM file with the certificate, and its private key in it or with --key.",
        ) from None


def _listening(settings: ReviewSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio sends small answers at once only on sockets that name their protocol; otherwise each waits 40 ms (Nagle)
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # on Windows it would let another program take the same port
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
        made.listen()  # a browser that comes before the application is ready waits
    except OSError as error:
        made.close()
        raise UsageError(
            f"{settings.host}:{settings.port}: cannot listen there ({error.strerror or error}).",
            "Is it running already? Otherwise choose another --port.",
        ) from None
    return made


def _address(settings: ReviewSettings, port: int) -> str:
    """As colleagues type it: an address that means "all of this computer's" is its name."""
    host = socket.gethostname() if settings.host in ("0.0.0.0", "::") else settings.host
    host = f"[{host}]" if ":" in host else host
    return f"{'https' if settings.certificate else 'http'}://{host}:{port}/"
