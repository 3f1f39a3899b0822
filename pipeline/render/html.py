"""minutes.html: the twin of the Word form for reading on a screen and printing on A4, without any outside resource."""

from pipeline.render.context import Form
from pipeline.render.templates import fill, template


def html(form: Form) -> str:
    """One self-contained page."""
    return fill(template("form1.html.j2"), form, escaping=True)
