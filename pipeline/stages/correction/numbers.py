"""Numbers, dates, times and counts as official minutes write them: Arabic in counts and dates, kanji in fixed words.

Conventions: 「公用文作成の考え方」(文化審議会建議, 2022) Ⅰ-3 数字の使い方, and the printed minutes the form comes from.
"""

import re
from collections.abc import Callable, Iterator

from pipeline.stages.correction.misheard_numbers import joined, misheard
from pipeline.stages.correction.numerals import arabic, kanji, value_of
from pipeline.stages.correction.sheet import Edit, Sheet

_N = r"[\d〇一二三四五六七八九十百千](?:[,,]?[\d〇一二三四五六七八九十百千万億兆])*"
_K = r"[一二三四五六七八九十百千〇](?:[一二三四五六七八九十百千〇万億兆])*"
_UNITS = (
    r"年度|年間|年生|年目|年|か月間?|ヶ月間?|ヵ月間?|カ月間?|ケ月間?|箇月|週間|日間|日目|時間|分間|秒間?|時(?![期点代])|分(?![の野析類担散割配離権布け])|回目|回|号|条例?(?=の|第|に)|項(?!目)"
    r"|パーセント|%|%|ポイント|円|ドル|人(?!一|ひとり|ごと|ずつ)|名(?!前|称|義|簿)|世帯|戸|棟|校|園(?!児)|学級|クラス|施設|箇所|か所|カ所|ヶ所|ヵ所|ケ所"
    r"|件(?!目)|台|本(?![部庁市区会日人件当])|枚|冊|部(?=を|ずつ|の配)|個|頭|匹|社|団体|自治体|市町村|区市町村|階|丁目|番地|番目|歳|才|代(?=の|前半|後半)"
    r"|インチ|センチ|ミリ|メートル|キロ|グラム|トン|リットル|ヘクタール|平米|平方メートル|立方メートル|アール|度(?=[、。]|以上|以下)|倍|割|位|票|席|議席|期(?=目|生)|学期|章|節|款|ページ|ぺージ|頁|項目|種類|路線|系統|路|か国|カ国|ヶ国|都市|地区|事業|議案|級|次(?=総合|実施|補正|計画|募集|評価|審査)"
)
_COUNT = re.compile(rf"(?P<n>{_N})(?P<after>(?:数|余り|余)?(?:{_UNITS}))")
_ORDINAL = re.compile(rf"(?P<lead>第|平成|令和|昭和|資料|議案第|報告第|別紙|別表|様式第|参考資料|午前|午後)(?P<n>{_N})")
_MONTH = re.compile(
    r"(?P<n>[1-90-9一二三四五六七八九十]{1,2})(?:つき|月)(?=[\d一二三四五六七八九十上中下末初頃ごろまかにの分号、。以現は]|$)"
)
_MONTHS = re.compile(r"(?<=\d)(?:ヶ|ヵ|カ|ケ|ヶ|箇)月")
_PLACES = re.compile(r"(?<=\d)(?:ヶ|ヵ|カ|ケ|箇)(?=所|国|年)")
_ITEM = re.compile(r"(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})(?P<unit>件|県|点|天)目")
_POINTS = re.compile(r"(?<![\d..])(?P<n>\d{1,2})点(?=ございま|あり|ほど|だけ|について|です|お|質問|確認|、)")
_EACH = re.compile(r"[1１一]人(?:[1１一]|い)(?P<unit>台|つ|票|部|枚|冊|回|点)")
_FIXED_WORDS = re.compile(r"(?<!\d)[1１](?P<rest>言(?![語論葉動])|部の|方で|方、|般|層|環|定の|緒に|切|律|体的)")
_YEAR = re.compile(r"年(?!間|目)")
_FIXED = re.compile(
    r"一(?:部(?!を配)|方|般|層|番|体|環|定|度(?!目)|切|律|致|緒|人一|人ひとり|人ずつ|言|時(?=的|金|保|預|避)|本化|元|次|旦|期一会)|十分|第一線|第三者|第二種|四半期|三者|二者|三役|二重|三位|四季|五輪"
    r"|万一|千差|百聞|八百屋|七夕|三権|一石|唯一|統一|均一|同一|単一|二次(?!総合|実施|補正|計画)|三次元|二酸化|六法|十人十色|一年中|二人(?=三脚)|一日も早|一時期|一時間給"
)


