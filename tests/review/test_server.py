"""Starting the application: quickly, without any model library, and never open to others without accounts."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.review.server import _address, check_exposure
from pipeline.review.settings import ReviewSettings
from pipeline.store.library import Library
from pipeline.store.people import People
from pipeline.store.tables.people import Rank

_MODELS = ("torch", "ctranslate2", "faster_whisper", "pyannote", "onnxruntime", "ray", "scipy", "sudachipy")


def test_no_model_library_is_imported(tmp_path: Path):
    code = f"""
import sys, pathlib
from pipeline.review.app import create_app
from pipeline.review.settings import ReviewSettings
from pipeline.store.library import Library
create_app(Library.open(pathlib.Path(sys.argv[1]), create=True), ReviewSettings())
print([name for name in {_MODELS!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_other_computers_need_accounts_and_https(tmp_path: Path):
    library = Library.open(tmp_path, create=True)
    check_exposure(library, ReviewSettings())
    with pytest.raises(UsageError, match="--behind-proxy: other computers"):
        check_exposure(library, ReviewSettings(behind_proxy=True))
    with pytest.raises(UsageError, match="without logging in"):
        check_exposure(library, ReviewSettings(host="0.0.0.0"))
    People(library).put("admin", shown="管理", rank=Rank.ADMINISTRATOR, password="x")
    with pytest.raises(UsageError, match="unencrypted"):
        check_exposure(library, ReviewSettings(host="0.0.0.0"))
    check_exposure(library, ReviewSettings(host="0.0.0.0", behind_proxy=True))


def test_the_command_says_why_it_does_not_start(tmp_path: Path):
    command = [sys.executable, "-c", "from pipeline.cli.main import main; main()", "review", str(tmp_path)]
    done = subprocess.run([*command, "--host", "0.0.0.0", "--no-browser"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "without logging in" in done.stderr and "kaigiroku accounts add" in done.stderr


def test_the_address_that_is_told_can_be_typed():
    assert _address(ReviewSettings(host="::1"), 80) == "http://[::1]:80/"
    told = _address(ReviewSettings(host="0.0.0.0", certificate=Path("c")), 443)
    assert told == f"https://{socket.gethostname()}:443/"
