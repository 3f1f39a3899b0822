"""One correction of a speaker moves the rest of that voice, in the journal, and never what people set."""

from pathlib import Path

import pytest

from pipeline.editing.desk import Desk, Submission
from pipeline.records.edits import Cast, Confirm, Undo
from pipeline.records.meeting import Meeting
from pipeline.run.recast import AUTHOR, facts_of, recast
from pipeline.stages.assign_roles import RoleSettings, assign_roles
from pipeline.stages.reassign_roles import speeches
from pipeline.store.artifacts import write_artifact
from pipeline.store.library import Library
from tests.stages.compose_cases import composed
from tests.stages.test_roles import HEADQUARTERS, talk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    turns = talk(
        ("a", "ただいまより開会いたします。ご意見はございますか。"),
        ("b", "窓口のあり方を考えていきたいと思います。"),
        ("a", "ほかにございますか。"),
        ("b", "端末も足りないと感じております。"),
        ("a", "まだございますか。"),
        ("b", "研修も増やしていきたいと思います。"),
        ("a", "以上で閉会いたします。"),
    )
    minutes = composed(turns, assign_roles(turns, HEADQUARTERS, RoleSettings()), HEADQUARTERS)
    recording = tmp_path / "a.wav"
    recording.write_bytes(b"sound")
    library = Library.open(tmp_path / "library", create=True)
    row = library.add(Meeting(), [(recording, "a.wav")])
    workspace = library.workspace(row.id)
    workspace.work_dir.mkdir(parents=True, exist_ok=True)
    write_artifact(workspace.artifact("compose"), "1" * 64, minutes)
    return Desk(library, row.id)


def roles(desk: Desk) -> list[str]:
    return [speech.role for speech in speeches(desk.minutes()) if speech.speaker == "S02"]


def of_voice(desk: Desk) -> list[str]:
    return [speech.id for speech in speeches(desk.minutes()) if speech.speaker == "S02"]


def test_nothing_set_nothing_follows(desk: Desk) -> None:
    assert recast(desk) is None


def test_the_rest_of_the_voice_follows_and_can_be_taken_back(desk: Desk) -> None:
    first, *others = of_voice(desk)
    desk.submit(Submission(key="k1", operations=(Cast(ids=(first,), role="事務局"),)), "suzuki")
    edit = recast(desk)
    assert edit is not None and edit.author == AUTHOR
    assert roles(desk) == ["事務局", "事務局", "事務局"]
    inferred = [speech for speech in speeches(desk.minutes()) if speech.id in others]
    assert all(speech.confidence < 1.0 for speech in inferred), "nobody said so: a best guess stays one"
    assert facts_of(desk.fold.edits) == {first: "事務局"}
    assert recast(desk) is None
    desk.submit(Submission(key="k2", operations=(Undo(of=(edit.number,)),)), "suzuki")
    assert roles(desk) == ["事務局", "部員", "部員"]


def test_what_followed_from_a_fact_goes_with_it(desk: Desk) -> None:
    first = of_voice(desk)[0]
    desk.submit(Submission(key="k1", operations=(Cast(ids=(first,), role="事務局"),)), "suzuki")
    recast(desk)
    desk.submit(Submission(key="k2", operations=(Undo(of=(1,)),)), "suzuki")
    recast(desk)
    assert roles(desk) == ["部員", "部員", "部員"]


def test_what_people_set_or_confirmed_stays(desk: Desk) -> None:
    first, second, third = of_voice(desk)
    set_by_hand = Cast(ids=(first,), role="事務局"), Cast(ids=(second,), role="部員"), Confirm(ids=(third,))
    desk.submit(Submission(key="k1", operations=set_by_hand), "suzuki")
    recast(desk)
    assert roles(desk) == ["事務局", "部員", "部員"]


def test_a_fact_taken_back_is_none(desk: Desk) -> None:
    first = of_voice(desk)[0]
    desk.submit(Submission(key="k1", operations=(Cast(ids=(first,), role="事務局"),)), "suzuki")
    desk.submit(Submission(key="k2", operations=(Undo(of=(1,)),)), "suzuki")
    assert facts_of(desk.fold.edits) == {} and recast(desk) is None
    assert roles(desk) == ["部員", "部員", "部員"]
    desk.submit(Submission(key="k3", operations=(Undo(of=(2,)),)), "suzuki")
    assert facts_of(desk.fold.edits) == {first: "事務局"}
