"""kaigiroku template: the forms there are, and whether one's own is right before it is used."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.failures import told
from pipeline.errors import TemplateError, UsageError

if TYPE_CHECKING:
    from pipeline.render.form_folder import FormFolder
    from pipeline.render.template_check import Finding

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


@app.command("list")
def list_forms() -> None:
    """Print the forms that travel with the program."""
    with told():
        from pipeline.render.form_folder import form_folder, form_names

        for name in form_names():
            settings = form_folder(name).settings
            _say(f"{name}\t{settings.title}\t{settings.description}")


@app.command("values")
def values() -> None:
    """Print every value that a template may use."""
    with told():
        from pipeline.render.template_check import printable_values

        for value in printable_values():
            _say(value)


@app.command("check")
def check(
    form: Annotated[Path, typer.Argument(help="A form's folder, or a Word template on its own.")],
    like: Annotated[
        str, typer.Option(help="For a Word file without a form.toml beside it: the form it is meant for.")
    ] = "form1",
) -> None:
    """Tell which names a template uses that the minutes do not have, and which values it does not print."""
    with told():
        findings = list(_findings(form, like))
        for file, finding in findings:
            _say(f"{'×' if finding.fatal else '△'} {file}: {finding.text}")
        if any(finding.fatal for _, finding in findings):
            raise TemplateError(f"{form}: この様式は使えません。", "×の行を直してください。", file=form)
        _say(f"○ {form}: この様式は使えます" + ("(△の行をご確認ください)" if findings else ""))


def _findings(form: Path, like: str) -> "list[tuple[str, Finding]]":
    from pipeline.render.form_folder import SETTINGS, form_folder
    from pipeline.render.template_check import check_text, check_word

    if not form.exists():
        raise UsageError(f"{form}: there is no such file or folder.", "Check the path.")
    if form.is_file():
        beside = form.parent if (form.parent / SETTINGS).is_file() else like
        folder = form_folder(beside)
        found = check_word(form, folder)
        return [(form.name, finding) for finding in found or _tried(folder, form)]
    folder = form_folder(form)
    told = [("template.docx", finding) for finding in check_word(folder.file("template.docx"), folder)]
    for name in ("template.html", "template.txt"):
        told += [(name, finding) for finding in check_text(folder.file(name), folder)]
    return told or [("template.docx", finding) for finding in _tried(folder, folder.file("template.docx"))]


def _tried(folder: "FormFolder", word: Path) -> "list[Finding]":
    """What only filling it in shows."""
    from pipeline.render.docx import fill_word
    from pipeline.render.example_form import example
    from pipeline.render.template_check import Finding

    try:
        fill_word(word, example(), folder.settings.styles)
    except TemplateError as error:
        return [Finding(f"{error.cause} {error.remedy}")]
    return []


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
