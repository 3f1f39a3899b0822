"""The lexicon of local-government administration that ships with the product (data/*.tsv, written for it)."""

from functools import cache
from importlib.resources import files

from pipeline.lexicon.terms import Term


@cache
def builtin_terms() -> tuple[Term, ...]:
    """All entries. Columns: written, reading in katakana, class, and optionally the patterns it is only believed in
    (separated by 、)."""
    folder = files("pipeline.lexicon") / "data"
    tables = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".tsv")), key=lambda entry: entry.name)
    return tuple(
        _term(line.split("\t"))
        for table in tables
        for line in table.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )


@cache
def known_readings() -> dict[str, str]:
    """Readings that we have checked, by written form; the dictionary gets some of these wrong (所長会, 光回線)."""
    return {term.written: term.reading for term in builtin_terms()}


def _term(columns: list[str]) -> Term:
    written, reading, _, *contexts = columns
    return Term(
        written=written,
        reading=reading,
        source="builtin",
        weight=0.3,
        contexts=tuple(contexts[0].split("、")) if contexts else (),
    )
