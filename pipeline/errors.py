"""Every error a user can cause: one sentence of cause, one of what to do next, an exit code of its own.

KaigirokuError                     1   (base; unexpected states of our own)
├── UsageError                     2   the command line contradicts itself
├── MeetingFileError              10   meeting.toml cannot be read or does not validate
├── AudioMissingError             11   the recording is not there
├── AudioUnreadableError          12   the recording is there but may not be read (permissions)
├── AudioEmptyError               13   zero bytes
├── AudioFormatError              14   not audio, truncated beyond use, or no decoder for it
├── AudioNoSoundError             15   a container without a sound track
├── AudioTooShortError            16   shorter than can hold a word
├── AudioTooManyChannelsError     17   more channels than one meeting has microphones
├── AudioTooLongError             18   longer than one meeting may be
├── LexiconFileError              19   a dictionary or handout cannot be read
├── OutputError                   20   the output folder cannot be used
├── DiskFullError                 21   no room left; what was finished is kept
├── BusyError                     22   another run works in the same folder
├── DatabaseError                 23   the library's database cannot be used
├── LibraryError                  24   no library there, or no such meeting in it
├── TranscriptFileError           25   a transcript or minutes file cannot be read
├── EditError                     26   an edit does not fit the minutes as they are now
├── WithheldError                 27   a public copy would show what is withheld, or it is not clear what is
├── TemplateError                 28   a form's template is missing or not right
├── VoicesError                   29   a kept voice cannot be read, or one cannot be taken from this recording
├── ModelMissingError             30   weights are not on this machine
├── ModelDamagedError             31   weights do not match the manifest
├── NewerLibraryError             32   the library was changed by a newer kaigiroku
├── BackupError                   33   a backup is damaged or not there, or recordings were missing when it was made
├── EngineError                   40   a model library failed or answered nonsense
├── DependencyError               41   an optional program is needed and missing
├── WorkerDiedError               42   the process that worked on a stage died: killed, or out of memory
└── BatchFailedError              43   some drafts of a batch failed; the others are there
Ctrl-C ends with 130 and leaves finished stages in place.
"""

from pathlib import Path


class KaigirokuError(Exception):
    """Base of all errors shown to a user.

    cause names the file (or key) and what is wrong with it; remedy says what to do next. Both are one line.
    """

    exit_code = 1

    def __init__(self, cause: str, remedy: str, *, file: Path | str | None = None) -> None:
        super().__init__(f"{cause} {remedy}")
        self.cause = cause
        self.remedy = remedy
        self.file = None if file is None else str(file)
        self.stage: str | None = None
        """Set where it is known: the stage of a draft that failed."""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled whole: errors come back from other processes."""
        return _again, (type(self), self.cause, self.remedy, self.file, self.stage)


def _again(kind: type[KaigirokuError], cause: str, remedy: str, file: str | None, stage: str | None) -> KaigirokuError:
    error = kind(cause, remedy, file=file)
    error.stage = stage
    return error


def kind_of_exit(code: int) -> type[KaigirokuError]:
    """The error that one of our commands ends with by this exit code; the base for a code of nobody's."""
    return next((kind for kind in KaigirokuError.__subclasses__() if kind.exit_code == code), KaigirokuError)


class UsageError(KaigirokuError):
    """The command line contradicts itself."""

    exit_code = 2


class MeetingFileError(KaigirokuError):
    """meeting.toml cannot be read or does not validate."""

    exit_code = 10


class AudioMissingError(KaigirokuError):
    """The recording is not there."""

    exit_code = 11


class AudioUnreadableError(KaigirokuError):
    """The recording is there but may not be read."""

    exit_code = 12


class AudioEmptyError(KaigirokuError):
    """The recording has zero bytes."""

    exit_code = 13


class AudioFormatError(KaigirokuError):
    """Not audio, truncated beyond use, or nothing here decodes it."""

    exit_code = 14


class AudioNoSoundError(KaigirokuError):
    """A container (usually a video) without a sound track."""

    exit_code = 15


class AudioTooShortError(KaigirokuError):
    """Shorter than can hold a word."""

    exit_code = 16


class AudioTooManyChannelsError(KaigirokuError):
    """More channels than one meeting has microphones."""

    exit_code = 17


class AudioTooLongError(KaigirokuError):
    """Longer than one meeting may be."""

    exit_code = 18


class LexiconFileError(KaigirokuError):
    """A dictionary or handout cannot be read."""

    exit_code = 19


class OutputError(KaigirokuError):
    """The output folder cannot be used."""

    exit_code = 20


class DiskFullError(KaigirokuError):
    """No room left on the disk; finished stages are kept."""

    exit_code = 21


class BusyError(KaigirokuError):
    """Another run works in the same folder."""

    exit_code = 22


class DatabaseError(KaigirokuError):
    """The library's database cannot be used."""

    exit_code = 23


class LibraryError(KaigirokuError):
    """There is no library in this folder, or no such meeting in it."""

    exit_code = 24


class TranscriptFileError(KaigirokuError):
    """A transcript, reference or minutes file cannot be read."""

    exit_code = 25


class ForeignMinutesError(TranscriptFileError):
    """A returned file holds too little of these minutes: another meeting's, or only a part."""


class PublicCopyReturnedError(TranscriptFileError):
    """A public copy was returned: what it leaves out cannot be read back."""


class EditError(KaigirokuError):
    """An edit does not fit the minutes as they are now."""

    exit_code = 26


class WithheldError(KaigirokuError):
    """A public copy would show what is withheld, or it is not clear what is: nothing was written."""

    exit_code = 27


class TemplateError(KaigirokuError):
    """A form's template is missing, or asks for something the minutes do not have."""

    exit_code = 28


class VoicesError(KaigirokuError):
    """A kept voice cannot be read or is not there, or a voice cannot be taken from this recording."""

    exit_code = 29


class ModelMissingError(KaigirokuError):
    """Weights are not on this machine."""

    exit_code = 30


class ModelDamagedError(KaigirokuError):
    """Weights do not match the manifest."""

    exit_code = 31


class NewerLibraryError(KaigirokuError):
    """The library was changed by a newer kaigiroku than this one; it is left as it is."""

    exit_code = 32


class BackupError(KaigirokuError):
    """A backup is damaged or not there, or recordings were missing when it was made."""

    exit_code = 33


class EngineError(KaigirokuError):
    """A model library failed or answered nonsense."""

    exit_code = 40


class DependencyError(KaigirokuError):
    """An optional program is needed and missing."""

    exit_code = 41


class WorkerDiedError(KaigirokuError):
    """The process that worked on a stage died: killed from outside, or out of memory. deaths: how many did, one after
    the other."""

    exit_code = 42

    def __init__(self, cause: str, remedy: str, *, file: Path | str | None = None, deaths: int = 1) -> None:
        super().__init__(cause, remedy, file=file)
        self.deaths = deaths


class BatchFailedError(KaigirokuError):
    """Some drafts of a batch failed; the others are there."""

    exit_code = 43
