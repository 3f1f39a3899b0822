"""Roles on scripts of other bodies, and what must hold whatever is said."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.records.meeting import Meeting, Member, RosterRole
from pipeline.records.roles import RoleAssignment
from pipeline.records.turns import Turn, Turns
from pipeline.records.words import Word
from pipeline.stages.assign_roles import RoleSettings, assign_roles

SCRIPTS = sorted((Path(__file__).parents[1] / "data" / "role_meetings").glob("*.json"))
SURE = 0.6


def meeting_of(script: dict) -> Meeting:
    return Meeting(
        roster=tuple(
            RosterRole(**{**entry, "members": tuple(Member(**member) for member in entry["members"])})
            for entry in script["roster"]
        )
    )


def turns_of(script: dict) -> tuple[Turns, list[str]]:
    """Turns as a perfect diarization makes them, and the role of each."""
    voices: dict[str, str] = {}
    turns: list[Turn] = []
    roles: list[str] = []
    clock = 0
    for line in script["turns"]:
        voice = voices.setdefault(line["speaker"], f"S{len(voices) + 1:02}")
        word = Word(start_ms=clock, end_ms=clock + 150 * len(line["text"]), raw=line["text"], probability=0.9)
        clock = word.end_ms + 400
        if turns and turns[-1].speaker == voice:
            turns[-1] = turns[-1].model_copy(update={"words": (*turns[-1].words, word)})
        else:
            turns.append(Turn(number=len(turns) + 1, speaker=voice, words=(word,)))
            roles.append(line["role"])
    return Turns(turns=tuple(turns)), roles


def merged(turns: Turns, kept: str, gone: str) -> Turns:
    """The same turns when the diarization took two voices for one."""
    found = (
        turn.model_copy(update={"speaker": kept if turn.speaker == gone else turn.speaker}) for turn in turns.turns
    )
    return Turns(turns=tuple(found))


def assign(turns: Turns, meeting: Meeting, **fixed: str) -> tuple[RoleAssignment, ...]:
    facts = {int(number): role for number, role in fixed.items()}
    return assign_roles(turns, meeting, RoleSettings(), facts).assignments


def right_share(turns: Turns, roles: list[str], found: tuple[RoleAssignment, ...]) -> float:
    lengths = [len(turn.text) for turn in turns.turns]
    right = (n for n, role, a in zip(lengths, roles, found, strict=True) if a.role == role)
    return sum(right) / sum(lengths)


@pytest.fixture(params=SCRIPTS, ids=lambda path: path.stem)
def script(request) -> dict:
    return json.loads(request.param.read_text(encoding="utf-8"))


def test_characters_under_the_right_role(script):
    turns, roles = turns_of(script)
    found = assign(turns, meeting_of(script))
    assert right_share(turns, roles, found) >= 0.94
    leading = next(entry["role"] for entry in script["roster"] if entry.get("chairs"))
    for turn, role, assignment in zip(turns.turns, roles, found, strict=True):
        assert (role == leading) == (assignment.role == leading), turn.text


def test_a_wrong_role_is_never_certain_and_reasons_are_readable(script):
    turns, roles = turns_of(script)
    for role, assignment in zip(roles, assign(turns, meeting_of(script)), strict=True):
        assert assignment.role == role or assignment.confidence < 0.9
        assert len(assignment.evidence) <= 5
        assert all(evidence.detail and evidence.rule.isascii() for evidence in assignment.evidence)


def test_two_silent_members_taken_for_one_cost_little(script):
    turns, roles = turns_of(script)
    counts = {turn.speaker: 0 for turn in turns.turns}
    for turn in turns.turns:
        counts[turn.speaker] += len(turn.text)
    rare = sorted(counts, key=lambda voice: counts[voice])[:2]
    assert right_share(turns, roles, assign(merged(turns, *rare), meeting_of(script))) >= 0.85


def test_without_a_roster_everything_is_for_the_clerk_to_check(script):
    turns, roles = turns_of(script)
    found = assign(turns, Meeting())
    assert all(assignment.confidence < RoleSettings().flag_below for assignment in found)
    leading = next(entry["role"] for entry in script["roster"] if entry.get("chairs"))
    chaired = [a.role == "進行" for a, role in zip(found, roles, strict=True) if role == leading]
    assert sum(chaired) / len(chaired) > 0.5


def test_a_fact_of_the_clerk_stays_and_is_learnt_from(script):
    turns, _ = turns_of(script)
    meeting = meeting_of(script)
    other = script["roster"][-2]["role"]
    number = turns.turns[-1].number
    found = assign(turns, meeting, **{str(number): other})
    assert found[-1].role == other and found[-1].confidence == 1.0
    assert found[-1].evidence[0].rule == "fixed-by-clerk"


def line(speaker: str, text: str, role: str = "") -> dict:
    return {"speaker": speaker, "text": text, "role": role}


HEADQUARTERS = Meeting(
    roster=(
        RosterRole(role="本部長", members=(Member(office="副区長"),), chairs=True),
        RosterRole(
            role="部員",
            members=(
                Member(office="総務部長"),
                Member(office="区民部長"),
                Member(office="庶務課長", deputy_for="教育部長"),
            ),
        ),
        RosterRole(role="事務局", members=(Member(office="情報管理課長", name="佐々木 徹"),), explains=True),
    )
)


def talk(*lines: tuple[str, str]) -> Turns:
    return turns_of({"turns": [line(speaker, text) for speaker, text in lines]})[0]


EXPLAINS = (
    "資料1をご覧ください。学校の端末を一人一台整備いたします。"
    "事業者の選定は公募により行い、8月に契約を予定しております。"
)


def test_a_member_who_explains_speaks_as_the_explaining_role_only_there():
    found = assign(
        talk(
            ("a", "ただいまより会議を開催いたします。報告の一件目を庶務課長からご説明お願いいたします。"),
            ("b", EXPLAINS),
            ("a", "ご質問はございますか。ないようですので私から伺います。金額は評価に含まれていますか。"),
            ("b", "はい、含まれてございます。"),
            ("a", "以上をもちまして閉会いたします。ありがとうございました。"),
        ),
        HEADQUARTERS,
    )
    assert [a.role for a in found] == ["本部長", "事務局", "本部長", "部員", "本部長"]
    assert found[1].office == found[3].office == "庶務課長" and found[0].office is None


@pytest.mark.parametrize(
    ("called", "office"),
    [
        ("庶務課長からご説明お願いします。", "庶務課長"),
        ("教育部長からご説明をお願いします。", "庶務課長"),
        ("情報監理課長からご説明お願いします。", "情報管理課長"),
    ],
)
def test_an_office_is_known_by_its_sound_and_by_whom_it_stands_in_for(called, office):
    opening = "ただいまより開会いたします。それでは、" + called
    found = assign(talk(("a", opening), ("b", EXPLAINS), ("a", "質問はございますか。")), HEADQUARTERS)
    assert (found[1].role, found[1].office) == ("事務局", office)


def test_somebody_who_gives_a_name_is_that_person():
    found = assign(
        talk(
            ("a", "ただいまより開会いたします。ご意見はございますか。"),
            ("b", "佐々木でございます。三点申し上げます。"),
            ("a", "閉会いたします。"),
        ),
        HEADQUARTERS,
    )
    assert (found[1].role, found[1].office) == ("事務局", "情報管理課長")


def test_fixing_one_turn_moves_the_other_turns_of_the_voice():
    turns = talk(
        ("a", "ただいまより開会いたします。ご意見はございますか。"),
        ("b", "窓口のあり方を考えていきたいと思います。"),
        ("a", "ほかにございますか。"),
        ("b", "端末も足りないと感じております。"),
        ("a", "以上で閉会いたします。"),
    )
    assert assign(turns, HEADQUARTERS)[3].role == "部員"
    found = assign(turns, HEADQUARTERS, **{"2": "事務局"})
    assert [a.role for a in found] == ["本部長", "事務局", "本部長", "事務局", "本部長"]


def test_a_role_the_roster_does_not_know_may_be_fixed():
    turns = talk(("a", "開会いたします。"), ("b", "傍聴席から失礼します。"))
    assert assign(turns, HEADQUARTERS, **{"2": "傍聴人"})[1].role == "傍聴人"


def test_fixing_a_turn_that_does_not_exist_is_refused():
    with pytest.raises(UsageError):
        assign(talk(("a", "開会いたします。")), HEADQUARTERS, **{"7": "部員"})


def test_nothing_said_gives_no_roles():
    assert assign(Turns(turns=()), HEADQUARTERS) == ()


TEXTS = [
    "はい。",
    "異議なし。",
    EXPLAINS,
    "ご質問はございますか。",
    "庶務課長",
    "。",
    "以上で閉会いたします。",
    "金額はいくらですか",
]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(TEXTS)), min_size=1, max_size=12),
    st.sampled_from([HEADQUARTERS, Meeting(), Meeting(roster=HEADQUARTERS.roster[1:2])]),
    st.dictionaries(st.integers(0, 11), st.sampled_from(["部員", "事務局", "来賓"]), max_size=4),
)
def test_one_assignment_per_turn_with_a_probability_and_the_clerks_facts_kept(lines, meeting, facts):
    turns = talk(*lines)
    fixed = {n + 1: role for n, role in facts.items() if n < len(turns.turns)}
    found = assign_roles(turns, meeting, RoleSettings(), fixed).assignments
    assert [a.turn for a in found] == [turn.number for turn in turns.turns]
    assert all(0.0 <= a.confidence <= 1.0 for a in found)
    assert all(a.role == fixed[a.turn] for a in found if a.turn in fixed)
    assert found == assign_roles(turns, meeting, RoleSettings(), fixed).assignments
