"""The application put together: routes, what every answer carries, and the watch over the library."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from fastapi import FastAPI

from pipeline.review import failures, statics
from pipeline.review.headers import Headers
from pipeline.review.login import Login
from pipeline.review.office import Office
from pipeline.review.routes import (
    dictionary,
    documents,
    drafts,
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
_ROUTES = (
    *(statics, pages, login, people, meetings, drafts),
    *(editing, live, sound, history, documents, learn, dictionary),
)
_WATCH_S = 1.0
"""How often is looked at what other programs did: edits, drafts."""


def create_app(library: Library, settings: ReviewSettings) -> FastAPI:
    """The application over a library."""
    app = FastAPI(title="kaigiroku", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.office = Office(library, settings)
    app.state.people = People(library)
    app.state.login = Login(app.state.people)
    app.state.csrf_key = app.state.people.secret("csrf")
    for each in _ROUTES:
        app.include_router(each.router)
    failures.install(app)
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
