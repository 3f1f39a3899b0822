"""A PostgreSQL server for tests: the one $KAIGIROKU_TEST_POSTGRES names (a URL that may make databases), or one of our
own out of Debian's packages, which listens on a socket in a folder and nowhere else."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

VARIABLE = "KAIGIROKU_TEST_POSTGRES"
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
needed = pytest.mark.skipif(
    not os.environ.get(VARIABLE) and not _PROGRAMS, reason=f"needs PostgreSQL: {VARIABLE}=URL, or Debian's postgresql"
)


class Server:
    def __init__(self, url: sa.URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"kaigiroku_test_{secrets.token_hex(6)}"
        engine = sa.create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
        return self._url.set(database=name, drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def server() -> Iterator[Server]:
    named = os.environ.get(VARIABLE)
    if named:
        yield Server(sa.make_url(named))
        return
    folder = Path("/tmp") / f"kaigiroku-pg-{secrets.token_hex(4)}"  # a socket's path must be short
    user = "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None  # it does not run as root
    folder.mkdir(mode=0o700)
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [_PROGRAMS[-1] / program, "--pgdata", folder / "data", *arguments]
        done = subprocess.run(command, user=user, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        run("initdb", "--username", "postgres", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "--options", options)
        try:
            yield Server(sa.make_url(f"postgresql://postgres@/postgres?host={folder}"))
        finally:
            run("pg_ctl", "stop", "--mode", "immediate")
    finally:
        shutil.rmtree(folder)
