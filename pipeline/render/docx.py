"""minutes.docx: a form's template.docx filled in, which a clerk may restyle in Word."""

import datetime
from pathlib import Path
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from markupsafe import Markup, escape

from pipeline.errors import KaigirokuError, TemplateError
from pipeline.render.form import Form
from pipeline.render.form_folder import FormFolder, Styles
from pipeline.render.templates import check_tags, environment, template_errors
from pipeline.render.word_layout import lay_out
from pipeline.render.word_marks import comment, make_marks_stand_out, paragraphs, show_doubts
from pipeline.store.packages import EARLIEST, word_file

_LONG_AGO = datetime.datetime(*EARLIEST)


def docx(form: Form, folder: FormFolder) -> bytes:
    """The file's bytes; the same form gives the same bytes.

    Raises TemplateError naming the template and what is wrong with it.
    """
    return fill_word(folder.file("template.docx"), form, folder.settings.styles)


def fill_word(path: Path, form: Form, styles: Styles) -> bytes:
    """The same from any Word template."""
    document = _filled(path, form)
    make_marks_stand_out(document, styles)
    comment(document, form, styles)
    show_doubts(document, form, styles)
    lay_out(document, form, styles)
    _describe(document, form)
    _drop_thumbnail(document)
    return word_file(document)


def _filled(path: Path, form: Form) -> Any:
    """The document (python-docx) that the template gives."""
    jinja = environment(path.parent, escaping=True)
    jinja.finalize = _literal
    try:
        filled = DocxTemplate(path)
        check_tags(path, (paragraph.text for paragraph in paragraphs(filled.get_docx())))
        with template_errors(path):
            filled.render({"form": form}, jinja, autoescape=True)
    except KaigirokuError:
        raise
    except Exception as error:  # whatever docxtpl, python-docx or lxml say about a broken file
        raise TemplateError(
            f"{path.name}: the template cannot be used ({error}).", "Undo the last change to it in Word.", file=path
        ) from None
    return filled.docx


def _literal(value: Any) -> Any:
    """Keep docxtpl from reading its own signs ({_{ and the like) in what people said."""
    return Markup(str(escape(value)).replace("_", "&#95;")) if isinstance(value, str) else value


def _describe(document: Any, form: Form) -> None:
    """Properties that name the document and nobody's name or clock."""
    properties = document.core_properties
    properties.title = form.title
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.language = "ja-JP"
    properties.created = properties.modified = _LONG_AGO
    properties.revision = 1


def _drop_thumbnail(document: Any) -> None:
    """A picture of the template's first page, which Word puts into files it saves, is no picture of this one."""
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]
