"""Writes the migration for what changed in pipeline/store/tables since the last one. Read it before it is committed.

Usage: python docs/tools/new_migration.py 'what changes, in a few words'
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from pipeline.store import schema

FOLDER = Path(schema.__file__).with_name("migrations")


def main(message: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    number = f"{int(schema.HEAD) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/now.db")
        schema.bring_up_to_date(engine, folder)
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            name = re.sub(r"\W+", "_", message.lower()).strip("_")
            command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()
    made = next((FOLDER / "versions").glob(f"{number}_*.py")).rename(FOLDER / "versions" / f"v{number}_{name}.py")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", made], check=True)
    file = Path(schema.__file__)
    file.write_text(file.read_text("utf-8").replace(f'HEAD = "{schema.HEAD}"', f'HEAD = "{number}"'), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
