"""Writes templates/youten/template.docx from scratch: the Word template of 会議要点記録, before anybody restyled it.

Run it only to start over (`python docs/tools/make_youten.py OUT.docx`): the committed file is the source from then on.
"""

import sys
from pathlib import Path

from word_parts import GOTHIC_FONTS, controlled, if_flagged, para, paragraph, repeated, row, run, style, table, write

FRONT = (1701, 7653)
"""Columns in twentieths of a point, 165 mm together: label, content."""
RECORD = (2268, 5102, 1984)
"""議題, 発言要旨, 決定事項."""

STYLES = (
    style(
        "KTitle",
        "会議録 表題",
        '<w:spacing w:before="60" w:after="200"/><w:jc w:val="center"/>',
        f'{GOTHIC_FONTS}<w:sz w:val="28"/><w:szCs w:val="28"/>',
        base="Title",
    )
    + style("KColumn", "会議録 列名", '<w:jc w:val="center"/>', GOTHIC_FONTS)
    + style("KGap", "会議録 空き")
    + style(
        "KHeading",
        "会議録 見出し",
        '<w:keepNext w:val="0"/><w:ind w:left="210" w:hanging="210"/><w:jc w:val="left"/>',
        base="Heading1",
    )
    + style("KSpeech", "会議録 発言", '<w:spacing w:after="60"/><w:ind w:left="210" w:hanging="210"/>')
    + style("KSpeechMore", "会議録 発言続き", '<w:spacing w:after="60"/><w:ind w:left="210" w:firstLine="210"/>')
    + style("KExplanation", "会議録 説明", '<w:spacing w:after="60"/><w:ind w:left="210" w:hanging="210"/>')
    + style("KDecision", "会議録 決定", '<w:jc w:val="left"/>')
    + style("KInaudible", "会議録 聞き取り不能", '<w:spacing w:after="60"/>')
    + style("KWithheld", "会議録 非公開", '<w:spacing w:after="60"/>')
    + style("KSession", "会議録 開閉会", '<w:spacing w:after="60"/>')
)


def cell(width: int, content: str, shade: bool = False) -> str:
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if shade else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>{content}</w:tc>'


def field(label: str, content: str, header: bool = False) -> str:
    return row(cell(FRONT[0], para("KLabel", label), True), cell(FRONT[1], content), header=header, split=not header)


def control(tag: str) -> str:
    """A row that holds only a tag of docxtpl and is not printed."""
    return row(*(cell(width, para("KEntry", f"{{%tr {tag} %}}" if n == 0 else "")) for n, width in enumerate(RECORD)))


SAID = (
    controlled("if loop.first")
    + para("KSession", "{{ form.opening }}")
    + controlled("endif")
    + controlled("for block in section.blocks")
    + controlled("if block.kind == 'speech'")
    + paragraph(
        "KSpeech",
        *if_flagged(run("{{ block.role }}", "KLook"), run("{{ block.role }}", "KRole")),
        run("{{ block.colon }}{{ block.first }}"),
    )
    + repeated("paragraph in block.more", "KSpeechMore", "{{ paragraph }}")
    + controlled("elif block.kind == 'explanation'")
    + para("KExplanation", "{{ block.first }}")
    + controlled("elif block.kind == 'withheld'")
    + para("KWithheld", "{{ block.first }}")
    + controlled("else")
    + para("KInaudible", "{{ block.first }}")
    + controlled("endif")
    + controlled("endfor")
    + controlled("if loop.last")
    + para("KSession", "{{ form.closing }}")
    + controlled("endif")
)
DECIDED = (
    controlled("for block in section.decisions")
    + paragraph("KDecision", *if_flagged(run("{{ block.first }}", "KLook"), run("{{ block.first }}")))
    + controlled("endfor")
    + controlled("if not section.decisions")
    + para("KDecision", "")
    + controlled("endif")
)

FIELDS = (
    field("会議名", para("KEntry", "{{ form.name }}"), header=True)
    + field("日時", para("KEntry", "{{ form.when }}"))
    + field("場所", para("KEntry", "{{ form.place }}"))
    + field("出席者", repeated("row in form.attendance", "KEntry", "{{ row.role }}&#xFF1A;{{ row.offices }}"))
    + field("所管課", para("KEntry", "{{ form.secretariat }}"))
    + field("配布資料", repeated("title in form.handouts", "KHandout", "{{ title }}"))
)
ITEMS = (
    row(
        *(
            cell(width, para("KColumn", name), True)
            for width, name in zip(RECORD, ("議題", "発言要旨", "決定事項"), strict=True)
        ),
        header=True,
    )
    + control("for section in form.sections")
    + row(
        cell(RECORD[0], para("KHeading", "{{ section.heading or '開会' }}")),
        cell(RECORD[1], SAID),
        cell(RECORD[2], DECIDED),
        height=0,
        split=True,
    )
    + control("endfor")
)
CONTENT = (
    para("KTitle", "会議要点記録")
    + table(FRONT, FIELDS, "会議の概要", "左の列が欄の名称、右の列が記入です。")
    + para("KGap", "")
    + table(RECORD, ITEMS, "議事", "議題ごとに1行です。左から議題、発言要旨、決定事項です。")
)

if __name__ == "__main__":
    write(Path(sys.argv[1]), CONTENT, STYLES)
