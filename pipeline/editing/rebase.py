"""What people did, carried over to another draft of the same recording: blocks they touched stay as they left them, the
rest is the new draft's. Both drafts share the recording's time, so that it decides what stands for what."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.editing.alignment import pieces
from pipeline.editing.passages import Placed, laid_out, placed
from pipeline.editing.sheet import Entry, Sheet, flat, front_of
from pipeline.editing.speech import with_row
from pipeline.records.base import Span
from pipeline.records.edits import Front
from pipeline.records.minutes import Block, Decision, Heading, Inaudible, Minutes, Speech
from pipeline.records.roles import Evidence
from pipeline.records.words import Word

_SEAM_MS = 700
"""Two recognisers place a word up to this far apart: a sentence that reaches less across an edge ends there."""
_NEAR_MS = 5_000
"""A decision that a person took out is not put in again this close to where it stood."""
SEAM = Evidence(rule="seam", weight=0.0, detail="新しい下書きと修正済みの文の境目です。前後を聞いて確かめてください")


def rebased(sheet: Sheet, old: Minutes, new: Minutes, base: int) -> tuple[list[Entry], Front]:
    """The row of entries and the form's fields on the new draft. base: its number, for new identifiers."""
    before = {entry.id: entry for entry in flat(old.body)}
    touched = {entry.id for entry in sheet.entries if entry.version and not _only_cast(entry, before.get(entry.id))}
    while True:
        kept = _whole_explanations(sheet.entries, touched)
        named = _fresh(sheet, before, kept, new, base)
        homeless = {e.id for e in sheet.entries if e.version and e.id not in kept} - {entry.id for entry in named}
        if not homeless:
            break
        touched |= homeless  # a new role for a turn that the new draft does not have: the turn stays
    return _woven(sheet.entries, kept, named), _front(sheet, old, new)


def _fresh(sheet: Sheet, before: dict[str, Entry], kept: set[str], new: Minutes, base: int) -> list[Entry]:
    """What the new draft has beside that which is kept."""
    own = [entry.block for entry in sheet.entries if entry.id in kept]
    gone = [entry.block for entry in before.values() if entry.id not in sheet or entry.id in kept]
    islands = [_span(block) for block in own if isinstance(block, Speech)]
    fresh = _without_removed(_outside(flat(new.body), islands), gone)
    free = [entry for entry in sheet.entries if entry.id not in kept]
    named = _named(fresh, free, {entry.id for entry in sheet.entries} | set(before), base)
    casts = {entry.id: entry for entry in free if entry.version}
    return [_recast(entry, casts[entry.id]) if entry.id in casts else entry for entry in named]


def _whole_explanations(entries: Sequence[Entry], touched: set[str]) -> set[str]:
    """With the whole of each explanation of which anything was touched."""
    groups = {entry.within or entry.id for entry in entries if entry.id in touched}
    return {entry.id for entry in entries if (entry.within or entry.id) in groups}


def _only_cast(entry: Entry, drafted: Entry | None) -> bool:
    """Whether no more than role, speaker or office changed."""
    if drafted is None or entry.confirmed or entry.within != drafted.within:
        return False
    now, was = entry.block, drafted.block
    if not isinstance(now, Speech) or not isinstance(was, Speech):
        return now == was
    return now.paragraphs == was.paragraphs and now.withheld == was.withheld


