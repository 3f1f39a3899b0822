"""Where things lie, in a checkout and after `pip install` alike: the templates, the manifest, the weights."""

import os
from pathlib import Path

import platformdirs

from pipeline.errors import KaigirokuError

APP = "kaigiroku"
MODELS_VARIABLE = "KAIGIROKU_MODELS"
"""Environment variable that names the folder of the weights."""
VOICES_VARIABLE = "KAIGIROKU_VOICES"
"""Environment variable that names the folder of the kept voices."""

_PACKAGE = Path(__file__).resolve().parent.parent


def checkout() -> Path | None:
    """Top level of the working copy this code runs from; None when it was installed from a wheel."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "models").is_dir() else None


def resource(name: str) -> Path:
    """A file or folder that travels with the code, e.g. ``templates`` or ``models/manifest.toml``.

    Raises KaigirokuError when the installation lacks it.
    """
    root = checkout()
    path = (root if root is not None else _PACKAGE / "_data") / name
    if not path.exists():
        raise KaigirokuError(f"{name} is missing from this installation of {APP}.", "Install it again.", file=path)
    return path


def models_folder() -> Path:
    """Where the weights lie: $KAIGIROKU_MODELS, else models/ of the checkout, else the user's data folder."""
    named = os.environ.get(MODELS_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    root = checkout()
    return root / "models" if root is not None else platformdirs.user_data_path(APP, appauthor=False) / "models"


def voices_folder() -> Path:
    """Where kept voices lie: $KAIGIROKU_VOICES, else in this user's data folder. It need not exist."""
    named = os.environ.get(VOICES_VARIABLE)
    return (
        Path(named).expanduser().absolute() if named else platformdirs.user_data_path(APP, appauthor=False) / "voices"
    )


def cache_folder() -> Path:
    """Where things lie that may be deleted at any time (known checksums of weights)."""
    return platformdirs.user_cache_path(APP, appauthor=False)
