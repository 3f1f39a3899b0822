"""Options that every command which drafts has, and what they come to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.records.job import DraftOptions

Model = Annotated[str, typer.Option(help="Recognition model: a name from `kaigiroku models list`, or a folder.")]
Diarization = Annotated[
    Path | None, typer.Option(help="Folder of a complete pyannote pipeline, used instead of the bundled models.")
]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]
Speakers = Annotated[str | None, typer.Option(help="How many people speak: N or MIN-MAX.")]
Formats = Annotated[
    str | None, typer.Option("--format", "-f", help="docx,html,txt,json,seglst,vtt,pdf (default: all but pdf).")
]
Dictionary = Annotated[
    Path | None, typer.Option(help="The office's dictionary (default: the one `kaigiroku lexicon` keeps).")
]
Template = Annotated[
    str | None, typer.Option(help="The form: its name, or a folder like templates/form1 (default: form1).")
]
OfficialSpelling = Annotated[
    bool, typer.Option("--official-spelling", help="Spell words as official documents do (公用文の表記).")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Replay = Annotated[Path | None, typer.Option(hidden=True, help="Replay recorded engine results (tests).")]
DEFAULT_MODEL = "whisper-base"


def draft_options(
    model: str, device: str, speakers: str | None, formats: str | None, replay: Path | None, **others: Any
) -> "DraftOptions":
    """Checked and put together. others: fields of DraftOptions, and diarization. Raises UsageError."""
    from pipeline.config.meeting_file import speaker_range
    from pipeline.records.job import DEFAULT_FORMATS, DraftOptions
    from pipeline.render.documents import FORMATS

    if device not in ("auto", "cpu", "cuda"):
        raise UsageError(f"--device {device}: not a device.", "Use auto, cpu or cuda.")
    wanted = tuple(form.strip() for form in formats.split(",")) if formats else DEFAULT_FORMATS
    if unknown := [form for form in wanted if form not in FORMATS]:
        raise UsageError(f"--format {','.join(unknown)}: unknown format.", f"Choose from {','.join(FORMATS)}.")
    try:
        people = speaker_range(speakers) if speakers else None
    except ValueError as error:
        raise UsageError(f"--speakers {error}.", "Give a number or a range.") from None
    engines = {"model": model, "diarization": others.pop("diarization"), "device": device, "replay": replay}
    return DraftOptions.model_validate({"engines": engines, "speakers": people, "formats": wanted, **others})
