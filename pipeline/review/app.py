"""The application put together: routes, static files, and what every answer carries or becomes when something fails."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import anyio
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from pipeline.errors import KaigirokuError
from pipeline.review import statics
from pipeline.review.guard import LoginNeeded, OldPage
from pipeline.review.headers import Headers
from pipeline.review.login import Login
from pipeline.review.messages import said
from pipeline.review.office import Closed, Office
from pipeline.review.routes import (
    dictionary,
    documents,
    editing,
    history,
    learn,
    live,
    login,
    meetings,
    pages,
    people,
    sound,
)
from pipeline.review.settings import ReviewSettings
from pipeline.store.library import Library
from pipeline.store.people import People

_log = logging.getLogger("kaigiroku.review")
_WATCH_S = 1.0
"""How often is looked at what other programs did: edits, drafts."""


def create_app(library: Library, settings: ReviewSettings) -> FastAPI:
    """The application over a library."""
    app = FastAPI(title="kaigiroku", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.office = Office(library, settings)
    app.state.people = People(library)
    app.state.login = Login(app.state.people)
    app.state.csrf_key = app.state.people.secret("csrf")
    for each in (statics, pages, login, people, meetings, editing, live, sound, learn, dictionary, documents, history):
        app.include_router(each.router)
    app.add_exception_handler(KaigirokuError, _told)
    app.add_exception_handler(Closed, _closed)
    app.add_exception_handler(LoginNeeded, _login_needed)
    app.add_exception_handler(OldPage, _old_page)
    app.add_middleware(Headers, settings=settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    watch = asyncio.create_task(_watch(app.state.office))
    try:
        yield
    finally:
        watch.cancel()
        app.state.office.close()


async def _watch(office: Office) -> None:
    told = ""
    while True:
        await asyncio.sleep(_WATCH_S)
        try:
            await anyio.to_thread.run_sync(office.look)
        except Exception as error:  # a mistake of ours in one look must not end all others
            if repr(error) != told:
                _log.exception("While looking after the library:")
            told = repr(error)


async def _told(_: Request, error: Exception) -> Response:
    assert isinstance(error, KaigirokuError)
    status, text = said(error)
    if status >= 500:
        _log.error("%s: %s Next: %s", type(error).__name__, error.cause, error.remedy)
    return JSONResponse({"detail": text, "kind": type(error).__name__}, status)


async def _closed(_: Request, __: Exception) -> Response:
    text = "この議事録は確定しています。直すには、承認者が確定を取り消してください。"
    return JSONResponse({"detail": text, "kind": "Closed"}, 423)


async def _login_needed(request: Request, _: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": "もう一度ログインしてください。", "kind": "LoginNeeded"}, 401)
    return RedirectResponse(f"/login?next={quote(request.url.path)}", 303)


async def _old_page(request: Request, _: Exception) -> Response:
    """A script fetches the token of this session and asks again; a form is shown again."""
    if request.url.path.startswith("/api/"):
        text = "このページを読み込み直してから、もう一度お試しください。"
        return JSONResponse({"detail": text, "kind": "OldPage"}, 403)
    return RedirectResponse("/" if request.url.path == "/logout" else request.url.path, 303)
