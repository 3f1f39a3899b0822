"""kaigiroku voices: voices of people who agreed to be known by them, kept as numbers and never as sound."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.failures import told
from pipeline.errors import UsageError

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


@app.command("enroll")
def enroll(
    name: Annotated[str, typer.Argument(help="Whose voice it is, as on the roster.")],
    consent: Annotated[str, typer.Option(help="Who agreed, when, and to what: kept with the voice.")],
    office: Annotated[str | None, typer.Option(help="The office, as on the roster.")] = None,
    recording: Annotated[
        Path | None, typer.Option(help="A recording of 5 s or more in which only this person speaks.")
    ] = None,
    draft: Annotated[Path | None, typer.Option(help="The folder of a draft whose speakers are right.")] = None,
    library: Annotated[Path | None, typer.Option(help="The library that holds --meeting.")] = None,
    meeting: Annotated[str | None, typer.Option(help="A corrected meeting of the library, by its id.")] = None,
    speaker: Annotated[
        str | None, typer.Option(help="The voice in the draft or meeting (S01, S02 …); else who speaks as --office.")
    ] = None,
) -> None:
    """Keep a voice, so that later drafts know who speaks. Nothing is kept but an embedding, its source and consent."""
    with told():
        from datetime import date

        from pipeline.config.paths import voices_folder
        from pipeline.run import voices

        person = voices.Person(name=name, office=office, consent=consent)
        if not name.strip() or not consent.strip():
            raise UsageError("a voice needs a name and a consent.", "Say whose it is and who agreed to what.")
        if sum(source is not None for source in (recording, draft, meeting)) != 1:
            raise UsageError("one source is needed.", "Give --recording, --draft, or --library with --meeting.")
        folder, today = voices_folder(), date.today()
        if recording is not None:
            profile = voices.enroll_recording(folder, person, recording, today)
        elif draft is not None:
            profile = voices.enroll_draft(folder, person, draft, speaker, today)
        elif library is not None and meeting is not None:
            profile = voices.enroll_meeting(folder, person, library, meeting, speaker, today)
        else:
            raise UsageError("--meeting is an id within a library.", "Name the library's folder with --library.")
        _say(f"{profile.name}: kept, from {profile.speech_ms / 1000:.0f} s of speech in {profile.source}")


@app.command("list")
def list_voices() -> None:
    """Print whose voices are kept: name, office, date, seconds of speech, source, consent."""
    with told():
        from pipeline.config.paths import voices_folder
        from pipeline.store.voices import read_voices

        for kept in read_voices(voices_folder()):
            seconds = f"{kept.speech_ms / 1000:.0f} s"
            _say("\t".join((kept.name, kept.office or "", str(kept.enrolled), seconds, kept.source, kept.consent)))


@app.command("forget")
def forget(name: Annotated[str, typer.Argument(help="Whose voice to delete.")]) -> None:
    """Delete a voice: its file is written over and removed. Drafts made from now on do not know it."""
    with told():
        from pipeline.config.paths import voices_folder
        from pipeline.store.voices import forget_voice

        for gone in forget_voice(voices_folder(), name):
            _say(f"{gone.name}: forgotten")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
