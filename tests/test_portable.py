"""Offices run Windows too: nothing of POSIX alone is used outside a place that asks where it is, no encoding is left to
the machine, and what a console cannot write is no reason to stop."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = frozenset(
    ["crypt", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"]
)
CALLS = {
    "os": {"fork", "forkpty", "getuid", "geteuid", "getgid", "getpgid", "killpg", "setsid", "statvfs", "mkfifo", "nice",
           "sched_getaffinity", "uname", "wait", "WIFSIGNALED", "fchmod", "chown", "getloadavg"},
    "signal": {"SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGALRM", "alarm", "pause", "setitimer"},
}  # fmt: skip
ASKS = ("os.name", "sys.platform", "hasattr", "WINDOWS")
TEXT = {"read_text", "write_text"}


def found(tree: ast.AST, asked: bool = False) -> Iterator[tuple[int, str]]:
    """Line and name of what is used without having asked. After `if WINDOWS: return …` the rest of a block has."""
    for field in ast.iter_child_nodes(tree):
        yield from found(field, asked or _asks(field))
        asked = asked or (isinstance(tree, ast.FunctionDef) and _asks(field))
    if asked:
        return
    if isinstance(tree, ast.Import | ast.ImportFrom):
        names = [tree.module or ""] if isinstance(tree, ast.ImportFrom) else [alias.name for alias in tree.names]
        yield from ((tree.lineno, name) for name in names if name.split(".")[0] in MODULES)
    match tree:
        case ast.Attribute(value=ast.Name(id=module), attr=name) if name in CALLS.get(module, ()):
            yield tree.lineno, f"{module}.{name}"
        case ast.Call(func=ast.Attribute(attr=name), keywords=words) if name in TEXT and not _named(words):
            yield tree.lineno, f"{name} without encoding"


def _named(keywords: list[ast.keyword]) -> bool:
    return any(keyword.arg == "encoding" for keyword in keywords)


def _asks(node: ast.AST) -> bool:
    return isinstance(node, ast.If | ast.IfExp) and any(word in ast.unparse(node.test) for word in ASKS)


def test_nothing_of_posix_alone_is_used_unasked():
    used = [
        f"{file.relative_to(ROOT)}:{line}: {name}"
        for file in sorted((ROOT / "pipeline").rglob("*.py"))
        for line, name in found(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert used == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import fcntl", ["fcntl"]),
        ("import os\nos.fork()", ["os.fork"]),
        ("import os\nx = os.getuid() if os.name == 'posix' else 0", []),
        ("import os\ndef f():\n    if WINDOWS:\n        return 1\n    return os.geteuid()", []),
        ("def f():\n    os.geteuid()\n    if WINDOWS:\n        return 1", ["os.geteuid"]),
        ("path.read_text()", ["read_text without encoding"]),
    ],
)
def test_the_scan_finds_what_it_looks_for(code: str, names: list[str]):
    assert [name for _, name in found(ast.parse(code))] == names


def test_a_name_that_the_console_lacks_is_written_somehow(tmp_path: Path):
    """A pipe on a Japanese Windows: cp932 has no 𠮷."""
    command = [
        sys.executable,
        "-c",
        "from pipeline.cli.main import main; main()",
        "batch",
        tmp_path / "𠮷田",
        "--library",
    ]
    env = os.environ | {"PYTHONIOENCODING": "cp932:strict", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*map(str, command), tmp_path / "library"], env=env, capture_output=True, check=False)
    told = done.stderr.decode("cp932")
    assert done.returncode == 2 and "neither a folder nor a CSV list" in told and "Traceback" not in told
    script = "import sys; sys.argv[1:] = ['doctor', '--help']; from pipeline.cli.main import app, main\n"
    script += "@app.command('say')\ndef say(): print('𠮷田—議長')\nsys.argv[1:] = ['say']; main()"
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=False)
    assert done.returncode == 0 and "議長".encode("cp932") in done.stdout, done.stderr
