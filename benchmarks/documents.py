"""Documents of long meetings: seconds and memory for the Word file, the public copy with its leak test, and reading a
corrected Word file back, each as a ratio to rendering plain text in the same run.

    python benchmarks/documents.py            # a meeting of about 8 hours (1,400 blocks, 89,000 characters)
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.publication.masking import Mask
from pipeline.publication.public_copy import public_copy
from pipeline.records.minutes import Minutes
from pipeline.records.withheld import WithheldName
from pipeline.render.documents import make
from pipeline.render.minutes_json import read_minutes
from pipeline.returned.edits import returned_edits

SAMPLE = Path(__file__).parent.parent / "tests" / "data" / "minutes_sample.json"


def long_meeting(times: int) -> Minutes:
    sample = read_minutes(SAMPLE)
    body = tuple(block.model_copy(update={"id": f"{block.id}-{n}"}) for n in range(times) for block in sample.body)
    return sample.model_copy(update={"body": body})


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40, help="how often the sample's body is repeated")
    minutes = long_meeting(parser.parse_args().times)
    named = minutes.model_copy(update={"withheld_names": (WithheldName(text="清掃事務所", ground="g", by="b"),)})
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder) / "minutes.docx"
        word.write_bytes(make(minutes, ["docx"], final=True)[0].data)
        figures = {
            "txt": seconds(lambda: make(minutes, ["txt"], final=True)),
            "docx": seconds(lambda: make(minutes, ["docx"], final=True)),
            "public docx": seconds(lambda: public_copy(named, Mask(), lambda m: make(m, ["docx"], final=True), "p")),
            "import docx": seconds(lambda: returned_edits(word, minutes)),
        }
    print(f"{len(minutes.body)} blocks; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    for name, taken in figures.items():
        print(f"{name:12} {taken:6.2f} s  {taken / figures['txt']:6.1f} x txt")


if __name__ == "__main__":
    main()
