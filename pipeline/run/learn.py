"""Learning from what people corrected: proposals for the dictionary, replayed on the meetings they come from."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipeline.documents.minutes_json import read_minutes
from pipeline.errors import OutputError, UsageError
from pipeline.evaluate.learning.proposals import Effect, Pair, Proposal, propose
from pipeline.evaluate.learning.replay import changes
from pipeline.evaluate.readers.minutes import minutes_of
from pipeline.evaluate.readers.read import read
from pipeline.evaluate.transcription import Transcription
from pipeline.lexicon.dictionary import read_dictionary, write_dictionary
from pipeline.lexicon.lexicon import Lexicon, build_lexicon, merge
from pipeline.lexicon.terms import Term, make_term
from pipeline.lexicon.usage import record_taken_back
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Explanation, Minutes, Speech
from pipeline.records.words import Transcript, Word
from pipeline.run.corpus import Meeting as CorpusMeeting
from pipeline.run.corpus import meetings_in
from pipeline.stages.correct import CorrectSettings, correct

_WEIGHT = 0.7
"""Of a term of the office's dictionary (lexicon/dictionary.py)."""
_EXAMPLES = 4
Progress = Callable[[float], None]


class Corrected(NamedTuple):
    """A draft of ours and what a person made of it."""

    title: str
    draft: Minutes
    corrected: Transcription

    def pair(self) -> Pair:
        return Pair(self.title, minutes_of(self.draft, self.title), self.corrected)


def corrected_in(folder: Path) -> list[Corrected]:
    """Every meeting of a folder or library with a draft of ours and corrected minutes (or a word-for-word reference).

    Raises UsageError when there is none, TranscriptFileError."""
    found = corrected_of(meetings_in(folder))
    if not found:
        raise UsageError(
            f"{folder}: there is no meeting with a draft and corrected minutes.",
            "Name a library, a folder of meetings (docs/evaluation-trial.md), or a draft with --corrected.",
        )
    return found


def corrected_of(meetings: Iterable[CorpusMeeting]) -> list[Corrected]:
    """Those of the meetings that have a draft of ours and something to learn from."""
    return [
        Corrected(meeting.title, meeting.draft, told)
        for meeting in meetings
        if meeting.draft is not None and (told := meeting.corrected or meeting.reference) is not None
    ]


def corrected_pair(draft: Path, corrected: Path) -> list[Corrected]:
    """One draft's folder (or minutes.json) and the file a person made of it. Raises TranscriptFileError."""
    return [
        Corrected(
            draft.resolve().name, read_minutes(draft / "minutes.json" if draft.is_dir() else draft), read(corrected)
        )
    ]


def learn(
    meetings: Sequence[Corrected], dictionary: Path, progress: Progress = lambda _: None, *, replay: bool = True
) -> tuple[Proposal, ...]:
    """What these meetings propose for the dictionary, with the effect that each term would have had on them (replay:
    seconds to minutes; without it, an instant). Nothing is entered; what people took back of the terms that are there
    is counted beside the dictionary. Raises LexiconFileError."""
    known = {term.written for term in read_dictionary(dictionary)}
    if replay and known:
        _count_taken_back(meetings, known, dictionary)

    def effects(proposals: Sequence[Proposal]) -> Sequence[Effect]:
        return _replayed(meetings, proposals, dictionary, progress)

    return propose([meeting.pair() for meeting in meetings], known, effects if replay else None)


def accept(proposals: Iterable[Proposal], dictionary: Path) -> tuple[Term, ...]:
    """Enter what a person accepted; terms that are there keep their reading. Returns what was new."""
    before = read_dictionary(dictionary)
    known = {term.written for term in before}
    terms = (_term(proposal) for proposal in proposals if proposal.written not in known)
    new = tuple(dict.fromkeys(term for term in terms if term is not None))
    if new:
        write_dictionary(dictionary, [*before, *new])
    return new


