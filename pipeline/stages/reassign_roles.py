"""The inference again over minutes under correction: what the clerk has set is a fact, everything else may follow."""

from collections.abc import Collection, Iterator, Mapping

from pipeline.errors import UsageError
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Explanation, Minutes, Speech
from pipeline.records.roles import RoleAssignment
from pipeline.records.turns import Turn, Turns
from pipeline.records.words import Word
from pipeline.stages.assign_roles import RoleSettings, assign_roles


def roles_given_facts(
    minutes: Minutes,
    facts: Mapping[str, str],
    settings: RoleSettings | None = None,
    inferred: Collection[str] = (),
) -> dict[str, RoleAssignment]:
    """Block id → assignment, for speech whose role the facts change; never for a block of the facts themselves. What
    the inference would say anyway is no change: the clerk's minutes differ from the draft in many ways.

    facts: block id → role as the clerk set it. inferred: blocks whose role came from here before; they follow in any
    case. What the clerk typed counts as said, and a speaker the clerk changed as
    the voice. Pure: the caller decides what to do with the answer. Raises UsageError for an unknown block id.
    """
    spoken = [speech for speech in speeches(minutes) if _text(speech)]
    turns = Turns(turns=tuple(_turn(number, speech) for number, speech in enumerate(spoken, start=1)))
    places = {speech.id: number for number, speech in enumerate(spoken, start=1)}
    if unknown := sorted(set(facts) - set(places)):
        raise UsageError(f"roles were fixed for speech that is not there: {unknown}.", "Load the minutes again.")
    meeting = Meeting(roster=minutes.roster, agenda=minutes.agenda)
    fixed = {places[identifier]: role for identifier, role in facts.items()}
    settings = settings or RoleSettings()
    before = assign_roles(turns, meeting, settings).assignments
    after = assign_roles(turns, meeting, settings, fixed).assignments
    return {
        speech.id: new
        for speech, old, new in zip(spoken, before, after, strict=True)
        if speech.id not in facts and new.role != speech.role and (new.role != old.role or speech.id in inferred)
    }


def speeches(minutes: Minutes) -> Iterator[Speech]:
    """All speech in order, that of explanations included."""
    for block in minutes.body:
        if isinstance(block, Speech):
            yield block
        elif isinstance(block, Explanation):
            yield from block.speech


def _text(speech: Speech) -> str:
    return "".join(sentence.text for paragraph in speech.paragraphs for sentence in paragraph).strip()


def _turn(number: int, speech: Speech) -> Turn:
    words = tuple(
        Word(start_ms=sentence.start_ms, end_ms=sentence.end_ms, raw=sentence.text, probability=1.0)
        for paragraph in speech.paragraphs
        for sentence in paragraph
        if sentence.text
    )
    return Turn(number=number, speaker=speech.speaker, words=words)
