"""The layers of the correct stage on and off, over drafts whose words were kept and references that tell what was
said."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.evaluate.ablation import ALL, NONE, Ablation, Variants, ablate
from pipeline.evaluate.transcription import Transcription, Utterance
from pipeline.lexicon.lexicon import Lexicon, build_lexicon
from pipeline.records.words import Transcript
from pipeline.run.corpus import Meeting, meetings_in
from pipeline.run.learn import known_of, transcript_of
from pipeline.stages.correct import CorrectSettings, correct

SWITCHES = tuple(name for name, field in CorrectSettings.model_fields.items() if field.default is True)
SOURCES = {"dictionary": ("dictionary", "learned"), "meeting's terms": ("meeting",), "built-in terms": ("builtin",)}
"""Parts of the lexicon, by what they are called and where their terms come from."""
LAYERS = (*SWITCHES, *SOURCES)
Progress = Callable[[float], None]


def ablate_corpus(folder: Path, dictionary: Path, progress: Progress = lambda _: None) -> Ablation:
    """Every meeting of a folder or library with a draft of ours. The reference is word for word where there is one,
    else the corrected minutes. Raises UsageError when there is none, TranscriptFileError, LexiconFileError."""
    meetings = [meeting for meeting in meetings_in(folder) if meeting.draft is not None]
    if not meetings:
        raise UsageError(f"{folder}: there is no draft of kaigiroku.", "Draft the recordings first.")
    found = []
    for number, meeting in enumerate(meetings, 1):
        found.append(_variants(meeting, dictionary))
        progress(number / len(meetings))
    return ablate(found, LAYERS)


def _variants(meeting: Meeting, dictionary: Path) -> Variants:
    assert meeting.draft is not None
    told = meeting.reference or meeting.corrected
    assert told is not None
    raw = transcript_of(meeting.draft, mentions=told.complete)
    lexicon = build_lexicon(known_of(meeting.draft), dictionary=dictionary)
    texts = {NONE: raw, ALL: correct(raw, lexicon, CorrectSettings())}
    texts |= {layer: correct(raw, lexicon, CorrectSettings.model_validate({layer: False})) for layer in SWITCHES}
    texts |= {name: correct(raw, _less(lexicon, kinds), CorrectSettings()) for name, kinds in SOURCES.items()}
    return Variants(told, _as_spoken(texts, told))


def _less(lexicon: Lexicon, kinds: tuple[str, ...]) -> Lexicon:
    return Lexicon(terms=tuple(term for term in lexicon.terms if term.source not in kinds))


def _as_spoken(texts: Mapping[str, Transcript], told: Transcription) -> dict[str, Transcription]:
    """Without turns: layers change words, not who said them."""
    return {
        name: Transcription(
            name=name,
            source="transcript",
            utterances=(Utterance(text=transcript.text),),
            complete=told.complete,
        )
        for name, transcript in texts.items()
    }