def numbers(sheet: Sheet) -> Iterator[Edit]:
    """Edits that rewrite numbers, in order, not overlapping. No edit changes a value."""
    text = sheet.text
    found = [edit for rule in _RULES for edit in rule(text)]
    reached = 0
    for edit in sorted(found, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= reached and edit.after != text[edit.start : edit.end] and not _put_in(sheet, edit):
            reached = edit.end
            yield edit


def _put_in(sheet: Sheet, edit: Edit) -> bool:
    """Terms are written as the meeting's own papers write them (第二次計画)."""
    return any(layer.by == "lexicon" for layer in sheet.word_at(edit.start).layers)


def _fixed_spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _FIXED.finditer(text)]


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _counts(text: str) -> Iterator[Edit]:
    fixed = _fixed_spans(text)
    for match in _COUNT.finditer(text):
        value = value_of(match["n"])
        if value is None or _inside(match.start(), fixed) or _stays_kanji(text, match, value):
            continue
        year = bool(_YEAR.match(match["after"])) and 1000 <= value < 3000
        yield Edit(match.start("n"), match.end("n"), arabic(value, grouped=not year), "数字の表記(算用数字)")


def _stays_kanji(text: str, match: re.Match[str], value: int) -> bool:
    """一人, 二人 are words (ひとり, ふたり); a numeral after a decimal point or a letter is not a count."""
    if match["after"].startswith("人") and value <= 2 and match["n"] in "一二":
        return True
    return bool(re.search(r"[\dA-Za-z][..・]?$", text[: match.start()]))


def _ordinals(text: str) -> Iterator[Edit]:
    fixed = _fixed_spans(text)
    for match in _ORDINAL.finditer(text):
        value = value_of(match["n"])
        if value is None or _inside(match.start(), fixed) or value >= 10_000:
            continue
        yield Edit(match.start("n"), match.end("n"), str(value), "数字の表記(算用数字)")


def _months(text: str) -> Iterator[Edit]:
    for match in _MONTH.finditer(text):
        value = value_of(match["n"])
        if value is not None and 1 <= value <= 12 and not re.search(r"\d$", text[: match.start()]):
            yield Edit(match.start(), match.end(), f"{value}月", "月の表記")


def _small_ka(text: str) -> Iterator[Edit]:
    for pattern in (_MONTHS, _PLACES):
        for match in pattern.finditer(text):
            yield Edit(match.start(), match.start() + 1, "か", "「か月」「か所」の表記")


def _items(text: str) -> Iterator[Edit]:
    """一件目, 二点目: the agenda is counted in kanji. 県 and 天 are how 件 and 点 are misheard."""
    for match in _ITEM.finditer(text):
        value = value_of(match["n"])
        if value is not None and 1 <= value <= 10:
            unit = {"県": "件", "天": "点"}.get(match["unit"], match["unit"])
            yield Edit(match.start(), match.end(), f"{kanji(value)}{unit}目", "件数の順序は漢数字")
    for match in _POINTS.finditer(text):
        value = value_of(match["n"])
        if value is not None and 1 <= value <= 10:
            yield Edit(match.start("n"), match.end("n"), kanji(value), "論点の数は漢数字")


def _percent(text: str) -> Iterator[Edit]:
    for match in re.finditer(r"(?<=[\d十百])[%%]", text):
        yield Edit(match.start(), match.end(), "パーセント", "「パーセント」の表記")


def _fixed_in_kanji(text: str) -> Iterator[Edit]:
    for match in _EACH.finditer(text):
        yield Edit(match.start(), match.end(), f"一人一{match['unit']}", "熟語は漢数字")
    for match in _FIXED_WORDS.finditer(text):
        yield Edit(match.start(), match.start() + 1, "一", "熟語は漢数字")


_RULES: tuple[Callable[[str], Iterator[Edit]], ...] = (
    misheard,
    joined,
    _percent,
    _fixed_in_kanji,
    _items,
    _months,
    _ordinals,
    _counts,
    _small_ka,
)
