"""Numbers that were heard as something else, where nothing but the number makes sense."""

import re
from collections.abc import Callable, Iterator

from pipeline.stages.correction.numerals import arabic
from pipeline.stages.correction.sheet import Edit

_DOCUMENT = re.compile(
    r"(?:資料|シリ[ョオ]ー?|しりょう|別紙|議案|参考資料)(?P<n>いち|に|さん|よん|ご|\d+)(?P<o>(?:を|お|、)*)(?=ご?覧|ごらん)"
)
_HEARD_NUMBERS = {"いち": 1, "に": 2, "さん": 3, "よん": 4, "ご": 5, "ろく": 6}
_WAREKI = re.compile(
    r"(?:れいわ|レイワ|(?<![のなたと])(?:例|0|零|礼|霊|冷|令|齢)は|例輪|[冷例麗礼怜]和)"
    r"(?=[\d元一二三四五六七八九十]+年(?![前ほ間後以目来越ぶ]))"
)
_DAI = re.compile(
    r"(?:ダイ|だい|(?<=議案|報告|陳情|請願|認定|諮問|同意|年度|\d年)[台大代題])"
    r"(?=[\d一二三四五六七八九十百]+(?:号|回|条|項|期|次|章))"
)
_MEASURES = (
    "ページ|パーセント|ポイント|ヘクタール|アール|(?:平方|立方)?メートル|キロ|トン|リットル|[かカヶ]所|[かカヶ]月"
)
_COUNTED = f"号|人|名|件|円|回|校|台|年度|年間|世帯|%|{_MEASURES}"
_JOINED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?P<a>\d*[1-9]00)に10(?=\D)"), lambda m: arabic(int(m["a"]) + 20)),
    (re.compile(r"(?P<a>\d+000)(?P<d>に|予|よ|四)1(?P<b>\d\d)(?=\D)"), lambda m: _hundreds(m)),
    (re.compile(rf"(?P<a>(?<!\d)\d*[1-9]0)に(?={_COUNTED})"), lambda m: arabic(int(m["a"]) + 2)),
    (re.compile(r"(?P<a>(?<!\d)[1-9])千に(?P<b>[1-9]00)(?=万)"), lambda m: f"{m['a']},2{m['b'][1:]}"),
    (re.compile(r"(?<=[はをもが、にら])に(?=万\d)"), lambda _: "2"),
    (re.compile(rf"(?<=[のはをも、約])に(?=(?:{_MEASURES})(?:[をのがはと、。]|ほど|以上|以下|程度))"), lambda _: "2"),
    (re.compile(r"(?<=[はもが])に(?:ひと|人|にん)(?=で|、|が|と)"), lambda _: "2人"),
    (re.compile(r"(?<!\d)10日(?:月|期(?=[のにか、])|付(?=いたち))"), lambda _: "12月"),
    (re.compile(r"(?<=条)(?:第|[大台代題だダ]い?)(?P<n>いち|に|さん|よん|ご|ろく)[項高行効校]"), lambda m: _item(m)),
    (re.compile(r"(?<=[億万])に1(?P<b>\d{3})(?=[万円])"), lambda m: f"2,{m['b']}"),
    (re.compile(r"(?<=[てはがをも])、?に1(?P<b>\d{2,3})(?=[万円件人名])"), lambda m: f"2{m['b']}"),
    (re.compile(rf"(?<=[はがて])(?<!たて)(?<!あて)に(?=[1-9](?:{_COUNTED}))"), lambda _: "2"),
    (re.compile(rf"(?<![\d第])1号(?={_MEASURES})"), lambda _: "15"),
    (re.compile(r"(?<=\d年)に(?=月\d{1,2}日)|(?<=[来昨今翌]年)に(?=月[にのかまはか末、])"), lambda _: "2"),
    (re.compile(r"(?<=\d)(?:突き|付き|つき|月)ついたち"), lambda _: "月1日"),
    (re.compile(r"(?<=資料|議題)さん"), lambda _: "3"),
    (re.compile(r"(?<=[がはにも])参加(?=所(?!属))"), lambda _: "3か"),
    (re.compile(r"(?<=\dと資料)に(?=それから|を|でござい|です)"), lambda _: "2"),
    (re.compile(r"(?<=では議題|れば議題)に(?=令和|平成|は(?:原?案|ご?異議))"), lambda _: "2"),
    (re.compile(r"[給急求](?=名(?:のうち|で|の[ごお]?出席))"), lambda _: "9"),
    (re.compile(r"(?<=[書状便紙票])語(?=通[のでがを、])"), lambda _: "5"),
    (re.compile(rf"なな(?=事業者|{_COUNTED})"), lambda _: "7"),
    (re.compile(r"(?<=議案|案件|議題|報告|質問)[、,]?に[権県剣券兼](?=でござ|ございま|です|あり)"), lambda _: "2件"),
)
"""A number said in one breath and written in two pieces (1300に10円 for 1,320円): に is 二 where no particle can stand.
In に1640 after 億 or 万, and after a particle, it is 二千."""


def misheard(text: str) -> Iterator[Edit]:
    """Where nothing but a number makes sense: 資料さんをご覧ください, 例は7年度, 議案ダイ1号."""
    for match in _DOCUMENT.finditer(text):
        name = match.group()[: match.start("n") - match.start()]
        paper = name if name in ("資料", "別紙", "議案", "参考資料") else "資料"
        number = _HEARD_NUMBERS.get(match["n"]) or int(match["n"])
        yield Edit(match.start(), match.end(), f"{paper}{number}を", "資料番号の聞き取り")
    for match in _WAREKI.finditer(text):
        yield Edit(match.start(), match.end(), "令和", "元号の聞き取り")
    for match in _DAI.finditer(text):
        yield Edit(match.start(), match.end(), "第", "「第」の聞き取り")


def _item(match: re.Match[str]) -> str:
    """第3条台に高 is 第3条第2項."""
    return f"第{_HEARD_NUMBERS[match['n']]}項"


def _hundreds(match: re.Match[str]) -> str:
    """1000予180 is 千四百八十; 1000に180 千二百八十."""
    digit = 2 if match["d"] == "に" else 4
    return arabic(int(match["a"]) + 100 * digit + int(match["b"]))


def joined(text: str) -> Iterator[Edit]:
    """Edits of numbers that were written in two pieces."""
    for pattern, whole in _JOINED:
        for match in pattern.finditer(text):
            yield Edit(match.start(), match.end(), whole(match), "分かれて聞こえた数")
