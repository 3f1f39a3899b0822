"""minutes.html: the twin of the Word form for reading on a screen and printing on A4, without any outside resource."""

from pipeline.render.form import Form
from pipeline.render.form_folder import FormFolder
from pipeline.render.templates import fill


def html(form: Form, folder: FormFolder) -> str:
    """One self-contained page."""
    return fill(folder.file("template.html"), form, escaping=True)
