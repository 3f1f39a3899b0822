"""kaigiroku evaluate corpus and history: many meetings as one figure, and how it moved."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.evaluate_options import (
    Claim,
    Dictionary,
    Json,
    Library,
    Out,
    Profile,
    Speakers,
    Unremembered,
    measure_options,
)
from pipeline.cli.failures import told

if TYPE_CHECKING:
    from pipeline.evaluate.trend import Version


def corpus(
    folder: Annotated[
        Path, typer.Argument(help="Folder with a sub-folder per meeting (docs/evaluation-trial.md), or a library.")
    ],
    claim: Claim = None,
    profile: Profile = "standard",
    speakers: Speakers = False,
    dictionary: Dictionary = None,
    out: Out = None,
    title: Annotated[str, typer.Option(help="Title of the report (default: name of the folder).")] = "",
    library: Library = None,
    unremembered: Unremembered = False,
    json_out: Json = False,
) -> None:
    """Score many meetings: each by itself, and all together with an interval over meetings."""
    with told():
        from pipeline.cli.evaluation_shown import show_corpus
        from pipeline.run.measure import measure_corpus, rows_of

        options = measure_options(profile, claim, speakers, dictionary)
        found = measure_corpus(folder, title or folder.resolve().name, options)
        if not unremembered:
            from pipeline.run.history import history_database
            from pipeline.store.measurements import remember

            remember(history_database(library), rows_of(found.meetings))
        if json_out:
            sys.stdout.write(found.model_dump_json(indent=1) + "\n")
        else:
            show_corpus(found)
        if out is not None:
            from pipeline.evaluate.report.write import write_corpus_reports

            for path in write_corpus_reports(found, out):
                print(path, file=sys.stderr)  # noqa: T201


def history(
    library: Library = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="HTML file for the trend.")] = None,
    json_out: Json = False,
) -> None:
    """The trend per model and per dictionary version, from everything that was measured."""
    with told():
        found = _versions(library)
        if json_out:
            import json

            rows = [version.model_dump(mode="json") for version in found]
            sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        else:
            from pipeline.cli.evaluation_shown import show_history

            show_history(found)
        if out is not None:
            from pipeline.evaluate.report.corpus_html import trend_html
            from pipeline.store.files import write_text_atomic

            print(write_text_atomic(out, trend_html(found)), file=sys.stderr)  # noqa: T201


def _versions(library: Path | None) -> "tuple[Version, ...]":
    from pipeline.evaluate.trend import Measured, versions
    from pipeline.run.history import history_database
    from pipeline.store.measurements import history as remembered

    return versions(
        [
            Measured(
                day=f"{row.made_at:%Y-%m-%d}",
                title=row.title,
                system=row.system,
                recording=row.recording,
                profile=row.profile,
                errors=row.errors,
                characters=row.characters,
                changed=row.changed,
                typed=row.typed,
                clerk_ms=row.clerk_ms,
                audio_ms=row.audio_ms,
                model=row.model,
                dictionary=row.dictionary,
            )
            for row in remembered(history_database(library))
        ]
    )
