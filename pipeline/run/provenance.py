"""What a draft's folder tells of how it was made."""

import json
from pathlib import Path

from pipeline.evaluate.results import Provenance


def provenance_of(folder: Path) -> Provenance:
    """What the run.json of a draft's folder says; empty where there is none."""
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        stages = {stage["stage"]: stage for stage in run["stages"]}
        engine = json.loads(stages["transcribe"]["fingerprint"])
        return Provenance(
            model=run.get("model") or engine["name"],
            model_sha256=engine["weights_sha256"],
            kaigiroku=run["kaigiroku"],
            dictionary=run.get("lexicon_sha256") or "",
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Provenance()
