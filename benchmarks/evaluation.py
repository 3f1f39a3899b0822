"""What measuring costs: time and memory to score 60 minutes of minutes, and to draw 1,000 resamples.

The text is made: turns of office prose, 300 characters a minute, with one character in eight garbled, lost or doubled.
Run: python benchmarks/evaluation.py
"""

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MINUTES = 60
_PROSE = (
    "それでは、報告案件一件目のGIGAスクール構想実現のための環境整備業務について、庶務課長からご説明をお願いいたします。",
    "令和2年度の予算は1億2,000万円で、前年度に比べて28%の増となっております。契約の時期は7月下旬を予定しています。",
    "在宅勤務につきましては、職員によって利用の度合いに差がありますので、今年度は業務ごとに実態を調査してまいります。",
    "ご質問のあるかたはいらっしゃいますか。いらっしゃらないようですので、私から一点伺います。",
    "その点については、まだ決まっておりません。次回の本部会議までに、情報管理課で案をまとめてお示しします。",
)


def meeting(minutes: int) -> tuple[Any, Any]:
    """Reference and hypothesis as SegLST."""
    chance = random.Random(1)
    told, heard, clock, length = [], [], 0.0, 0
    while length < 300 * minutes:
        text = "".join(chance.choices(_PROSE, k=chance.randint(1, 4)))
        length += len(text)
        role = chance.choice(["本部長", "副本部長", "部員", "事務局"])
        segment = {"session_id": "m", "speaker": f"{role}{chance.randint(1, 3)}", "role": role}
        segment |= {"start_time": clock, "end_time": clock + len(text) / 5.5, "words": text}
        clock = segment["end_time"] + 0.5
        told.append(segment)
        heard.append(segment | {"words": garbled(text, chance), "speaker": f"S{chance.randint(1, 9):02d}"})
    return told, heard


def garbled(text: str, chance: random.Random) -> str:
    def sign(one: str) -> str:
        if chance.random() > 1 / 8:
            return one
        return chance.choice(["", one * 2, chance.choice(text), chance.choice(text)])

    return "".join(map(sign, text))


class Watch:
    """Seconds and peak private memory of this process (RssAnon: mapped files such as dictionaries are not in it)."""

    def __enter__(self) -> "Watch":
        self._over = threading.Event()
        self._before = self.peak = _anonymous()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        self._began = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._began
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.005):
            self.peak = max(self.peak, _anonymous())

    def row(self, name: str) -> str:
        grown = (self.peak - self._before) / 1e6
        return f"{name:<58} {self.seconds:7.2f} s   +{grown:6.1f} MB (peak {self.peak / 1e6:.0f} MB)"


def _anonymous() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024
    return 0


def measured(folder: Path) -> None:
    """Everything in one fresh process, in the order in which a person meets it."""
    from pipeline.evaluate.readers.read import read
    from pipeline.evaluate.results import Evaluation
    from pipeline.evaluate.score import System, Wanted, evaluate

    result: dict[str, Evaluation] = {}

    def score(speakers: bool = False) -> None:
        told, heard = read(folder / "told.json"), read(folder / "heard.json")
        wanted = Wanted(title="60", reference=told, claimed=95, speakers=speakers)
        result["evaluation"] = evaluate([System(heard)], wanted)

    timed("read and score 60 minutes, libraries loading", score)
    timed("the same again", score)
    timed("baseline: jiwer.cer on the same texts", lambda: jiwer(folder))
    timed("bootstrap, 1,000 resamples", lambda: bootstrap(result["evaluation"]))
    timed("bootstrap over 40 such meetings", lambda: bootstrap(result["evaluation"], 40))
    timed("report.html", lambda: page(result["evaluation"]))
    timed("with --speakers (MeetEval, pyannote.metrics)", lambda: score(speakers=True))


def timed(name: str, work: Callable[[], object]) -> None:
    with Watch() as watch:
        work()
    print(watch.row(name), flush=True)


def jiwer(folder: Path) -> None:
    from jiwer import cer

    texts = [json.loads((folder / name).read_text(encoding="utf-8")) for name in ("told.json", "heard.json")]
    told, heard = ("".join(segment["words"] for segment in text) for text in texts)
    cer(told, heard)


def bootstrap(evaluation: Any, meetings: int = 1) -> None:
    from pipeline.evaluate.uncertainty.bootstrap import rate_interval, table

    rate_interval([table(evaluation.systems[0].main.turns)] * meetings, resamples=1000)


def page(evaluation: Any) -> None:
    from pipeline.evaluate.report.html import html

    html(evaluation)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    folder = parser.parse_args().folder
    if folder:
        measured(folder)
        return
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        for name, segments in zip(("told.json", "heard.json"), meeting(MINUTES), strict=True):
            (Path(made) / name).write_text(json.dumps(segments, ensure_ascii=False), encoding="utf-8")
        subprocess.run([sys.executable, __file__, "--folder", made], check=True)


if __name__ == "__main__":
    main()