def _term(proposal: Proposal) -> Term | None:
    """With the forms that may be put right wherever they stand."""
    made = make_term(proposal.written, proposal.reading, "dictionary", _WEIGHT)
    return made and made.model_copy(update={"misheard": proposal.put_right})


def _count_taken_back(meetings: Sequence[Corrected], known: set[str], dictionary: Path) -> None:
    """Of the terms put into these drafts, those whose place is nearer to the corrected text without them."""
    for meeting in meetings:
        drafted = transcript_of(meeting.draft, layers=True)
        without = drafted.model_copy(update={"words": tuple(map(_without_lexicon, drafted.words))})
        found = changes(without, drafted, meeting.corrected, sorted(known))
        counts = Counter(term for change in found if change.gain < 0 for term in change.terms)
        with suppress(OutputError):  # a dictionary that others keep for everybody may not be writable here
            record_taken_back(dictionary, meeting.title, counts)


def _without_lexicon(word: Word) -> Word:
    first = next((number for number, layer in enumerate(word.layers) if layer.by == "lexicon"), len(word.layers))
    return word.model_copy(update={"layers": word.layers[:first]})


def _replayed(
    meetings: Sequence[Corrected], proposals: Sequence[Proposal], dictionary: Path, progress: Progress
) -> list[Effect]:
    """Every meeting is corrected twice: with the dictionary as it is, and with all proposals in it; each change is
    counted for the term that was put in."""
    terms = tuple(term for proposal in proposals if (term := _term(proposal)))
    found: dict[str, list[tuple[int, str, str]]] = {proposal.written: [] for proposal in proposals}
    for number, meeting in enumerate(meetings, 1):
        for change in _changes(meeting, terms, dictionary):
            for written in change[0]:
                found[written].append(change[1:])
        progress(number / len(meetings))
    return [_effect(found[proposal.written]) for proposal in proposals]


def _changes(
    meeting: Corrected, terms: tuple[Term, ...], dictionary: Path
) -> list[tuple[tuple[str, ...], int, str, str]]:
    raw = transcript_of(meeting.draft)
    lexicon = build_lexicon(known_of(meeting.draft), dictionary=dictionary)
    settings = CorrectSettings()
    without = correct(raw, lexicon, settings)
    having = correct(raw, Lexicon(terms=merge([*terms, *lexicon.terms])), settings)
    written = [term.written for term in terms]
    return [
        (change.terms, change.gain, change.before, change.after)
        for change in changes(without, having, meeting.corrected, written)
    ]


def _effect(places: list[tuple[int, str, str]]) -> Effect:
    worst_first = sorted(places)
    return Effect(
        better=sum(gain > 0 for gain, _, _ in places),
        worse=sum(gain < 0 for gain, _, _ in places),
        neither=sum(gain == 0 for gain, _, _ in places),
        examples=tuple((before, after) for _, before, after in worst_first[:_EXAMPLES]),
    )


def transcript_of(minutes: Minutes, mentions: bool = True, *, layers: bool = False) -> Transcript:
    """What was recognised, without any layer unless asked for: compose keeps every word of the recording in one
    sentence. mentions: with the explanations that the minutes only mention."""
    words = (
        word if layers else word.model_copy(update={"layers": (), "review": None})
        for speech in _speeches(minutes, mentions)
        for paragraph in speech.paragraphs
        for sentence in paragraph
        for word in sentence.words
    )
    return Transcript(language="ja", words=tuple(sorted(words, key=lambda word: word.start_ms)))


def _speeches(minutes: Minutes, mentions: bool) -> Iterator[Speech]:
    for block in minutes.body:
        if isinstance(block, Speech):
            yield block
        elif isinstance(block, Explanation) and mentions:
            yield from block.speech


def known_of(minutes: Minutes) -> Meeting:
    """What the form tells of the meeting, as it was known beforehand."""
    return Meeting(
        name=minutes.name,
        secretariat=minutes.secretariat,
        place=minutes.place,
        agenda=minutes.agenda,
        roster=minutes.roster,
        handouts=minutes.handouts,
    )