def _outside(entries: Iterable[Entry], islands: Sequence[Span]) -> Iterator[Entry]:
    """The new draft without what people's own turns cover. An explanation that is no longer whole is printed."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.within or entry.id, []).append(entry)
    for group in groups.values():
        parts = [(entry, list(_parts(entry.block, islands))) for entry in group]
        whole = all(blocks == [entry.block] for entry, blocks in parts)
        for entry, blocks in parts:
            if not whole and entry.block.kind == "explanation":
                continue
            yield from (replace(entry, block=block, within=entry.within if whole else None) for block in blocks)


def _parts(block: Block, islands: Sequence[Span]) -> Iterator[Block]:
    """What of a block lies outside the islands: all, nothing, or some of its sentences."""
    if not isinstance(block, Speech):
        at = block.span.start_ms if isinstance(block, Inaudible) else block.start_ms
        if not (isinstance(block, Inaudible) and any(island.start_ms <= at < island.end_ms for island in islands)):
            yield block
        return
    near = [island for island in islands if island.overlap_ms(_span(block)) > 0]
    if not near:
        yield block
        return
    runs: list[list[Placed]] = []
    inside = True
    for each in placed(block.paragraphs):
        for part, covered in _cut(each, near):
            if not covered:
                if inside:
                    runs.append([])
                runs[-1].append(part)
            inside = covered
    for number, run in enumerate(runs):
        seamed = block.model_copy(update={"id": f"{block.id}-{number}" if number else block.id})
        if run != placed(block.paragraphs):
            seamed = seamed.model_copy(update={"flagged": True, "evidence": (*block.evidence, SEAM)})
        yield with_row(seamed, run)


def _cut(each: Placed, islands: Sequence[Span]) -> Iterator[tuple[Placed, bool]]:
    """A sentence, or its parts where it reaches well across the edge of an island; True: covered by one."""
    sentence = each.sentence
    span = Span(start_ms=sentence.start_ms, end_ms=max(sentence.start_ms, sentence.end_ms))
    covered_ms = sum(island.overlap_ms(span) for island in islands)
    outside_ms = span.duration_ms - covered_ms
    if not sentence.words:
        yield each, any(island.start_ms <= span.start_ms < island.end_ms for island in islands)
    elif min(covered_ms, outside_ms) < _SEAM_MS:
        yield each, covered_ms > 0 and covered_ms >= outside_ms
    else:
        yield from _by_words(each, islands)


def _by_words(each: Placed, islands: Sequence[Span]) -> Iterator[tuple[Placed, bool]]:
    runs: list[tuple[bool, list[str], list[Word]]] = []
    for piece in pieces(each.sentence.text, each.sentence.words):
        middle = (piece.word.start_ms + piece.word.end_ms) // 2
        covered = any(island.start_ms <= middle < island.end_ms for island in islands)
        if not runs or runs[-1][0] != covered:
            runs.append((covered, [], []))
        runs[-1][1].append(piece.text)
        runs[-1][2].append(piece.word)
    for number, (covered, texts, words) in enumerate(runs):
        for part in laid_out("".join(texts), words, (), each.sentence.start_ms):
            yield part._replace(opens=each.opens and number == 0), covered


def _span(block: Speech) -> Span:
    return Span(start_ms=block.start_ms, end_ms=max(block.start_ms, block.end_ms))


def _without_removed(entries: Iterable[Entry], gone: Sequence[Block]) -> list[Entry]:
    """Headings and decisions that a person took out stay out, those that a person changed do not come twice."""
    lines = [block for block in gone if isinstance(block, (Heading, Decision, Inaudible))]
    left = []
    for entry in entries:
        match = next((line for line in lines if _stands_for(entry.block, line)), None)
        if match is None:
            left.append(entry)
        else:
            lines.remove(match)
    return left


def _at(block: Block) -> int:
    return block.span.start_ms if isinstance(block, Inaudible) else block.start_ms


def _named(fresh: Sequence[Entry], free: Sequence[Entry], taken: set[str], base: int) -> list[Entry]:
    """New blocks under the identifiers of the blocks they stand for; the others get new ones."""
    names: dict[str, str] = {}
    left = list(free)
    for entry in fresh:
        match = next((old for old in left if _stands_for(entry.block, old.block)), None)
        if match is not None:
            left.remove(match)
            names[entry.id] = match.id
        else:
            name = f"d{base}-{entry.id}"
            while name in taken:
                name += "x"
            names[entry.id] = name
            taken.add(name)
    return [
        replace(
            entry,
            block=entry.block.model_copy(update={"id": names[entry.id]}),
            within=names[entry.within] if entry.within is not None else None,
        )
        for entry in fresh
    ]


def _stands_for(new: Block, old: Block) -> bool:
    if new.kind != old.kind:
        return False
    if isinstance(new, Speech) and isinstance(old, Speech):
        together = max(new.end_ms, old.end_ms) - min(new.start_ms, old.start_ms)
        return 2 * _span(new).overlap_ms(_span(old)) > together
    if new.kind in ("heading", "explanation"):
        return new.item == old.item  # type: ignore[union-attr]
    return abs(_at(new) - _at(old)) <= _NEAR_MS


def _recast(entry: Entry, cast: Entry) -> Entry:
    """A turn under the identifier of one that a person gave another role has that role."""
    if not isinstance(cast.block, Speech):
        return entry
    update = {name: getattr(cast.block, name) for name in ("role", "speaker", "office", "confidence", "flagged")}
    return replace(entry, block=entry.block.model_copy(update=update), version=cast.version)


def _woven(entries: Sequence[Entry], kept: set[str], fresh: Sequence[Entry]) -> list[Entry]:
    """What is kept between what is new: new blocks with an old name stand where that stood, the others by time.
    Explanations stay undivided."""
    places = {entry.id: place for place, entry in enumerate(entries)}
    units = deque(_units(fresh))
    woven: list[Entry] = []
    for unit in _units([entry for entry in entries if entry.id in kept]):
        first = unit[0]
        while units and _before(units[0][0], first, places):
            woven += units.popleft()
        woven += unit
    return woven + [entry for unit in units for entry in unit]


def _before(fresh: Entry, kept: Entry, places: dict[str, int]) -> bool:
    if fresh.id in places:
        return places[fresh.id] < places[kept.id]
    return (_at(fresh.block), fresh.block.kind == "speech") < (_at(kept.block), kept.block.kind == "speech")


def _units(entries: Sequence[Entry]) -> list[list[Entry]]:
    found: list[list[Entry]] = []
    for entry in entries:
        if entry.within is not None:
            found[-1].append(entry)
        else:
            found.append([entry])
    return found


def _front(sheet: Sheet, old: Minutes, new: Minutes) -> Front:
    """Field by field: what a person set stays."""
    was, will = front_of(old), front_of(new)
    untouched = {name for name in Front.model_fields if getattr(sheet.front, name) == getattr(was, name)}
    return sheet.front.model_copy(update={name: getattr(will, name) for name in untouched})
