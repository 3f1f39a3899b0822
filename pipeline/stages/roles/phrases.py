"""Formulae of Japanese meetings and what they say of the speaker: data, one line each, so that a rule can be judged.

Weights are natural-log odds by kind of role (C chair, D deputy chair, E explains, M others), set by hand on what such
meetings say and checked on meetings that were not looked at while setting them (docs/evaluation-roles.md).
"""

import re
from dataclasses import dataclass

from pipeline.stages.roles.cast import Cast, Kind
from pipeline.stages.roles.clues import Clue, by_kind, quoted
from pipeline.stages.roles.scene import TurnView

C, D, E, M = Kind.CHAIR, Kind.DEPUTY, Kind.EXPLAINS, Kind.OTHER


@dataclass(frozen=True)
class Phrase:
    """A formula: where in the meeting (fractions of the turns) and in a turn of at most `longest` characters."""

    rule: str
    pattern: re.Pattern[str]
    weights: dict[Kind, float]
    said: str
    lasting: bool = False
    within: tuple[float, float] = (0.0, 1.0)
    longest: int = 100_000


def _phrase(rule: str, pattern: str, weights: dict[Kind, float], said: str, **more: object) -> Phrase:
    return Phrase(rule, re.compile(pattern), weights, said, **more)  # type: ignore[arg-type]


