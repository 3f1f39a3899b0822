"""Kept voices: what is listed is what was kept, and what is forgotten is nowhere any more."""

import datetime
import os
from pathlib import Path

import pytest

from pipeline.errors import VoicesError
from pipeline.records.voices import VoiceProfile
from pipeline.store.voices import forget_voice, keep_voice, read_voices


def profile(name: str = "佐々木 一郎", consent: str = "本人同意 2026-11-25") -> VoiceProfile:
    return VoiceProfile(
        name=name, office="情報管理課長", embedding=(0.6, 0.8), network="abc", speech_ms=9000,
        enrolled=datetime.date(2026, 11, 25), source="第1回", consent=consent,
    )  # fmt: skip


def test_nothing_is_kept_at_first(tmp_path: Path) -> None:
    assert read_voices(tmp_path / "voices") == ()


def test_a_voice_is_kept_replaced_and_forgotten(tmp_path: Path) -> None:
    keep_voice(tmp_path / "voices", profile())
    keep_voice(tmp_path / "voices", profile(consent="更新 2026-12-01"))
    keep_voice(tmp_path / "voices", profile("田中 花子"))
    assert [p.consent for p in read_voices(tmp_path / "voices") if p.name == "佐々木 一郎"] == ["更新 2026-12-01"]
    forget_voice(tmp_path / "voices", "佐々木一郎")
    assert [p.name for p in read_voices(tmp_path / "voices")] == ["田中 花子"]
    assert "佐々木" not in "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "voices").iterdir())


@pytest.mark.skipif(os.name != "posix", reason="a second name for a file")
def test_what_is_forgotten_is_written_over(tmp_path: Path) -> None:
    path = keep_voice(tmp_path, profile())
    os.link(path, tmp_path / "same-blocks")
    forget_voice(tmp_path, "佐々木 一郎")
    assert set((tmp_path / "same-blocks").read_bytes()) == {0}


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_only_the_owner_reads_voices(tmp_path: Path) -> None:
    path = keep_voice(tmp_path / "voices", profile())
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0


def test_what_is_not_there_or_damaged_is_told(tmp_path: Path) -> None:
    with pytest.raises(VoicesError):
        forget_voice(tmp_path, "誰か")
    keep_voice(tmp_path, profile()).write_text("{", encoding="utf-8")
    with pytest.raises(VoicesError):
        read_voices(tmp_path)
