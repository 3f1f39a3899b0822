"""What tests of every room share: the real weights, a blocked network, and programs that may be missing."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.config.paths import models_folder
from pipeline.errors import ModelMissingError
from pipeline.store.library import Library
from pipeline.weights.locate import locate
from pipeline.weights.manifest import load_manifest
from tests import postgresql

_OFFLINE = Path(__file__).parent / "offline"
_PROGRAMS = {"office": ("soffice",), "browser": ("chromium", "chromium-browser", "google-chrome")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, saying why, what needs a program this machine lacks."""
    for item in items:
        for marker, commands in _PROGRAMS.items():
            if item.get_closest_marker(marker) and not any(map(shutil.which, commands)):
                item.add_marker(pytest.mark.skip(reason=f"needs {commands[0]}, which is not installed (.ci/office)"))


@pytest.fixture(scope="session", autouse=True)
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever runs the tests may have a dictionary: it decides drafts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session")
def weights() -> Path:
    """The folder with the real weights, each checked. `make test` demands them; elsewhere their absence is a skip."""
    try:
        for model in load_manifest().bundled:
            locate(model.name)
    except ModelMissingError as error:
        if os.environ.get("KAIGIROKU_REQUIRE_WEIGHTS") == "1":
            raise
        pytest.skip(f"{error.cause} {error.remedy}")
    return models_folder()


@pytest.fixture(autouse=True)
def _weights_when_marked(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("weights"):
        request.getfixturevalue("weights")


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.Server]:
    with postgresql.server() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=postgresql.needed)])
def new_library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    """An empty library at tmp_path/library; its database on a server too, where there is one."""
    folder = tmp_path / "library"
    folder.mkdir()
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
        (folder / "library.toml").write_text(f'database = "{url}"', encoding="utf-8")
    library = Library.open(folder, create=True)
    yield library
    library.close()


@dataclass(frozen=True)
class Offline:
    """A blocked network: in this process, and for programs run with env (and, where the kernel allows it, prefix)."""

    env: dict[str, str]
    """Environment for a Python subprocess in which every socket but AF_UNIX raises."""
    prefix: tuple[str, ...]
    """Command that runs another without any network interface, libraries in C included; empty where impossible."""
    log: Path

    def attempts(self) -> list[str]:
        """Every use of the network that was tried, here or in subprocesses."""
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []


@pytest.fixture
def no_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offline]:
    """Networking is blocked; the test fails at its end if anything tried, even where the failure was swallowed."""
    with _blocked(tmp_path_factory.mktemp("network") / "attempts.txt") as offline:
        yield offline


@pytest.fixture(scope="module")
def no_network_in_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offline]:
    """The same for a whole module of tests that look at one run."""
    with _blocked(tmp_path_factory.mktemp("network") / "attempts.txt") as offline:
        yield offline


@contextmanager
def _blocked(log: Path) -> Iterator[Offline]:
    guard = _guard()
    path = os.pathsep.join(filter(None, [str(_OFFLINE), os.environ.get("PYTHONPATH")]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(guard.LOG_VARIABLE, str(log))
        offline = Offline(env=os.environ | {"PYTHONPATH": path}, prefix=_without_interfaces(), log=log)
        guard.block()
        try:
            yield offline
        finally:
            guard.unblock()
    assert offline.attempts() == []


def _guard() -> ModuleType:
    spec = importlib.util.spec_from_file_location("network_guard", _OFFLINE / "sitecustomize.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules.get(spec.name)
    if module is None:
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def _without_interfaces() -> tuple[str, ...]:
    prefix = ("unshare", "--net") if hasattr(os, "geteuid") and os.geteuid() == 0 else ("unshare", "--net", "-r")
    if shutil.which(prefix[0]) is None:
        return ()
    return prefix if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0 else ()
