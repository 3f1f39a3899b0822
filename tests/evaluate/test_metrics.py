"""Metrics on small cases whose answer can be counted by hand."""

import pytest
from made import transcription, turn

from pipeline.evaluate.alignment.align import align
from pipeline.evaluate.alignment.alignment import Alignment
from pipeline.evaluate.alignment.words import words_of
from pipeline.evaluate.comparison import fair
from pipeline.evaluate.metrics.confusions import confusions
from pipeline.evaluate.metrics.critical import CriticalErrors, critical_errors
from pipeline.evaluate.metrics.diarization import diarization_errors
from pipeline.evaluate.metrics.dimensions import dimensions_of
from pipeline.evaluate.metrics.effort import edit_effort
from pipeline.evaluate.metrics.passages import long_runs, worst_passages
from pipeline.evaluate.metrics.rates import group_rates
from pipeline.evaluate.metrics.roles import role_accuracy
from pipeline.evaluate.metrics.speakers import available, speaker_rates
from pipeline.evaluate.profiles.registry import profile
from pipeline.evaluate.transcription import Transcription, Utterance
from pipeline.records.speakers import SpeakerSegment


def aligned(reference: Transcription, hypothesis: Transcription) -> Alignment:
    return align(reference, hypothesis, profile("standard"))


def critical(told: str, heard: str, *terms: str) -> CriticalErrors:
    found = aligned(transcription(turn("会長", told, 0, 10)), transcription(turn("会長", heard, 0, 10)))
    return critical_errors(found, words_of(found.reference), words_of(found.hypothesis), terms)


@pytest.mark.parametrize(
    ("told", "heard", "kind", "wrong"),
    [
        ("費用は12万円です", "費用は20万円です", "money", True),
        ("費用は十二万円です", "費用は12万円です", "money", False),
        ("出席は3件です", "出席は三件です", "number", False),
        ("出席は3件です", "出席は三県です", "number", False),
        ("出席は3件です", "出席は33件です", "number", True),
        ("出席は3件です", "出席は券です", "number", True),
        ("令和8年7月14日に開く", "令和8年7月4日に開く", "date", True),
        ("令和8年7月14日に開く", "平成8年7月14日に開く", "date", True),
        ("午後3時に開く", "午前3時に開く", "date", True),
        ("それには賛成しません", "それには賛成します", "negation", True),
        ("問題はないと思います", "問題はないと思います", "negation", False),
        ("横浜市が行います", "横山市が行います", "name", True),
        ("LAN端末を使う", "ラン松を使う", "term", True),
    ],
)
def test_critical_errors(told: str, heard: str, kind: str, wrong: bool) -> None:
    found = critical(told, heard, "LAN端末")
    counted = {entry.kind: entry.wrong for entry in found.kinds}
    assert counted[kind] == wrong
    assert [error.kind for error in found.errors] == [kind] * wrong


def test_a_critical_error_says_where_and_in_what_context() -> None:
    (error,) = critical("本日の費用は12万円です", "本日の費用は20万円です").errors
    assert (error.told, error.heard) == ("120000円", "200000円")
    assert "費用は12万円です" in error.context
    assert error.start_ms is not None and 4000 < error.start_ms < 7000


def test_what_was_invented_is_critical_too() -> None:
    (error,) = critical("賛成します。以上です", "賛成します。12万円、以上です").errors
    assert (error.kind, error.told, error.heard) == ("money", "", "120000円")


def test_role_accuracy_by_characters_and_turns() -> None:
    told = transcription(turn("会長", "あいうえお"), turn("委員", "かきくけこ"), turn("事務局", "さしすせそ"))
    heard = transcription(
        turn("会 長※", "あいうえお"), turn("会長", "かきく"), turn("委員", "けこ"), turn("事務局", "さし")
    )
    found = role_accuracy(aligned(told, heard))
    assert found is not None
    assert (found.characters, found.characters_right) == (12, 9)
    assert (found.turns, found.turns_right) == (3, 2)
    assert [(c.reference, c.hypothesis, c.characters) for c in found.confusions] == [("委員", "会長", 3)]


def test_voices_are_no_roles() -> None:
    told = transcription(turn("会長", "あいうえお"))
    assert role_accuracy(aligned(told, transcription(turn("話者1", "あいうえお")))) is None


