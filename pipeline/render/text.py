"""minutes.txt: the minutes as plain text, for mail and for comparing."""

from pipeline.render.context import Form
from pipeline.render.templates import fill, template


def text(form: Form) -> str:
    """The whole document; paragraphs are not wrapped."""
    return fill(template("minutes.txt.j2"), form, escaping=False)
