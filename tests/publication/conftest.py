"""The meeting that tests of the public copy withhold something from."""

import pytest
from withheld_cases import meeting_of_two_items

from pipeline.records.minutes import Minutes


@pytest.fixture
def meeting() -> Minutes:
    return meeting_of_two_items()
