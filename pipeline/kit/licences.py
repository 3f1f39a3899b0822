"""Third-party notices: under which licence everything in the kit may be used, with the texts the licences ask for."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from pipeline.kit.wheel_files import Wheel

SUMMARY = "THIRD-PARTY.txt"
_STANDARD = Path(__file__).parent / "carried" / "licences"
_TEXTS = ("licen", "copying", "notice", "legal", "authors", "thirdparty")
_NO_TEXTS = (".py", ".pyc", ".pyi", ".h", ".hpp", ".so", ".js", ".json")
_HOMES = ("source", "source code", "repository", "github", "homepage", "home")
_HEAD = """Third-party notices
===================
What this kit holds, under which licence, and who made it. The full texts lie in the folder of each package and model.
"""
_MODELS = """
Model weights
-------------"""


def write_notices(wheels: Iterable[Wheel], models: Iterable[tuple[str, str, str]], folder: Path) -> list[str]:
    """Write every licence text below folder and one summary; the names of packages for which there is no text.

    models: name, licence and origin of each set of weights.
    """
    folder.mkdir(parents=True)
    lines, without = [_HEAD], list[str]()
    for wheel in wheels:
        texts = _texts(wheel)
        licence = licence_of(wheel, texts)
        texts = texts or _standard_text(licence)
        for name, text in texts.items():
            target = folder / f"{wheel.name}-{wheel.version}" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
        if not texts:
            without.append(str(wheel.name))
        lines.append(_line(f"{wheel.name} {wheel.version}", licence, _home(wheel)))
    lines += [_MODELS, *(_line(name, licence, origin) for name, licence, origin in models)]
    lines.append((_STANDARD / "inside.txt").read_text(encoding="utf-8"))
    (folder / SUMMARY).write_text("\n".join(dict.fromkeys(lines)), encoding="utf-8", newline="\n")
    for name in ("GPL-3.0.txt", "LGPL-3.0.txt"):
        (folder / name).write_bytes((_STANDARD / name).read_bytes())
    return without


def licence_of(wheel: Wheel, texts: dict[str, bytes]) -> str:
    """The licence a wheel declares, else the first line of its text; "not declared" when it says nothing."""
    expression, licence = (str(wheel.metadata[key] or "").strip() for key in ("License-Expression", "License"))
    if expression:
        return expression
    if licence and licence != "UNKNOWN" and len(licence) < 60 and "\n" not in licence:
        return licence
    classifiers = [str(value) for value in wheel.metadata.get_all("Classifier", [])]
    named = [value.rpartition(" :: ")[2] for value in classifiers if value.startswith("License :: OSI")]
    if named:
        return ", ".join(named)
    own = min(texts.items(), key=lambda text: text[0].count("/"), default=("", b""))[1]
    return next((line.strip() for line in own.decode("utf-8", "replace").splitlines() if line.strip()), "not declared")


def _texts(wheel: Wheel) -> dict[str, bytes]:
    """Licence files of the package itself and of what it carries, by a name for the folder of its texts."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(wheel.path) as archive:
        for member in wheel.members:
            path = PurePosixPath(member)
            about = member.removeprefix(wheel.records) if member.startswith(wheel.records) else None
            licensing = any(word in path.name.lower().replace("_", "") for word in _TEXTS)
            if not member.endswith("/") and licensing and path.suffix.lower() not in _NO_TEXTS:
                name = member if about is None else about.removeprefix("licenses/")
                found[_short(name)] = archive.read(member)
    return found


def _short(name: str) -> str:
    """Deep folders flattened: the kit has to be copied with Windows too, whose paths end at 259 characters."""
    return name if len(name) <= 60 else re.sub(r"[^\w.-]+", "_", name)[-60:]


def _standard_text(licence: str) -> dict[str, bytes]:
    for name, words in (("Apache-2.0", "apache"), ("LGPL-2.1", "lgpl-2.1"), ("MIT", "mit")):
        if words in licence.lower():
            return {f"{name}.txt": (_STANDARD / f"{name}.txt").read_bytes()}
    return {}


def _home(wheel: Wheel) -> str:
    named = [str(value).partition(", ") for value in wheel.metadata.get_all("Project-URL", [])]
    urls = {label.lower(): url for label, _, url in named}
    first = next((urls[label] for label in _HOMES if label in urls), "")
    return str(wheel.metadata["Home-page"] or "") or first or next(iter(urls.values()), "")


def _line(name: str, licence: str, home: str) -> str:
    return f"{name}: {licence}" + (f"  ({home})" if home else "")
