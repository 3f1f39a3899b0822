"""Writes templates/form1/template.docx from scratch: the Word template of 別記第1号様式, before anybody restyled it.

Run it only to start over (`python docs/tools/make_form1.py OUT.docx`): the committed file is the source from then on.
"""

import sys
from pathlib import Path

from word_parts import GOTHIC_FONTS, controlled, if_flagged, para, paragraph, repeated, row, run, style, table, write

GRID = (567, 510, 1304, 6973)
"""Columns in twentieths of a point, 165 mm together: margin label, rest of the label, sub-label, content."""

STYLES = (
    style(
        "KTitle",
        "会議録 表題",
        '<w:spacing w:before="60" w:after="160"/><w:jc w:val="center"/>',
        '<w:spacing w:val="20"/><w:sz w:val="32"/><w:szCs w:val="32"/>',
        base="Title",
    )
    + style(
        "KMarginLabel",
        "会議録 縦欄名",
        '<w:spacing w:before="100" w:line="480" w:lineRule="auto"/><w:jc w:val="center"/>',
    )
    + style("KItem", "会議録 議題", '<w:ind w:left="840" w:hanging="630"/><w:jc w:val="left"/>')
    + style("KReason", "会議録 理由", '<w:ind w:left="210"/><w:jc w:val="left"/>')
    + style("KSession", "会議録 開閉会", '<w:spacing w:before="100" w:after="100"/>')
    + style(
        "KHeading",
        "会議録 見出し",
        '<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:ind w:left="210" w:hanging="210"/>',
        GOTHIC_FONTS,
        base="Heading1",
    )
    + style(
        "KSpeech", "会議録 発言", '<w:spacing w:before="80"/><w:ind w:left="210" w:hanging="210"/><w:jc w:val="both"/>'
    )
    + style("KSpeechMore", "会議録 発言続き", '<w:ind w:left="210" w:firstLine="210"/><w:jc w:val="both"/>')
    + style("KExplanation", "会議録 説明", '<w:spacing w:before="80"/><w:ind w:left="210" w:hanging="210"/>')
    + style("KDecision", "会議録 決定", '<w:spacing w:before="160" w:after="160"/><w:jc w:val="center"/>')
    + style("KInaudible", "会議録 聞き取り不能", '<w:spacing w:before="80"/><w:ind w:left="210"/>')
    + style("KWithheld", "会議録 非公開", '<w:spacing w:before="80"/>')
)


def cell(start: int, span: int, content: str, merge: str = "", top: bool = False) -> str:
    """Order of the properties as the schema asks."""
    parts = [f'<w:tcW w:w="{sum(GRID[start : start + span])}" w:type="dxa"/>']
    parts += [f'<w:gridSpan w:val="{span}"/>'] if span > 1 else []
    parts += [f'<w:vMerge w:val="{merge}"/>'] if merge else []
    parts += [] if top else ['<w:vAlign w:val="center"/>']
    return f"<w:tc><w:tcPr>{''.join(parts)}</w:tcPr>{content}</w:tc>"


def control(tag: str) -> str:
    """A row that holds only a tag of docxtpl and is not printed."""
    return row(cell(0, 4, para("KEntry", f"{{%tr {tag} %}}")), height=0)


def label(start: int, span: int, text: str, merge: str = "") -> str:
    lines = [""] if merge == "continue" else text.split("/")
    return cell(start, span, "".join(para("KLabel", line) for line in lines), merge)


def entry(start: int, text: str) -> str:
    return cell(start, 4 - start, para("KEntry", text))


def openness(sub: str, field: str, merge: str) -> str:
    content = (
        para("KEntry", f"{{{{ form.{field}.boxes }}}}")
        + para("KEntry", "非公開・一部非公開の場合は、その理由")
        + para("KReason", f"{{{{ form.{field}.reason }}}}")
    )
    return row(label(0, 2, "公開の/可否", merge), label(2, 1, sub), cell(3, 1, content))


def attendance_row(merge: str) -> str:
    return row(label(0, 2, "出席者", merge), label(2, 1, "{{ row.role }}"), entry(3, "{{ row.offices }}"), split=True)


def body_row(content: str) -> str:
    """One row that breaks over pages: its ruled bottom closes every page. The label stands upright because its column
    is one sign wide: LibreOffice cannot break a row that holds vertical text, and drops what does not fit."""
    return row(
        cell(0, 1, para("KMarginLabel", "審議経過"), top=True), cell(1, 3, content, top=True), height=0, split=True
    )


BODY = (
    controlled("for block in form.body")
    + controlled("if block.kind == 'heading'")
    + para("KHeading", "{{ block.first }}")
    + controlled("elif block.kind == 'speech'")
    + paragraph(
        "KSpeech",
        *if_flagged(run("{{ block.role }}", "KLook"), run("{{ block.role }}", "KRole")),
        run("{{ block.colon }}{{ block.first }}"),
    )
    + repeated("paragraph in block.more", "KSpeechMore", "{{ paragraph }}")
    + controlled("elif block.kind == 'explanation'")
    + para("KExplanation", "{{ block.first }}")
    + controlled("elif block.kind == 'decision'")
    + paragraph("KDecision", *if_flagged(run("{{ block.first }}", "KLook"), run("{{ block.first }}")))
    + controlled("elif block.kind == 'withheld'")
    + para("KWithheld", "{{ block.first }}")
    + controlled("else")
    + para("KInaudible", "{{ block.first }}")
    + controlled("endif")
    + controlled("endfor")
)

AGENDA = (
    controlled("for group in form.agenda")
    + para("KEntry", "{{ group.kind }}{% if group.none %} {{ group.none }}{% endif %}")
    + repeated("item in group.items", "KItem", "{{ item }}")
    + controlled("endfor")
)

ROWS = (
    row(label(0, 3, "機関又は会議の名称"), entry(3, "{{ form.name }}"), header=True),
    row(label(0, 3, "事務局&#xFF08;担当課&#xFF09;"), entry(3, "{{ form.secretariat }}")),
    row(label(0, 2, "開催", "restart"), label(2, 1, "日時"), entry(3, "{{ form.when }}")),
    row(label(0, 2, "開催", "continue"), label(2, 1, "場所"), entry(3, "{{ form.place }}")),
    row(label(0, 3, "議題"), cell(3, 1, AGENDA), split=True),
    openness("会議", "meeting_openness", "restart"),
    openness("会議録", "minutes_openness", "continue"),
    control("for row in form.attendance"),
    control("if loop.first"),
    attendance_row("restart"),
    control("else"),
    attendance_row("continue"),
    control("endif"),
    control("endfor"),
    body_row(para("KSession", "{{ form.opening }}") + BODY + para("KSession", "{{ form.closing }}")),
    row(
        label(0, 3, "提出された資料等"),
        cell(3, 1, repeated("title in form.handouts", "KHandout", "{{ title }}")),
        split=True,
    ),
)

CONTENT = (
    para("KFormNumber", "別記第1号様式&#xFF08;第7関係&#xFF09;")
    + para("KTitle", "会&#x3000;議&#x3000;録")
    + table(
        GRID, "".join(ROWS), "会議録", "左の列が欄の名称、右の列が記入です。審議経過の欄は複数のページにわたります。"
    )
)

if __name__ == "__main__":
    write(Path(sys.argv[1]), CONTENT, STYLES)
