"""Layers on and off: what helps is told from what does nothing and what harms."""

import json
from pathlib import Path

import pytest
from made import spoken, transcription, turn

from pipeline.cli.main import app
from pipeline.errors import UsageError
from pipeline.evaluate.ablation import ALL, NONE, Ablation, Variants, ablate
from pipeline.render.minutes_json import minutes_json
from pipeline.run.ablate import LAYERS, SWITCHES, ablate_corpus
from pipeline.stages.correct import CorrectSettings

TOLD = [f"次に、{n}番の資料について、詳しくご説明いたします。" for n in "一二三四五六七八九"] * 5


def variants(**texts: str) -> Variants:
    """Each layer's text is what everything but the layer makes of the words: a replacement in what was said."""
    told = transcription(*(turn("会長", text) for text in TOLD))

    def heard(change: str) -> list[str]:
        before, _, after = change.partition(">")
        return [text.replace(before, after) if before else text for text in TOLD]

    found = {name: transcription(*(turn("会長", text) for text in heard(change))) for name, change in texts.items()}
    return Variants(told, {name.replace("_", " "): one for name, one in found.items()})


def test_a_layer_helps_harms_or_does_nothing() -> None:
    one = variants(
        all_layers="資料>史料", no_layer="資料について>史料", good="資料につ>史料に", bad="", idle="資料>史料"
    )
    assert set(one.texts) == {ALL, NONE, "good", "bad", "idle"}
    found = ablate([one], ["good", "bad", "idle"])
    verdicts = {(effect.layer, effect.test.profile): effect.verdict for effect in found.effects}
    for profile in ("standard-1", "strict-1"):
        assert [verdicts[layer, profile] for layer in ("good", "bad", "idle")] == [
            "helps",
            "harms",
            "no difference shown",
        ]
    assert all(
        having.percent > without.percent for having, without in zip(found.all_layers, found.no_layer, strict=True)
    )  # type: ignore[operator]


def test_punctuation_shows_only_where_signs_are_counted() -> None:
    found = ablate([variants(all_layers="", no_layer="、>", punctuation="、>")], ["punctuation"])
    assert [(e.test.profile, e.verdict) for e in found.effects] == [
        ("standard-1", "no difference shown"),
        ("strict-1", "helps"),
    ]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    place = tmp_path / "corpus" / "one"
    (place / "draft").mkdir(parents=True)
    heard = [f"えー、{text}" for text in TOLD[:9]]
    (place / "draft" / "minutes.json").write_text(minutes_json(spoken(*heard)), encoding="utf-8")
    segments = [{"speaker": "A", "words": text} for text in TOLD[:9]]
    (place / "reference.json").write_text(json.dumps(segments), encoding="utf-8")
    return place.parent


def test_the_real_layers_over_a_corpus(corpus: Path, tmp_path: Path) -> None:
    found = ablate_corpus(corpus, tmp_path / "none.toml")
    assert {effect.layer for effect in found.effects} == set(LAYERS)
    verdicts = {(effect.layer, effect.test.profile): effect.verdict for effect in found.effects}
    assert verdicts["fillers", "strict-1"] == "helps"
    assert verdicts["dictionary", "standard-1"] == "no difference shown"


def test_every_layer_that_is_on_is_looked_at() -> None:
    assert set(SWITCHES) == {name for name, on in CorrectSettings().model_dump().items() if on}


def test_on_the_command_line(corpus: Path, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    dictionary = ["--dictionary", str(tmp_path / "none.toml")]
    shown = CliRunner().invoke(app, ["evaluate", "ablate", str(corpus), *dictionary])
    assert shown.exit_code == 0, shown.output
    assert "fillers" in shown.output and "helps" in shown.output
    as_json = CliRunner().invoke(app, ["evaluate", "ablate", str(corpus), *dictionary, "--json"])
    assert Ablation.model_validate_json(as_json.stdout).meetings == 1


def test_without_a_draft_there_is_nothing_to_ablate(corpus: Path, tmp_path: Path) -> None:
    (corpus / "one" / "draft" / "minutes.json").rename(corpus / "one" / "A.txt")
    (corpus / "one" / "A.txt").write_text("会長\uff1aはい。", encoding="utf-8")
    with pytest.raises(UsageError, match="no draft of kaigiroku"):
        ablate_corpus(corpus, tmp_path / "none.toml")
