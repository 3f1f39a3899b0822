"""Small wheels made by hand, so that kits can be tried without a registry."""

import zipfile
from collections.abc import Iterable
from pathlib import Path


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    tag: str = "py3-none-any",
    requires: Iterable[str] = (),
    metadata: str = "",
    files: dict[str, str] | None = None,
) -> Path:
    """A wheel that pip can install. files: further members; those that begin with ``.dist-info/`` go there."""
    records = f"{name}-{version}.dist-info"
    members = {
        f"{records}/METADATA": f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{metadata}"
        + "".join(f"Requires-Dist: {line}\n" for line in requires),
        f"{records}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    for path, text in (files or {}).items():
        members[f"{records}/{path.removeprefix('.dist-info/')}" if path.startswith(".dist-info/") else path] = text
    members[f"{records}/RECORD"] = "".join(f"{path},,\n" for path in [*members, f"{records}/RECORD"])
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return path
