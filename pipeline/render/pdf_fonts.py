"""Which fonts stand in for those of Windows where LibreOffice runs without them, so that digits and Latin letters are
set in the same Mincho as the Japanese around them."""

import shutil
import subprocess
from xml.sax.saxutils import escape

_MINCHO = ("\uff2d\uff33 明朝", "MS Mincho", "\uff2d\uff33 \uff30明朝", "MS PMincho", "游明朝", "Yu Mincho")
_GOTHIC = ("\uff2d\uff33 ゴシック", "MS Gothic", "\uff2d\uff33 \uff30ゴシック", "MS PGothic", "游ゴシック", "Yu Gothic")
_MINCHO_HERE = ("IPAexMincho", "IPAMincho", "Noto Serif CJK JP", "TakaoMincho")
_GOTHIC_HERE = ("IPAexGothic", "IPAGothic", "Noto Sans CJK JP", "TakaoGothic", *_MINCHO_HERE)
_SETTINGS = "/org.openoffice.Office.Common/Font/Substitution"
_PAIR = """<item oor:path="{path}/FontPairs"><node oor:name="_{number}" oor:op="replace">
<prop oor:name="ReplaceFont"><value>{missing}</value></prop><prop oor:name="SubstituteFont"><value>{here}</value></prop>
<prop oor:name="Always"><value>true</value></prop><prop oor:name="OnScreenOnly"><value>false</value></prop></node>
</item>
"""


def font_settings() -> str:
    """registrymodifications.xcu of a LibreOffice profile, naming a substitute for each font that is missing here."""
    pairs = _substitutes(_installed())
    items = "".join(
        _PAIR.format(path=_SETTINGS, number=number, missing=escape(missing), here=escape(here))
        for number, (missing, here) in enumerate(pairs)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        f'<item oor:path="{_SETTINGS}"><prop oor:name="Replacement" oor:op="fuse"><value>true</value></prop></item>\n'
        f"{items}</oor:items>\n"
    )


def _substitutes(installed: frozenset[str]) -> list[tuple[str, str]]:
    pairs = []
    for wanted, stand_ins in ((_MINCHO, _MINCHO_HERE), (_GOTHIC, _GOTHIC_HERE)):
        here = next((name for name in stand_ins if name in installed), None)
        if here is not None:
            pairs += [(name, here) for name in wanted if name not in installed]
    return pairs


def _installed() -> frozenset[str]:
    """Names of font families; empty where fontconfig does not tell (Windows, macOS: the wanted ones are there)."""
    if shutil.which("fc-list") is None:
        return frozenset()
    done = subprocess.run(["fc-list", ":", "family"], capture_output=True, encoding="utf-8", check=False)
    return frozenset(name.strip() for line in done.stdout.splitlines() for name in line.split(","))
