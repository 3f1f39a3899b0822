"""A form as a folder, templates/NAME/: template.docx, template.html, and form.toml that says what is in them."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from pipeline.config.paths import resource
from pipeline.errors import TemplateError, UsageError
from pipeline.records.base import Record
from pipeline.records.meeting import Style

DEFAULT = "form1"
SETTINGS = "form.toml"
_Name = Annotated[str, Field(min_length=1)]


class Typography(Record):
    """How this office writes. digits: width of Arabic digits in fields and body. hanging: where the lines of a speech
    after the first begin: below its words (role), or as the Word style says (style)."""

    digits: Literal["as-is", "half", "single-wide", "wide"] = "as-is"
    hanging: Literal["role", "style"] = "role"


AS_WRITTEN = Typography()


class Styles(Record):
    """Names of the template's Word styles: of paragraphs, but for role and look, which are of characters."""

    heading: _Name
    speech: _Name
    speech_more: _Name
    explanation: _Name
    decision: _Name
    inaudible: _Name
    withheld: _Name
    session: _Name
    role: _Name
    look: _Name
    """Makes 【要確認】 stand out."""


class FormSettings(Record):
    """The contents of form.toml."""

    title: _Name
    description: str = ""
    style: Style | None = None
    """How the body is written where the meeting does not say so."""
    typography: Typography = AS_WRITTEN
    fields: dict[str, str]
    """Values of ``form`` that must be printed → the label of the box they are printed in."""
    styles: Styles


class FormFolder(Record):
    """A form that can be filled."""

    folder: Path
    settings: FormSettings

    @property
    def name(self) -> str:
        return self.folder.name

    def file(self, name: str) -> Path:
        """A template in the folder. Raises TemplateError when the form has none of that kind."""
        path = self.folder / name
        if not path.is_file():
            raise TemplateError(f"{path}: there is no such template.", "Put it back or install again.", file=path)
        return path


def form_folder(name: str | Path = DEFAULT) -> FormFolder:
    """The form of that name in templates/, or in a folder named by its path.

    Raises UsageError when there is none, TemplateError when its form.toml is not right.
    """
    folder = _locate(name)
    path = folder / SETTINGS
    try:
        settings = FormSettings.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise _refused(path, "is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise _refused(path, f"is not TOML ({error})") from None
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()[:3])
        raise _refused(path, told) from None
    return FormFolder(folder=folder, settings=settings)


def own_form(named: str | None, meeting: Path | None) -> str:
    """The form that meeting.toml names; a folder beside it comes before the forms of the program."""
    beside = meeting.parent / named if meeting and named else None
    return str(beside) if beside and (beside / SETTINGS).is_file() else named or DEFAULT


def form_names() -> tuple[str, ...]:
    """The forms that travel with the program."""
    return tuple(sorted(path.parent.name for path in resource("templates").glob(f"*/{SETTINGS}")))


def _locate(name: str | Path) -> Path:
    if isinstance(name, str) and name in form_names():
        return resource("templates") / name
    folder = Path(name)
    if not (folder / SETTINGS).is_file():
        raise UsageError(
            f"{name}: no form of that name, and no folder with a {SETTINGS}.",
            f"Choose from {', '.join(form_names())}, or name the folder of your own form.",
        )
    return folder.resolve()


def _refused(path: Path, what: str) -> TemplateError:
    return TemplateError(f"{path}: {what}.", "Correct it; templates/README.md describes the file.", file=path)
