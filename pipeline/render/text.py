"""minutes.txt: the minutes as plain text, for mail and for comparing."""

from pipeline.render.form import Form
from pipeline.render.form_folder import FormFolder
from pipeline.render.templates import fill


def text(form: Form, folder: FormFolder) -> str:
    """The whole document; paragraphs are not wrapped."""
    return fill(folder.file("template.txt"), form, escaping=False)
