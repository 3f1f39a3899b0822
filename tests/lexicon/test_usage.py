"""What a term did is counted, so that one that never helps or does harm can be seen."""

from pathlib import Path

from pipeline.lexicon.usage import (
    Usage,
    put_in_by_lexicon,
    record_taken_back,
    record_usage,
    usage_of,
    usage_path,
    verdict,
)
from pipeline.records.words import Layer, Word


def test_counts_add_up_over_runs(tmp_path: Path) -> None:
    dictionary = tmp_path / "dictionary.toml"
    record_usage(dictionary, ["庁議", "所管"], {"庁議": 2})
    record_usage(dictionary, ["庁議", "所管"], {"庁議": 1})
    assert usage_of(dictionary)["庁議"] == Usage(written="庁議", meetings=2, put_in=3)
    assert usage_of(dictionary)["所管"].put_in == 0


def test_what_was_taken_back_is_counted_once_for_each_meeting(tmp_path: Path) -> None:
    dictionary = tmp_path / "dictionary.toml"
    record_usage(dictionary, ["庁議"], {"庁議": 3})
    for meeting, counts in (("一回", {"庁議": 1}), ("二回", {"庁議": 1}), ("二回", {"庁議": 2}), ("一回", {})):
        record_taken_back(dictionary, meeting, counts)
    assert usage_of(dictionary)["庁議"].taken_back == 2
    assert "harm" in verdict(usage_of(dictionary)["庁議"])


def test_a_damaged_line_costs_only_itself(tmp_path: Path) -> None:
    dictionary = tmp_path / "dictionary.toml"
    record_usage(dictionary, ["庁議"], {})
    path = usage_path(dictionary)
    path.write_text("{half\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert list(usage_of(dictionary)) == ["庁議"]


def test_a_run_counts_once() -> None:
    reason = "庁内辞書「庁議」(チョウギ)に音が近い"
    layers = [
        Layer(by="lexicon", before=b, after=a, reason=reason, run="lexicon-1") for b, a in (("長", "庁議"), ("木", ""))
    ]
    words = [Word(start_ms=0, end_ms=1, raw=layer.before, probability=0.5, layers=(layer,)) for layer in layers]
    assert put_in_by_lexicon(words, ["庁議", "所管"]) == {"庁議": 1}


def test_verdicts() -> None:
    assert "harm" in verdict(Usage(written="x", meetings=3, put_in=2, taken_back_in={"a": 1}))
    assert "never" in verdict(Usage(written="x", meetings=5))
    assert verdict(None) == "not used yet"
    assert "harm" not in verdict(Usage(written="x", meetings=3, put_in=5, taken_back_in={"a": 1}))
