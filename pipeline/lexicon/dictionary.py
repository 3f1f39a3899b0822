"""The office-wide dictionary: a TOML file that people may edit, and imports from what offices already have."""

import csv
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.errors import LexiconFileError
from pipeline.lexicon.encodings import read_text
from pipeline.lexicon.kana import is_kana, to_katakana
from pipeline.lexicon.terms import Source, Term, make_term

_WEIGHT = 0.7


def default_path() -> Path:
    """Where the office-wide dictionary lies when nobody names another file; it need not exist."""
    from platformdirs import user_config_path

    return user_config_path("kaigiroku", appauthor=False) / "dictionary.toml"


def read_dictionary(path: Path) -> tuple[Term, ...]:
    """The office's terms from a .toml file as `kaigiroku lexicon` writes it, or a .csv file (written, reading).
    A file that does not exist is an empty dictionary. Raises LexiconFileError."""
    if not path.exists():
        return ()
    if path.suffix.lower() == ".csv":
        return _terms(_from_csv(read_text(path)), path, "dictionary")
    entries = list(_from_toml(path))
    misheard = {written: heard for written, _, heard in entries}
    terms = _terms(((written, reading) for written, reading, _ in entries), path, "dictionary")
    return tuple(term.model_copy(update={"misheard": misheard.get(term.written, ())}) for term in terms)


def write_dictionary(path: Path, terms: Iterable[Term]) -> None:
    """Write the TOML file, complete or not at all. Raises OutputError."""
    from pipeline.store.files import write_text_atomic

    lines = ["# kaigiroku: the office's own terms (written form, reading in katakana)", ""]
    for term in terms:
        lines += ["[[terms]]", f"written = {_quoted(term.written)}", f"reading = {_quoted(term.reading)}"]
        if term.misheard:
            lines.append(f"misheard = [{', '.join(map(_quoted, term.misheard))}]")
        lines.append("")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text_atomic(path, "\n".join(lines))


def enter_term(path: Path, term: Term) -> None:
    """Add a term, or give the one that is there another reading; what it was misheard as is kept and added to. Waits
    for whoever writes at the same time. Raises LexiconFileError, OutputError."""
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f"{path.name}.lock")):
        known = read_dictionary(path)
        before = [heard for each in known if each.written == term.written for heard in each.misheard]
        misheard = tuple(dict.fromkeys([*before, *term.misheard]))
        others = [each for each in known if each.written != term.written]
        write_dictionary(path, [*others, term.model_copy(update={"misheard": misheard})])


def import_terms(path: Path) -> tuple[Term, ...]:
    """Terms from a user dictionary exported as text by MS-IME or ATOK (reading, word, part of speech; tabs), or from a
    CSV or TOML file. Raises LexiconFileError when there is nothing in it to import."""
    if path.suffix.lower() in (".toml", ".csv"):
        found = read_dictionary(path)
    else:
        found = _terms(_from_ime(read_text(path)), path, "dictionary")
    if not found:
        raise LexiconFileError(
            f"{path}: no terms found.",
            "Export the user dictionary as text (reading, tab, word), or give CSV.",
            file=path,
        )
    return found


def _terms(pairs: Iterable[tuple[str, str | None]], path: Path, source: Source) -> tuple[Term, ...]:
    found: dict[tuple[str, str], Term] = {}
    for written, reading in pairs:
        if reading and not is_kana(reading):
            raise LexiconFileError(
                f"{path}: the reading of {written!r} is not kana: {reading!r}.", "Write readings in kana.", file=path
            )
        term = make_term(written, reading, source, _WEIGHT) if written.strip() else None
        if term is not None:
            found.setdefault((term.written, term.reading), term)
    return tuple(found.values())


def _from_toml(path: Path) -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    try:
        entries = tomllib.loads(read_text(path)).get("terms", [])
        for entry in entries:
            yield str(entry["written"]).strip(), entry.get("reading"), tuple(map(str, entry.get("misheard", ())))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise LexiconFileError(
            f"{path}: not a dictionary file ({error}).", "It wants [[terms]] with written and reading.", file=path
        ) from None


def _from_csv(text: str) -> Iterator[tuple[str, str | None]]:
    for row in csv.reader(text.splitlines()):
        cells = [cell.strip() for cell in row]
        if cells and cells[0] and not cells[0].startswith("#") and cells[0] not in ("written", "単語", "表記"):
            yield cells[0], cells[1] if len(cells) > 1 and cells[1] else None


def _from_ime(text: str) -> Iterator[tuple[str, str | None]]:
    """Both programs write: reading TAB word TAB part of speech; comments begin with ! or #."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) >= 2 and cells[1] and not line.startswith(("!", "#")) and is_kana(cells[0]):
            yield cells[1], to_katakana(cells[0])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c for c in escaped if c >= " ") + '"'
