"""The templates a person may restyle, and what they are told when one asks for something the minutes do not have."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import jinja2
import jinja2.sandbox
from markupsafe import Markup, escape

from pipeline.errors import TemplateError
from pipeline.records.minutes import UNKNOWN
from pipeline.render.form import Form

MARKED = re.compile(rf"({re.escape(UNKNOWN)}|【聞き取り不能 [0-9:]+】)")
"""What every format makes stand out for the clerk."""
_TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}")
_UNDEFINED = (re.compile(r"'([^']+)' is undefined"), re.compile(r"has no attribute '([^']+)'"))


def environment(folder: Path, *, escaping: bool) -> jinja2.Environment:
    """Strict: an undeclared variable is an error; sandboxed: a form from elsewhere can print values and nothing else.
    escaping is off only for plain text. Filter ``marked`` wraps 【要確認】 in <mark>."""
    made = jinja2.sandbox.ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=escaping,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["marked"] = _marked
    return made


def fill(path: Path, form: Form, *, escaping: bool) -> str:
    """Render a text template. Raises TemplateError naming template and variable (template_errors)."""
    with template_errors(path):
        return environment(path.parent, escaping=escaping).get_template(path.name).render(form=form)


@contextmanager
def template_errors(path: Path) -> Iterator[None]:
    """Turn what jinja2 says about a template into one line for whoever edited it."""
    try:
        yield
    except jinja2.UndefinedError as error:
        name = next((found[1] for pattern in _UNDEFINED if (found := pattern.search(str(error)))), str(error))
        raise TemplateError(
            f"{path.name}: the template uses the variable {name!r}, which the minutes do not have.",
            "Correct its name in the template (`kaigiroku template check` lists what there is).",
            file=path,
        ) from None
    except jinja2.TemplateNotFound:
        raise TemplateError(f"{path}: there is no such template.", "Put it back or install again.", file=path) from None
    except jinja2.TemplateError as error:
        raise TemplateError(
            f"{path.name}: the template is not valid ({error}).", "Undo the last change to the template.", file=path
        ) from None


def check_tags(path: Path, paragraphs: Iterable[str]) -> None:
    """Refuse a Word template with a tag that is not closed in its own paragraph: docxtpl would swallow everything up to
    the next tag without a word. Raises TemplateError naming the paragraph."""
    for paragraph in paragraphs:
        if re.search(r"[{}]", _TAG.sub("", paragraph)):
            raise TemplateError(
                f"{path.name}: the template has an unfinished tag in {paragraph.strip()!r}.",
                "Write it as {{ form.place }} or {%p if … %} again.",
                file=path,
            )


def _marked(text: str) -> Markup:
    return Markup(MARKED.sub(r"<mark>\1</mark>", str(escape(text))))
