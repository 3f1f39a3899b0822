"""A kept voice gives its owner's role and office; a voice like nobody's stays unknown."""

import datetime

import numpy as np
import pytest
from test_roles import talk

from pipeline.records.meeting import Meeting, Member, RosterRole
from pipeline.records.speakers import Diarization, Voice
from pipeline.records.voices import VoiceProfile
from pipeline.stages.assign_roles import RoleSettings, assign_roles
from pipeline.stages.roles.voices import known_voices

MEETING = Meeting(
    roster=(
        RosterRole(role="会長", members=(Member(office="会長", name="森 茂"),), chairs=True),
        RosterRole(
            role="委員", members=(Member(office="公募委員", name="林 恵"), Member(office="学識経験者", name="原 守"))
        ),
        RosterRole(role="事務局", members=(Member(office="図書館長", name="佐伯 健"),), explains=True),
    )
)
RANDOM = np.random.default_rng(4)


def direction() -> np.ndarray:
    vector = RANDOM.standard_normal(192)
    return vector / np.linalg.norm(vector)


def near(vector: np.ndarray, cosine: float) -> tuple[float, ...]:
    other = direction()
    other -= (other @ vector) * vector
    mixed = cosine * vector + np.sqrt(1 - cosine**2) * other / np.linalg.norm(other)
    return tuple(float(x) for x in mixed)


SAEKI, HARA = direction(), direction()


def profile(name: str, voice: np.ndarray, network: str = "n") -> VoiceProfile:
    return VoiceProfile(
        name=name, embedding=tuple(float(x) for x in voice), network=network, speech_ms=20_000,
        enrolled=datetime.date(2026, 7, 1), source="第1回", consent="本人同意",
    )  # fmt: skip


PROFILES = (profile("佐伯 健", SAEKI), profile("原 守", HARA))


def heard(**voices: tuple[float, ...]) -> Diarization:
    found = tuple(Voice(speaker=name, speech_ms=9000, embedding=vector) for name, vector in voices.items())
    return Diarization(segments=(), exclusive=(), voices=found, network="n")


def test_a_voice_is_known_again() -> None:
    found = known_voices(heard(S01=near(SAEKI, 0.85), S02=near(HARA, 0.8)), PROFILES)
    assert {voice: known.profile.name for voice, known in found.items()} == {"S01": "佐伯 健", "S02": "原 守"}


@pytest.mark.parametrize("cosine", [0.0, 0.3, 0.6])
def test_an_unknown_voice_stays_unknown(cosine: float) -> None:
    assert known_voices(heard(S01=near(SAEKI, cosine)), PROFILES) == {}


def test_a_voice_like_two_people_stays_unknown() -> None:
    twins = (profile("佐伯 健", SAEKI), profile("佐伯 康", np.array(near(SAEKI, 0.99))))
    assert known_voices(heard(S01=near(SAEKI, 0.9)), twins) == {}


def test_of_two_voices_like_one_person_the_more_alike_counts() -> None:
    found = known_voices(heard(S01=near(SAEKI, 0.92), S02=near(SAEKI, 0.8)), PROFILES)
    assert set(found) == {"S01"}


def test_embeddings_of_another_network_are_not_compared() -> None:
    assert known_voices(heard(S01=near(SAEKI, 1.0)), (profile("佐伯 健", SAEKI, "other"),)) == {}


def test_the_role_and_office_follow_from_the_voice() -> None:
    turns = talk(
        ("a", "ただいまより開会いたします。ご意見はございますか。"),
        ("b", "窓口のあり方を考えていきたいと思います。"),
        ("a", "以上で閉会いたします。"),
    )
    without = assign_roles(turns, MEETING, RoleSettings()).assignments[1]
    known = known_voices(heard(S02=near(SAEKI, 0.9)), PROFILES)
    found = assign_roles(turns, MEETING, RoleSettings(), known=known).assignments[1]
    assert (without.role, without.office) == ("委員", None)
    assert (found.role, found.office) == ("事務局", "図書館長")
    assert found.evidence[0].rule == "known-voice" and "佐伯 健" in found.evidence[0].detail


def test_one_voice_that_gives_two_names_is_two_people() -> None:
    turns = talk(
        ("a", "会長の森です。ただいまより開会いたします。図書館長、説明をお願いします。"),
        (
            "b",
            "図書館長の佐伯です。資料1をご覧ください。利用者が増えており、開館時間を延ばす予定です。以上です。",
        ),
        ("a", "ご質問はございますか。"),
        ("b", "公募委員の林です。夜間の利用は何人でしょうか。"),
        ("c", "二十人ほどでございます。"),
        ("b", "もう少し広く知らせていただきたいと思います。"),
        ("a", "以上で閉会いたします。"),
    )
    found = assign_roles(turns, MEETING, RoleSettings()).assignments
    assert [found[index].role for index in (1, 3, 5)] == ["事務局", "委員", "委員"]
    assert "/" not in "".join(evidence.detail for each in found for evidence in each.evidence)


def test_who_introduces_himself_calls_nobody() -> None:
    turns = talk(
        ("a", "ただいまより開会いたします。ご質問はございますか。"),
        ("b", "図書館長の佐伯です。一点申し上げます。"),
        ("c", "なるほど、夜間の利用も増やしてほしいと思います。"),
        ("a", "以上で閉会いたします。"),
    )
    found = assign_roles(turns, MEETING, RoleSettings()).assignments
    assert (found[1].role, found[2].role) == ("事務局", "委員")
