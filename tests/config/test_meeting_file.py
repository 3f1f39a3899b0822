"""meeting.toml: what is accepted, and what each mistake is told."""

import datetime
from pathlib import Path

import pytest

from pipeline.config.meeting_file import EXAMPLE, load_meeting, parse_meeting, speaker_range
from pipeline.errors import MeetingFileError

ROSTER = '[[roster]]\nrole = "議長"\nchairs = true\n[[roster]]\nrole = "議員"\n'


def parse(text: str):
    return parse_meeting(text, Path("meeting.toml"))


def test_the_example_is_valid_and_complete():
    meeting = parse(EXAMPLE)
    assert meeting.date == datetime.date(2026, 7, 14)
    assert meeting.opens == datetime.time(13, 30)
    assert [role.role for role in meeting.roster if role.chairs] == ["会長"]
    assert meeting.roster[1].members[2].deputy_for == "福祉部長"
    assert meeting.terms == (("○○プラン", "マルマルプラン"),)


def test_form_and_style_are_chosen_per_meeting():
    chosen = parse('template = "youten"\nstyle = "整文"')
    assert (chosen.template, chosen.style) == ("youten", "整文")
    assert (parse("").template, parse("").style) == (None, None)


def test_nothing_known_is_a_meeting_too():
    assert parse("").name is None


def test_agenda_numbers_count_within_their_kind():
    items = "".join(f'[[agenda]]\nkind = "{kind}"\ntitle = "t"\n' for kind in ("議案", "報告", "議案"))
    assert [item.label for item in parse(items).agenda] == ["議案(1)", "報告(1)", "議案(2)"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('nmae = "x"', "unknown key nmae (did you mean name?)"),
        ("date = 2026-02-30", "'date'"),
        ('date = "2026-02-30"', "date:"),
        ('opens = "13:00"\ncloses = "12:00"', "closes (12:00) must be later than opens (13:00)"),
        ('[[roster]]\nrole = "委員"', "exactly one role must have chairs = true; none does"),
        (ROSTER + '[[roster]]\nrole = "副議長"\nchairs = true', "議長、副議長 do"),
        (ROSTER + '[[roster]]\nrole = "議員"', "role 議員 is given more than once"),
        ('[openness.meeting]\nstate = "ひみつ"', "'公開', '非公開' or '一部非公開'"),
        ('[openness.meeting]\nstate = "非公開"', "非公開 needs a reason"),
        ('[openness.minutes]\nstate = "公開"\nreason = "x"', "a reason is given only for"),
        ('[[agenda]]\nkind = "報告"\nnumber = 0\ntitle = "x"', "agenda[1].number"),
        ('[[roster]]\nrole = "長"\nchairs = true\nmembers = [{ofice = "x"}]', "did you mean office?"),
        ("speakers = 0", "allowed: 7 or 5-8"),
        ('style = "要約"', "style: input should be '全文', '整文' or '要点'"),
        ("name = [", "at end of document"),
    ],
)
def test_each_mistake_names_its_key(text: str, says: str):
    with pytest.raises(MeetingFileError) as caught:
        parse(text)
    assert says in caught.value.cause
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path):
    with pytest.raises(MeetingFileError, match="no such file"):
        load_meeting(tmp_path / "none.toml")
    (tmp_path / "sjis.toml").write_bytes('name = "会議"'.encode("cp932"))
    with pytest.raises(MeetingFileError, match="not UTF-8"):
        load_meeting(tmp_path / "sjis.toml")
    with pytest.raises(MeetingFileError, match="cannot be read"):
        load_meeting(tmp_path)


def test_speaker_range():
    assert speaker_range("7") == (7, 7)
    assert speaker_range("5-8") == (5, 8)
    with pytest.raises(ValueError, match="5-8"):
        speaker_range("8-5")


def test_full_width_signs_are_understood():
    roster = '[[roster]]\nrole = "部員"\nchairs = true\nmembers = ["福祉課長\uff08福祉部長代理\uff09"]'
    meeting = parse('handouts = ["資料\uff081\uff09 計画案"]\nspeakers = "5\uff5e8"\n' + roster)
    assert meeting.handouts == ("計画案",)
    assert meeting.speakers_expected == (5, 8)
    assert meeting.roster[0].members[0].deputy_for == "福祉部長"
