"""The page templates, filled: everything is escaped, an unknown name is an error."""

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from pipeline import __version__
from pipeline.records.minutes import UNKNOWN
from pipeline.render.wareki import wareki
from pipeline.review.guard import Person, csrf_token, people_of
from pipeline.review.statics import address, modules_of


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("pages")),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["wareki"] = lambda date: wareki(date) if date is not None else UNKNOWN
    made.globals["version"] = __version__
    made.globals["modules_of"] = modules_of
    return made


def page(request: Request, name: str, person: Person | None, status: int = 200, **values: Any) -> HTMLResponse:
    """One page for this person."""
    text = (
        _environment()
        .get_template(name)
        .render(
            static=address(),
            csrf=csrf_token(request),
            path=request.url.path,
            person=person,
            accounts=people_of(request).exist(),
            **values,
        )
    )
    return HTMLResponse(text, status)
