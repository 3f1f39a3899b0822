"""kaigiroku lexicon: the office's own dictionary of terms, kept in one TOML file that people may edit."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.failures import told
from pipeline.errors import UsageError

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)

File = Annotated[
    Path | None, typer.Option("--file", help="The dictionary file (default: in this user's configuration folder).")
]


@app.command("add")
def add(
    written: Annotated[str, typer.Argument(help="How the term is written.")],
    reading: Annotated[str | None, typer.Argument(help="How it is spoken, in kana; looked up when left out.")] = None,
    file: File = None,
) -> None:
    """Add a term, or change the reading of one that is there."""
    with told():
        from pipeline.lexicon.dictionary import enter_term
        from pipeline.lexicon.terms import make_term

        term = make_term(written, reading, "dictionary", 0.7)
        if term is None:
            raise UsageError(
                f"{written!r}: no reading of two kana or more is known.", "Give it in kana as the second argument."
            )
        enter_term(_path(file), term)
        _say(f"{term.written}\t{term.reading}")


@app.command("list")
def list_terms(file: File = None) -> None:
    """Print the terms with their readings and what they did so far: put in / taken back by the clerk."""
    with told():
        from pipeline.lexicon.dictionary import read_dictionary
        from pipeline.lexicon.usage import usage_of, verdict

        path = _path(file)
        known = usage_of(path)
        for term in read_dictionary(path):
            used = known.get(term.written)
            _say(f"{term.written}\t{term.reading}\t{verdict(used)}")


@app.command("import")
def import_file(
    source: Annotated[Path, typer.Argument(help="User dictionary as text (MS-IME, ATOK), CSV or TOML.")],
    file: File = None,
) -> None:
    """Add all terms of an exported user dictionary."""
    with told():
        from pipeline.lexicon.dictionary import import_terms, read_dictionary, write_dictionary

        path = _path(file)
        if not source.is_file():
            raise UsageError(f"{source}: there is no such file.", "Check the path.")
        before = read_dictionary(path)
        known = {(term.written, term.reading) for term in before}
        new = [term for term in import_terms(source) if (term.written, term.reading) not in known]
        write_dictionary(path, [*before, *new])
        _say(f"{len(new)} terms added to {path}")


@app.command("remove")
def remove(written: Annotated[str, typer.Argument(help="The term as written.")], file: File = None) -> None:
    """Remove a term."""
    with told():
        from pipeline.lexicon.dictionary import read_dictionary, write_dictionary

        path = _path(file)
        before = read_dictionary(path)
        after = [term for term in before if term.written != written]
        if len(after) == len(before):
            raise UsageError(f"{written!r} is not in {path}.", "See `kaigiroku lexicon list`.")
        write_dictionary(path, after)
        _say(f"{written} removed")


@app.command("test")
def test(
    text: Annotated[str, typer.Argument(help="Text as a recogniser might have heard it.")],
    meeting: Annotated[
        Path | None, typer.Option("--meeting", "-m", help="meeting.toml whose terms to use too.")
    ] = None,
    probability: Annotated[float, typer.Option(min=0.01, max=1.0, help="How sure the recogniser was.")] = 0.6,
    file: File = None,
) -> None:
    """Show what the lexicon would change in a text, and why."""
    with told():
        from pipeline.config.meeting_file import load_meeting
        from pipeline.lexicon.lexicon import build_lexicon
        from pipeline.records.meeting import Meeting
        from pipeline.records.words import Transcript, Word
        from pipeline.stages.correct import CorrectSettings, correct

        known = build_lexicon(load_meeting(meeting) if meeting else Meeting(), dictionary=_path(file))
        words = tuple(
            Word(start_ms=150 * place, end_ms=150 * place + 150, raw=sign, probability=probability)
            for place, sign in enumerate(text)
        )
        corrected = correct(Transcript(language="ja", words=words), known, CorrectSettings())
        _say(corrected.text)
        for word in corrected.words:
            for layer in word.layers:
                if layer.after:
                    _say(f"  {layer.by}: {layer.reason}")


def _path(file: Path | None) -> Path:
    from pipeline.lexicon.dictionary import default_path

    return file or default_path()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
