"""An office of three people, their browsers, and every route of the application."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from pipeline.review.passwords import hashed
from pipeline.store.library import Library
from pipeline.store.people import People
from pipeline.store.tables.people import Rank

WORD = "十分に長いパスワード"
KEPT = hashed(WORD)  # once: it is slow on purpose
NAMES = {"kanri": Rank.ADMINISTRATOR, "suzuki": Rank.APPROVER, "tanaka": Rank.CLERK}


def office_of_three(folder: Path) -> Library:
    """A library with an account of each rank; what they are called is harmful."""
    library = Library.open(folder, create=True)
    for name, rank in NAMES.items():
        People(library).put(name, shown=f"<b>{name}</b>", rank=rank, password=KEPT)
    return library


class Visitor:
    """A browser of its own."""

    def __init__(self, app: Any, **options: Any) -> None:
        self.http = TestClient(app, base_url="http://127.0.0.1:8765", **options)

    def token(self, path: str) -> str:
        return re.search(r'name="csrf" (?:content|value)="(\w+)"', self.http.get(path).text).group(1)

    def log_in(self, name: str, password: str = WORD, **fields: str) -> Any:
        data = {"csrf": self.token("/login"), "name": name, "password": password, **fields}
        return self.http.post("/login", data=data, follow_redirects=False)

    def send(self, method: str, path: str, body: object = None) -> Any:
        headers = {"X-CSRF-Token": self.token("/keys")}
        return self.http.request(method, path, json=body, headers=headers)


def logged_in(app: Any, name: str) -> Visitor:
    visitor = Visitor(app)
    assert visitor.log_in(name).status_code == 303
    return visitor


def routes(app: Any) -> Iterator[tuple[str, APIRoute]]:
    """Every method and route of the application but the static files."""
    for router in [app, *(route.original_router for route in app.routes if hasattr(route, "original_router"))]:
        for route in router.routes:
            if isinstance(route, APIRoute) and not route.path.startswith("/static/"):
                yield from ((method, route) for method in sorted(route.methods))
            else:
                known = hasattr(route, "original_router") or getattr(route, "path", "").startswith("/static/")
                assert known, f"{route}: a route that no test walks"