def test_groups_add_up_to_the_whole() -> None:
    told = transcription(
        turn("会長", "会議を始めます", 0, 60, item="報告(1)"), turn("委員", "質問です", 130, 140, item="議案(1)")
    )
    found = aligned(told, transcription(turn("会長", "会議を始めす"), turn("委員", "失問です")))
    parts = found.by_utterance()
    groups = group_rates(parts, dimensions_of(found, {"level": ["大きい", "小さい"]}), "standard-1")
    assert {(g.dimension, g.name) for g in groups} == {
        ("role", "会長"), ("role", "委員"), ("item", "報告(1)"), ("item", "議案(1)"),
        ("position", "0〜1分"), ("position", "2〜3分"), ("level", "大きい"), ("level", "小さい"),
    }  # fmt: skip
    for dimension in ("role", "item", "position", "level"):
        members = [g.rate.counts for g in groups if g.dimension == dimension]
        assert sum(m.errors for m in members) == found.counts().errors == 2
        assert sum(m.reference for m in members) == found.counts().reference


def test_passages_show_both_sides_as_written() -> None:
    told = transcription(turn("会長", "本日は、庁内の会議です。"), turn("委員", "はい。"))
    found = aligned(told, transcription(turn("会長", "本日は長内の、会議です"), turn("委員", "はい。")))
    (passage,) = worst_passages(found)
    assert "".join(s.text for s in passage.told) == "本日は、庁内の会議です。"
    assert [(s.text, s.look) for s in passage.told if s.look != "same"] == [("庁", "changed")]
    assert [(s.text, s.look) for s in passage.heard if s.look != "same"] == [("長", "changed")]
    assert (passage.errors, passage.characters) == (1, 10)


def test_long_turns_are_shown_in_parts() -> None:
    told = "これは長い発言の一部です。" * 40
    heard = told.replace("長い", "永い")
    found = aligned(transcription(turn("会長", told)), transcription(turn("会長", heard)))
    passages = worst_passages(found, most=100)
    assert sum(p.errors for p in passages) == 40
    assert all(p.characters <= 160 for p in passages)
    assert "".join(s.text for p in passages for s in p.told) == told
    assert "".join(s.text for p in passages for s in p.heard) == heard


def test_lost_and_invented_stretches() -> None:
    middle = "質問は特にございませんので、このまま議事を進めさせていただきたいと存じます。よろしいでしょうか。"
    told = transcription(turn("会長", f"始めます。資料一について詳しくご説明いたします。{middle}", 0, 20))
    heard = transcription(turn("会長", f"始めます。{middle}ご視聴ありがとうございました。"))
    runs = long_runs(aligned(told, heard))
    assert [(run.kind, run.text.strip("。")) for run in runs] == [
        ("lost", "資料一について詳しくご説明いたします"),
        ("invented", "ご視聴ありがとうございました"),
    ]
    assert runs[0].start_ms is not None and runs[0].start_ms > 1000


def test_confusions_are_words() -> None:
    told = transcription(*(turn("会長", "庁内の端末です") for _ in range(3)), turn("会長", "はい"))
    heard = transcription(*(turn("会長", "長内の端末です") for _ in range(3)), turn("会長", "はい"))
    found = aligned(told, heard)
    first, *others = confusions(found, words_of(found.reference), words_of(found.hypothesis))
    assert (first.told, first.heard, first.count) == ("庁内", "長内", 3) and not others


def test_explanations_are_compared_only_where_both_have_them() -> None:
    whole = transcription(turn("会長", "始めます"), turn("事務局", "資料の説明です", printed=False))
    minutes = transcription(turn("会長", "始めます"), complete=False)
    for hypothesis, reference in ((whole, minutes), (minutes, whole)):
        compared = fair(hypothesis, reference)
        assert aligned(compared.reference, compared.hypothesis).counts().errors == 0
        assert "除きました" in compared.notes[0]
    assert fair(whole, whole).notes == ()


def segments(*spans: tuple[str, float, float]) -> tuple[SpeakerSegment, ...]:
    return tuple(SpeakerSegment(speaker=n, start_ms=round(s * 1000), end_ms=round(e * 1000)) for n, s, e in spans)


def test_diarization_errors() -> None:
    found = diarization_errors(segments(("A", 0, 10), ("B", 10, 20)), segments(("x", 0, 12), ("y", 12, 18)))
    assert found is not None
    assert (found.speech_s, found.missed_s, found.false_alarm_s, found.confusion_s) == (20, 2, 0, 2)
    assert found.der == pytest.approx(0.2)
    assert found.jer == pytest.approx((1 - 10 / 12 + 1 - 6 / 10) / 2)
    assert diarization_errors((), segments(("x", 0, 1))) is None


