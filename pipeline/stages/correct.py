"""Recognised words to corrected words: each rule puts a layer over them, and the raw words stay as they were."""

from pipeline.lexicon.lexicon import Lexicon
from pipeline.records.base import Record
from pipeline.records.words import Transcript
from pipeline.stages.correction.agenda_numbers import agenda_numbers
from pipeline.stages.correction.fillers import fillers
from pipeline.stages.correction.mishearings import mishearings
from pipeline.stages.correction.numbers import numbers
from pipeline.stages.correction.particles import particles
from pipeline.stages.correction.pronunciation import replacements
from pipeline.stages.correction.punctuation import punctuation
from pipeline.stages.correction.review import reviewed
from pipeline.stages.correction.sheet import Sheet
from pipeline.stages.correction.spelling import spelling

VERSION = 7


class CorrectSettings(Record):
    """Which layers are put on. What is on by default has been measured to help (docs/evaluation-recognition.md)."""

    lexicon: bool = True
    numbers: bool = True
    punctuation: bool = True
    fillers: bool = True
    spelling: bool = False
    """公用文の表記: a matter of the office's style, not of what was said."""


def correct(transcript: Transcript, lexicon: Lexicon, settings: CorrectSettings) -> Transcript:
    """The same words with layers, in the order lexicon, numbers, punctuation, fillers, spelling; and how
    likely each is still wrong."""
    sheet = Sheet(transcript.words)
    if settings.lexicon and lexicon.terms:
        sheet = sheet.apply(mishearings(sheet, lexicon), "lexicon", "misheard")
        sheet = sheet.apply(replacements(sheet, lexicon), "lexicon")
        sheet = sheet.apply(particles(sheet), "lexicon", "particle")
        sheet = sheet.apply(agenda_numbers(sheet, lexicon), "number", "agenda")
    if settings.numbers:
        sheet = sheet.apply(numbers(sheet), "number")
    if settings.punctuation:
        sheet = sheet.apply(punctuation(sheet), "punctuation")
    if settings.fillers:
        sheet = sheet.apply(fillers(sheet), "filler")
    if settings.spelling:
        sheet = sheet.apply(spelling(sheet), "spelling")
    return transcript.model_copy(update={"words": reviewed(sheet.words)})
