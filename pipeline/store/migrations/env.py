"""Alembic runs this file for each upgrade, and for each new migration (docs/tools/new_migration.py)."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum
from sqlalchemy.types import TypeDecorator

from pipeline.store.tables import Base


def plain_type(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """A migration says what the database has, whatever becomes of our column types later."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
    render_item=plain_type,
    transactional_ddl=True,  # whoever calls has begun a transaction: all of an upgrade or nothing
)
context.run_migrations()
