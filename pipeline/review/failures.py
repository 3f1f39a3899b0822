"""What a request is answered when it fails, always in Japanese: JSON for our scripts, a page for people."""

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from pipeline.errors import KaigirokuError
from pipeline.review.guard import LoginNeeded, OldPage, known
from pipeline.review.messages import UNEXPECTED, said
from pipeline.review.office import Closed
from pipeline.review.templating import page

_log = logging.getLogger("kaigiroku.review")
_NO_PAGE = "そのページはありません。番地を確かめるか、会議の一覧から開いてください。"
_UNFIT = "送られた内容を受け付けられませんでした。ページを読み込み直してから、もう一度お試しください。"


def install(app: FastAPI) -> None:
    """For everything that a route may raise."""
    app.add_exception_handler(KaigirokuError, _told)
    app.add_exception_handler(Closed, _closed)
    app.add_exception_handler(LoginNeeded, _login_needed)
    app.add_exception_handler(OldPage, _old_page)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(Exception, _unexpected)


def _answer(request: Request, status: int, detail: object, kind: str) -> Response:
    if request.url.path.startswith(("/api/", "/static/")):
        return JSONResponse({"detail": detail, "kind": kind}, status)
    told = detail if isinstance(detail, str) else _UNFIT
    try:
        person = known(request)
    except KaigirokuError:  # the database itself may be what failed
        return PlainTextResponse(told, status)
    return page(request, "failed.html", person, status, told=told)


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, KaigirokuError)
    status, text = said(error)
    if status >= 500:
        _log.error("%s: %s Next: %s", type(error).__name__, error.cause, error.remedy)
    return _answer(request, status, text, type(error).__name__)


async def _closed(request: Request, _: Exception) -> Response:
    text = "この議事録は確定しています。直すには、承認者が確定を取り消してください。"
    return _answer(request, 423, text, "Closed")


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


async def _refused(request: Request, error: Exception) -> Response:
    """Our own refusals tell why; the framework's (no such address, no such method) are English."""
    assert isinstance(error, HTTPException)
    detail = _NO_PAGE if isinstance(error.detail, str) and error.detail.isascii() else error.detail
    return _answer(request, error.status_code, detail, "Refused")


async def _unfit(request: Request, _: Exception) -> Response:
    return _answer(request, 422, _UNFIT, "Unfit")


async def _unexpected(request: Request, _: Exception) -> Response:
    """A mistake of ours; the server writes the trace into its log."""
    return _answer(request, 500, UNEXPECTED, "Unexpected")
