"""The two minutes every format is tried on: a long one with everything in it, and one of which nothing is known."""

from pathlib import Path

import pytest

from pipeline.records.minutes import Minutes
from pipeline.render.minutes_json import read_minutes

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="session")
def sample() -> Minutes:
    return read_minutes(DATA / "minutes_sample.json")


@pytest.fixture(scope="session")
def short() -> Minutes:
    return read_minutes(DATA / "minutes_short.json")
