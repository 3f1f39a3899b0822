"""Sounds: what is written differently and said alike is near, what is said differently is far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon.kana import gap, is_kana, morae, substitution

_MORAE = st.sampled_from(
    "アイウエオカキクケコガギグゲゴサシスセソタチツテトナニヌネノハヒフヘホバパマミムメモヤユヨラリルレロワンーッ"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [("チョウナイ", "ちょーない"), ("セイサク", "セーサク"), ("オオタ", "オータ"), ("ヅツウ", "ズツウ"), ("ヲ", "オ")],
)
def test_same_sounds(one: str, other: str) -> None:
    assert morae(one) == morae(other)


def test_morae_keep_contracted_sounds_together() -> None:
    assert morae("ショムカチョウ") == ("ショ", "ム", "カ", "チョ", "ー")


@given(_MORAE, _MORAE)
def test_substitution_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert substitution(one, other) == substitution(other, one)
    assert 0 <= substitution(one, other) <= 1
    assert (substitution(one, other) == 0) == (one == other)


def test_voicing_is_nearer_than_another_place() -> None:
    assert substitution("カ", "ガ") < substitution("カ", "マ")


def test_swallowed_sounds_cost_less() -> None:
    assert gap("ー") < gap("ッ") < gap("ン") < gap("カ")


@pytest.mark.parametrize(
    ("text", "expected"), [("ちょうない", True), ("チョウナイ", True), ("庁内", False), ("", False)]
)
def test_is_kana(text: str, expected: bool) -> None:
    assert is_kana(text) is expected
