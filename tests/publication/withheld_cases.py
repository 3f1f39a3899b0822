"""Minutes to withhold something from, and the files a public copy consists of."""

import datetime
from collections.abc import Callable

from pipeline.publication.public_copy import Files
from pipeline.records.meeting import AgendaItem, Member, OpennessOf, RosterRole
from pipeline.records.minutes import Decision, Explanation, Heading, Minutes, Sentence, Speech
from pipeline.records.withheld import Withholding
from pipeline.records.words import Word
from pipeline.render.documents import make

GROUND = Withholding(ground="条例第7条第2号", by="事務局")
ITEMS = (
    AgendaItem(kind="報告", number=1, title="計画の改定について"),
    AgendaItem(kind="報告", number=2, title="用地の取得について"),
)


def sentence(text: str, start_ms: int = 0, **fields: object) -> Sentence:
    """With a word for each character, 100 ms long."""
    words = tuple(
        Word(start_ms=start_ms + 100 * at, end_ms=start_ms + 100 * at + 100, raw=sign, probability=0.9)
        for at, sign in enumerate(text)
    )
    return Sentence.model_validate(
        {"text": text, "start_ms": start_ms, "end_ms": start_ms + 100 * len(text), "words": words, **fields}
    )


def speech(number: int, *sentences: Sentence, **fields: object) -> Speech:
    return Speech.model_validate(
        {
            "id": f"b{number:04d}",
            "role": "委員",
            "speaker": "S01",
            "confidence": 1.0,
            "paragraphs": (sentences,),
            "start_ms": sentences[0].start_ms,
            "end_ms": sentences[-1].end_ms,
            **fields,
        }
    )


def minutes_of(*body: object, state: str = "一部非公開", **fields: object) -> Minutes:
    """Of a meeting with two items, of which the second may be withheld."""
    return Minutes.model_validate(
        {
            "name": "令和8年度第1回用地審査会",
            "secretariat": "総務部用地課",
            "date": datetime.date(2026, 7, 14),
            "opens": datetime.time(13, 30),
            "closes": datetime.time(14, 30),
            "place": "第1会議室",
            "agenda": ITEMS,
            "meeting_openness": OpennessOf(state="公開"),
            "minutes_openness": OpennessOf.model_validate(
                {"state": state, "reason": None if state == "公開" else "個人に関する情報を含むため"}
            ),
            "roster": (
                RosterRole(role="会長", members=(Member(office="学識経験者", name="西村"),), chairs=True),
                RosterRole(role="委員", members=(Member(office="公募委員"),)),
            ),
            "handouts": ("計画の改定について", "用地の取得について"),
            "body": body,
            "duration_ms": 60_000,
            **fields,
        }
    )


def meeting_of_two_items() -> Minutes:
    first, second = ITEMS
    return minutes_of(
        Heading(id="b0001", item=first, text="報告案件(1) 計画の改定について", start_ms=0),
        speech(2, sentence("計画は田中太郎氏の提案で改定します。", 1_000), sentence("よろしくお願いします。", 4_000)),
        Decision(id="b0003", text="―了承―", inferred=False, start_ms=6_000),
        Heading(id="b0004", item=second, text="報告案件(2) 用地の取得について", start_ms=7_000),
        Explanation(
            id="b0005",
            item=second,
            text="〔事務局:「報告(2)用地の取得について」を説明〕",
            speech=(speech(6, sentence("取得の価格は二億三千万円を予定しています。", 8_000)),),
            start_ms=8_000,
            end_ms=11_000,
        ),
        speech(7, sentence("地権者とは交渉の途中でございます。", 12_000)),
        Decision(id="b0008", text="―了承―", inferred=False, start_ms=15_000),
    )


def rendered(*formats: str) -> Callable[[Minutes], Files]:
    return lambda minutes: make(minutes, formats, final=True)
