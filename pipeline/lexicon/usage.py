"""What each term of the office-wide dictionary did: how often it was put in, and how often the clerk took it back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from pydantic import Field, ValidationError

from pipeline.errors import OutputError
from pipeline.records.base import Record
from pipeline.records.words import Word
from pipeline.store.files import write_text_atomic


class Usage(Record):
    """Counts of one term over all recorded runs. meetings: runs in which it was listened for."""

    written: str
    meetings: int = 0
    put_in: int = 0
    taken_back_in: dict[str, int] = Field(default_factory=dict)
    """By meeting how often the corrected minutes have something else in its place."""

    @property
    def taken_back(self) -> int:
        return sum(self.taken_back_in.values())


def usage_path(dictionary: Path) -> Path:
    """The JSON-lines file beside a dictionary file."""
    return dictionary.with_suffix(".usage.jsonl")


def usage_of(dictionary: Path) -> dict[str, Usage]:
    """What is recorded, by written form. A damaged line is left out: these are only counts."""
    path = usage_path(dictionary)
    found: dict[str, Usage] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            one = Usage.model_validate(json.loads(line))
        except (ValueError, ValidationError):
            continue
        found[one.written] = one
    return found


def record_usage(dictionary: Path, listened_for: Iterable[str], put_in: Mapping[str, int]) -> None:
    """Add one run's counts (by written form) to the file beside the dictionary. Raises OutputError, DiskFullError."""
    with _counting(dictionary) as known:
        for written in sorted(set(listened_for)):
            one = known.get(written, Usage(written=written))
            counts = {"meetings": one.meetings + 1, "put_in": one.put_in + put_in.get(written, 0)}
            known[written] = one.model_copy(update=counts)


def record_taken_back(dictionary: Path, meeting: str, taken_back: Mapping[str, int]) -> None:
    """What the corrected minutes of one meeting have instead of terms that were put in; told again, the later count
    holds. Raises OutputError, DiskFullError."""
    with _counting(dictionary) as known:
        for written in sorted({*known, *taken_back}):
            one = known.get(written, Usage(written=written))
            others = {title: count for title, count in one.taken_back_in.items() if title != meeting}
            now = {meeting: taken_back[written]} if taken_back.get(written) else {}
            known[written] = one.model_copy(update={"taken_back_in": others | now})


@contextmanager
def _counting(dictionary: Path) -> Iterator[dict[str, Usage]]:
    """The counts by written form, to be changed and written back whole, by one process at a time."""
    path = usage_path(dictionary)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_suffix(".lock"))
        lock.acquire()
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}).", "Check its permissions.") from None
    try:
        known = usage_of(dictionary)
        yield known
        write_text_atomic(path, "".join(one.model_dump_json() + "\n" for one in known.values()))
    finally:
        lock.release()


def put_in_by_lexicon(words: Iterable[Word], written: Iterable[str]) -> dict[str, int]:
    """How often each term was put into these words: the reason of a lexicon layer names it in 「」."""
    terms = set(written)
    counts: dict[str, int] = {}
    runs: set[str] = set()
    for word in words:
        for layer in word.layers:
            if layer.by != "lexicon" or layer.run in runs:
                continue
            runs.add(layer.run)
            for term in (part.split("」")[0] for part in layer.reason.split("「")[1:]):
                if term in terms:
                    counts[term] = counts.get(term, 0) + 1
    return counts


def verdict(used: Usage | None) -> str:
    """For people: what a term did so far."""
    if used is None:
        return "not used yet"
    counts = f"{used.meetings} meetings, put in {used.put_in}, taken back {used.taken_back}"
    if used.taken_back and used.taken_back * 2 >= used.put_in:
        return f"{counts}: does harm"
    if used.meetings >= 5 and not used.put_in:
        return f"{counts}: never helped"
    return counts
