"""The blocked network itself: a guard that lets something through would make every offline test worthless."""

import asyncio
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

_KNOCK = "import socket; socket.create_connection(('127.0.0.1', 9), timeout=1)"
_SWALLOW = f"try:\n {_KNOCK}\nexcept OSError: print('swallowed')"


def test_sockets_and_lookups_raise_here(no_network):
    with pytest.raises(OSError, match="network use"):
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with pytest.raises(OSError, match="network use"):
        socket.getaddrinfo("example.org", 80)
    assert len(no_network.attempts()) == 2
    no_network.log.unlink()  # these two were ours


def test_an_event_loop_still_runs(no_network):
    with ThreadPoolExecutor(1) as elsewhere:  # the browser of other tests keeps a loop running in this thread
        assert elsewhere.submit(lambda: asyncio.run(asyncio.sleep(0, "done"))).result() == "done"


def test_a_subprocess_is_blocked_and_a_swallowed_attempt_is_noted(no_network):
    done = subprocess.run([sys.executable, "-c", _SWALLOW], env=no_network.env, capture_output=True, text=True)
    assert done.stdout.strip() == "swallowed"
    assert "lookup of '127.0.0.1'" in no_network.attempts()[0]
    no_network.log.unlink()


def test_the_prefix_leaves_no_interface(no_network):
    if not no_network.prefix:
        pytest.skip("this kernel lets no process give up its network")
    listing = "import socket; print([name for _, name in socket.if_nameindex()])"
    done = subprocess.run([*no_network.prefix, sys.executable, "-c", listing], capture_output=True, text=True)
    assert done.stdout.strip() in ("['lo']", "[]")


def test_afterwards_sockets_work_again():
    with socket.socket() as plain:
        assert plain.fileno() >= 0
    assert os.environ.get("KAIGIROKU_TEST_NETWORK_LOG") is None
