"""What the clerk sets in the minutes moves the rest of that voice, and nothing else."""

import pytest
from compose_cases import composed
from test_roles import HEADQUARTERS, talk

from pipeline.errors import UsageError
from pipeline.records.minutes import Minutes
from pipeline.stages.assign_roles import RoleSettings, assign_roles
from pipeline.stages.reassign_roles import roles_given_facts, speeches


@pytest.fixture(scope="module")
def minutes() -> Minutes:
    turns = talk(
        ("a", "ただいまより開会いたします。ご意見はございますか。"),
        ("b", "窓口のあり方を考えていきたいと思います。"),
        ("a", "ほかにございますか。"),
        ("b", "端末も足りないと感じております。"),
        ("c", "研修もお願いしたいと思います。"),
        ("a", "以上で閉会いたします。"),
    )
    return composed(turns, assign_roles(turns, HEADQUARTERS, RoleSettings()), HEADQUARTERS)


def of_voice(minutes: Minutes, voice: str) -> list[str]:
    return [speech.id for speech in speeches(minutes) if speech.speaker == voice]


def test_the_other_turns_of_the_voice_follow(minutes: Minutes) -> None:
    first, second = of_voice(minutes, "S02")
    changed = roles_given_facts(minutes, {first: "事務局"})
    assert {identifier: a.role for identifier, a in changed.items()} == {second: "事務局"}
    assert changed[second].evidence


def test_what_the_clerk_has_set_stays(minutes: Minutes) -> None:
    first, second = of_voice(minutes, "S02")
    assert roles_given_facts(minutes, {first: "事務局", second: "部員"}).keys() <= set(of_voice(minutes, "S03"))


def test_a_confirmation_changes_nothing(minutes: Minutes) -> None:
    assert roles_given_facts(minutes, {speech.id: speech.role for speech in speeches(minutes)}) == {}
    assert roles_given_facts(minutes, {}) == {}


def test_a_block_that_is_not_there_is_refused(minutes: Minutes) -> None:
    with pytest.raises(UsageError):
        roles_given_facts(minutes, {"gone": "部員"})
