"""minutes.json read: the minutes as a public format (docs/minutes-json.md) that other programs may write too."""

import json
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import TranscriptFileError
from pipeline.records.minutes import SCHEMA, Minutes

_SHOWN = 3


def read_minutes(path: Path) -> Minutes:
    """Read a minutes.json. Raises TranscriptFileError naming the file, the field and what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise _refused(path, "there is no such file", "Check the path.") from None
    except UnicodeDecodeError:
        raise _refused(path, "is not UTF-8 text", "Save it with the encoding UTF-8.") from None
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})", "Check that it is a readable file.") from None
    try:
        found = json.loads(text)
    except ValueError as error:
        raise _refused(path, f"is not JSON ({error})", "Name the minutes.json of a draft.") from None
    schema = found.get("schema_name") if isinstance(found, dict) else None
    if schema != SCHEMA:
        raise _refused(path, f"is not {SCHEMA} but {schema or 'something else'}", "Name the minutes.json of a draft.")
    try:
        return Minutes.model_validate_json(text)
    except ValidationError as error:
        raise _refused(path, _told(error), "Correct it (docs/minutes-json.md) or draft again.") from None


def _refused(path: Path, what: str, remedy: str) -> TranscriptFileError:
    return TranscriptFileError(f"{path}: {what}.", remedy, file=path)


def _told(error: ValidationError) -> str:
    errors = error.errors(include_url=False)
    shown = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in errors[:_SHOWN]]
    more = [f"and {len(errors) - _SHOWN} more"] if len(errors) > _SHOWN else []
    return "; ".join(shown + more)
