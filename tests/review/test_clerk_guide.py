"""The clerk's guide names keys that are there, and shows pictures that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "clerk.ja.md").read_text(encoding="utf-8")
KEYMAP = (ROOT / "pipeline" / "review" / "static" / "js" / "keymap.js").read_text(encoding="utf-8")
_KEY = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)+(?:Enter|F\d{1,2}|[A-Z0-9,.↑↓])|\bF\d{1,2}\b")


def test_every_key_is_one_of_the_key_map():
    known = set(re.findall(r'"([^"]+)"', KEYMAP)) | {f"Alt+{number}" for number in range(1, 10)}
    named = {key.replace("↑", "ArrowUp").replace("↓", "ArrowDown") for key in _KEY.findall(GUIDE)}
    assert len(named) > 20 and named <= known, named - known


def test_every_picture_is_there():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE)
    assert pictures and all((ROOT / "docs" / picture).stat().st_size < 120_000 for picture in pictures)