PHRASES = (
    _phrase(
        "takes-the-chair",
        r"(?:議長|委員長|会長|座長|進行)[^。]{0,4}(?:を|の職務を)(?:交代|交替|代わ|代理|代行)|(?:代わって|代わりまして|職務代理)[^。]{0,20}進行",
        {D: 4.0, C: -1.0},
        "進行を代わる言葉",
    ),
    _phrase(
        "opens-meeting",
        r"開会(?:いた|し|を宣|の)|(?:ただいま|只今|これ)(?:から|より)[^。]{0,40}(?:開催|開会|開始|始め|開き)|"
        r"定刻(?:に|と)|会議を(?:開き|始め|再開)",
        {C: 3.0, E: 2.0, D: 0.7, M: -1.0},
        "会議を開く言葉",
        within=(0.0, 0.3),
    ),
    _phrase(
        "secretariat-duty",
        r"司会(?:を|進行)|(?:配付|配布)(?:資料|物)の確認|事務連絡|日程調整|(?:ご連絡|ご案内)(?:いた|差し上げ|申し上げ)|(?:配付|配布)して(?:おり|ござい)",
        {E: 2.0, C: 0.3},
        "事務方の役目の言葉",
    ),
    _phrase(
        "closes-meeting",
        r"(?:以上|これ)(?:を|で|に)(?:もち|もっ|、)?[^。]{0,30}(?:閉会|終了|散会|終わ|閉じ)|閉会(?:いた|し|と|を|の)|散会(?:いた|し)",
        {C: 3.0, E: 1.5, D: 0.7, M: -1.0},
        "会議を閉じる言葉",
        within=(0.7, 1.0),
    ),
    _phrase(
        "moves-to-item",
        r"(?:次に|次は|続きまして|続いて|それでは|では|まず)[^。]{0,40}(?:議題|日程第|議案|報告(?:案件|事項|第|\d|の)|案件|次第|"
        r"件目|協議事項|諮問|審議事項|その他)[^。]*(?:入|移|議題と|お願い|進|願い|付議|上程|ついて)",
        {C: 2.5, D: 1.2, E: 0.3},
        "議題を進める言葉",
    ),
    _phrase(
        "invites-questions",
        r"(?:質問|意見|質疑|発言|確認)[^。]{0,14}(?:ございません|ありません|ございます(?:か|でしょ)|あります(?:か|でしょ)|"
        r"いらっしゃ|ある(?:方|かた)|のある|お受け|いかが|お聞かせ|願い|よろしい)|(?:他|ほか)に(?:何か)?(?:ございません|ありません|いかが)",
        {C: 2.5, D: 1.2, M: -0.5},
        "質問や意見を求める言葉",
    ),
    _phrase(
        "puts-to-vote",
        r"採決|賛成の(?:方|かた|諸君|委員|議員)|(?:挙手|起立)(?:を|願|に|お願)|(?:異議|意義)(?:は|、)?(?:ございません|ありません)か|お諮り",
        {C: 3.0, D: 1.5, E: -0.5, M: -1.0},
        "採決や確認を諮る言葉",
    ),
    _phrase(
        "declares-result",
        r"(?:異議|意義)(?:は|が)?(?:なし|ない|ございません)(?:もの)?と(?:認|の声)|(?:可決|否決|承認|決定|了承|採択)(?:いたし|され|すべき|する"
        r"ことに(?:決|いた)|とさせて|といたし)|(?:挙手|起立)(?:多数|全員|少数)|全員賛成|賛成(?:多数|全員)",
        {C: 3.0, D: 1.5, E: -0.5, M: -1.0},
        "決定を告げる言葉",
    ),
    _phrase(
        "ends-discussion",
        r"(?:いらっしゃらない|ない|なさそうな|出尽くした)よう(?:です|な)|質疑を(?:終|打ち切)|(?:なければ|ないようでしたら)[^。]{0,20}(?:以上|次|了承|終)",
        {C: 2.0, D: 1.0, M: -0.5},
        "質疑を締める言葉",
    ),
    _phrase(
        "thanks-for-speech",
        r"^(?:はい|どうも|、)*(?:(?:ご|御)?(?:説明|報告|意見|答弁|発言|回答)[^。]{0,6})?ありがとうございま(?:した|す)",
        {C: 0.8, M: 0.1},
        "発言への礼",
    ),
    _phrase(
        "adds-to-others",
        r"^(?:はい|では|それでは|、)*(?:すみません、?)?私(?:の(?:ほう|方))?からも",
        {C: 0.7, D: 0.8},
        "自分からも述べるという言葉",
    ),
    _phrase(
        "no-objection",
        r"^(?:はい|、)*(?:異議|意義)(?:なし|ありません|ございません)|^賛成(?:です|。|$)",
        {M: 1.5, D: 1.4, C: -2.5, E: -1.5},
        "異議なしの声",
        longest=14,
    ),
    _phrase(
        "opinion",
        r"と(?:思い|思って|存じ)|感じ(?:て|ま)|(?:して|い)(?:いただき?|頂き?)たい|(?:いただけ|頂け)(?:れば|たら|ると)|してほしい|要望|期待し",
        {M: 0.7, D: 0.6, C: 0.4, E: -0.4},
        "意見や要望の言い方",
        lasting=True,
    ),
    _phrase(
        "official-answer",
        r"お答え(?:いた|申|し)|ご質問(?:の|に|いただ)",
        {E: 1.2, D: -0.3, C: -0.5},
        "答弁の言い方",
        lasting=True,
    ),
    _phrase(
        "official-style",
        r"予定(?:し|で|とし)|ところでございます|(?:いたし|まいり|進めて|取り組んで)(?:まいります|参ります)|と考えてございます|"
        r"(?:配布|実施|想定|把握|確認|調整)して(?:おり|ござい)",
        {E: 0.6, M: -0.1},
        "事務方の説明の言い方",
        lasting=True,
    ),
)


def phrase_clues(view: TurnView, total: int, cast: Cast) -> list[Clue]:
    """Clues from the formulae in one turn of a meeting of `total` turns."""
    place = view.index / max(1, total - 1)
    found = []
    for phrase in PHRASES:
        if not phrase.within[0] <= place <= phrase.within[1] or len(view.text) > phrase.longest:
            continue
        match = phrase.pattern.search(view.text)
        if match:
            detail = f"{phrase.said}{quoted(match.group())}"
            found.append(Clue(view.index, phrase.rule, by_kind(cast, phrase.weights), detail, phrase.lasting))
    return found