@pytest.mark.skipif(not available(), reason="meeteval is not installed (needs a C++ compiler)")
def test_speaker_rates_of_the_manual() -> None:
    """Swapped speakers cost cp nothing; words under the wrong speaker cost twice; ORC forgives both."""
    told = transcription(
        Utterance(text="あいうえ", speaker="A", start_ms=0, end_ms=1000),
        Utterance(text="かき", speaker="B", start_ms=1000, end_ms=2000),
    )
    swapped = transcription(
        Utterance(text="あいうえ", speaker="2", start_ms=0, end_ms=1000),
        Utterance(text="かき", speaker="1", start_ms=1000, end_ms=2000),
    )
    merged = transcription(Utterance(text="あいうえかき", speaker="1", start_ms=0, end_ms=2000))

    def errors(heard: Transcription) -> dict[str, int]:
        found = aligned(told, heard)
        return {rate.name: rate.errors for rate in speaker_rates(found.reference, found.hypothesis)}

    assert errors(swapped) == {"cp": 0, "tcp": 0, "orc": 0}
    assert errors(merged) == {"cp": 4, "tcp": 4, "orc": 0}
    assert errors(transcription(Utterance(text="あいうえかき"))) == {}


@pytest.mark.skipif(not available(), reason="meeteval is not installed (needs a C++ compiler)")
@pytest.mark.parametrize(
    ("told", "heard", "errors", "length"),
    [
        (("abc", "def"), ("abc", "def"), 0, 6),
        (("ab", "cd"), ("ab", "cd", "ef"), 2, 4),
        (("a", "b", "cd"), ("a", "b"), 2, 4),
        (("a", "b", "c"), ("b", "c", "d", "a"), 1, 3),
        (("ab",), ("z", "aef"), 3, 2),
    ],
)
def test_cp_on_the_cases_of_meetevals_manual(
    told: tuple[str, ...], heard: tuple[str, ...], errors: int, length: int
) -> None:
    def voices(texts: tuple[str, ...]) -> Transcription:
        return transcription(*(Utterance(text=text, speaker=str(n)) for n, text in enumerate(texts)))

    found = aligned(voices(told), voices(heard))
    (cp, *_) = speaker_rates(found.reference, found.hypothesis)
    assert (cp.name, cp.errors, cp.reference) == ("cp", errors, length)


def test_edit_effort() -> None:
    draft = transcription(
        turn("会長", "会議を初めます。よろしく。", 0, 10),
        turn("委員", "質問です。", 10, 14),
        turn("委員", "ご視聴ありがとう。", 14, 16),
        turn("会長", "以上です。", 16, 20),
        duration_ms=20_000,
    )
    corrected = transcription(
        turn("会長", "会議を始めます。よろしく。"),
        turn("部員", "質問です。"),
        turn("会長", "以上"),
        turn("会長", "です。"),
    )
    found = edit_effort(draft, corrected, clerk_ms=30_000)
    assert (found.characters.substitutions, found.characters.deletions, found.characters.insertions) == (1, 0, 9)
    assert (found.turns, found.text_changed, found.role_changed) == (4, 2, 1)
    assert (found.turns_removed, found.turns_added, found.turns_divided_or_joined) == (1, 0, 2)
    assert found.turns_changed == 4
    assert [(c.before, c.after, c.turns, c.everywhere) for c in found.role_changes] == [("委員", "部員", 1, False)]
    assert found.audio_to_change_ms is not None and 6000 <= found.audio_to_change_ms <= 9000
    assert found.clerk_minutes_per_hour == 90


def test_a_role_renamed_throughout_is_told_as_one() -> None:
    draft = transcription(*(turn("委員", f"{number}番の質問です。") for number in "三四五"))
    corrected = transcription(*(turn("部員", f"{number}番の質問です。") for number in "三四五"))
    (change,) = edit_effort(draft, corrected).role_changes
    assert (change.before, change.after, change.turns, change.everywhere) == ("委員", "部員", 3, True)


def test_nothing_changed() -> None:
    draft = transcription(turn("会長", "会議を始めます。"))
    found = edit_effort(draft, draft)
    assert (found.changed_share, found.turns_changed, found.audio_to_change_ms) == (0.0, 0, None)
