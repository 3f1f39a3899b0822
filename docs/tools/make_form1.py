"""Writes templates/form1/template.docx from scratch: the Word template of the form, before anybody restyled it in Word.

Run it only to start over (`python docs/tools/make_form1.py OUT.docx`): the committed file is the source from then on.
"""

import sys
import zipfile
from pathlib import Path

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
GRID = (567, 510, 1304, 6973)
"""Columns in twentieths of a point, 165 mm together: margin label, rest of the label, sub-label, content."""
LINE = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
MINCHO = "&#xFF2D;&#xFF33; 明朝"
GOTHIC = "&#xFF2D;&#xFF33; ゴシック"
FONTS = (
    f'<w:rFonts w:hint="eastAsia" w:ascii="{MINCHO}" w:hAnsi="{MINCHO}" w:eastAsia="{MINCHO}" w:cs="Times New Roman"/>'
)


# ---- styles -----------------------------------------------------------------------------------------------------


def style(
    ident: str, name: str, paragraph: str = "", run: str = "", kind: str = "paragraph", base: str = "Normal"
) -> str:
    based = f'<w:basedOn w:val="{base}"/>' if kind == "paragraph" else '<w:basedOn w:val="DefaultParagraphFont"/>'
    properties = (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "") + (f"<w:rPr>{run}</w:rPr>" if run else "")
    return (
        f'<w:style w:type="{kind}" w:customStyle="1" w:styleId="{ident}"><w:name w:val="{name}"/>{based}'
        f"<w:qFormat/>{properties}</w:style>"
    )


def built_in(ident: str, name: str, kind: str, properties: str = "") -> str:
    based = {"paragraph": "Normal", "character": "DefaultParagraphFont"}[kind]
    return (
        f'<w:style w:type="{kind}" w:styleId="{ident}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>'
        f'<w:uiPriority w:val="99"/><w:unhideWhenUsed/>{properties}</w:style>'
    )


STYLES = (
    HEAD
    + f"""<w:styles {NS}><w:docDefaults><w:rPrDefault><w:rPr>{FONTS}<w:kern w:val="2"/><w:sz w:val="21"/>
<w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>
</w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>
<w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>
<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>
<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>
</w:tblCellMar></w:tblPr></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>"""
    + built_in("Header", "header", "paragraph", '<w:pPr><w:jc w:val="right"/></w:pPr><w:rPr><w:sz w:val="16"/></w:rPr>')
    + built_in(
        "Footer", "footer", "paragraph", '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr>'
    )
    + built_in("CommentText", "annotation text", "paragraph", '<w:rPr><w:sz w:val="20"/></w:rPr>')
    + built_in("CommentReference", "annotation reference", "character", '<w:rPr><w:sz w:val="16"/></w:rPr>')
    + style("KFormNumber", "会議録 様式番号")
    + style(
        "KTitle",
        "会議録 表題",
        '<w:spacing w:before="60" w:after="160"/><w:jc w:val="center"/>',
        '<w:spacing w:val="20"/><w:sz w:val="32"/><w:szCs w:val="32"/>',
    )
    + style("KLabel", "会議録 欄名", '<w:jc w:val="distribute"/>')
    + style("KMarginLabel", "会議録 縦欄名", '<w:spacing w:before="100" w:after="100"/><w:jc w:val="center"/>')
    + style("KEntry", "会議録 記入", '<w:jc w:val="left"/>')
    + style("KItem", "会議録 議題", '<w:ind w:left="840" w:hanging="630"/><w:jc w:val="left"/>')
    + style("KReason", "会議録 理由", '<w:ind w:left="210"/><w:jc w:val="left"/>')
    + style("KHandout", "会議録 資料", '<w:ind w:left="1050" w:hanging="1050"/><w:jc w:val="left"/>')
    + style("KSession", "会議録 開閉会", '<w:spacing w:before="100" w:after="100"/>')
    + style(
        "KHeading",
        "会議録 見出し",
        '<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:ind w:left="210" w:hanging="210"/>',
        f'<w:rFonts w:hint="eastAsia" w:ascii="{GOTHIC}" w:hAnsi="{GOTHIC}" w:eastAsia="{GOTHIC}"/>',
    )
    + style(
        "KSpeech", "会議録 発言", '<w:spacing w:before="80"/><w:ind w:left="210" w:hanging="210"/><w:jc w:val="both"/>'
    )
    + style("KSpeechMore", "会議録 発言続き", '<w:ind w:left="210" w:firstLine="210"/><w:jc w:val="both"/>')
    + style("KExplanation", "会議録 説明", '<w:spacing w:before="80"/><w:ind w:left="210" w:hanging="210"/>')
    + style("KDecision", "会議録 決定", '<w:spacing w:before="160" w:after="160"/><w:jc w:val="center"/>')
    + style("KInaudible", "会議録 聞き取り不能", '<w:spacing w:before="80"/><w:ind w:left="210"/>')
    + style("KRole", "会議録 役職", kind="character")
    + style("KLook", "会議録 要確認", run='<w:shd w:val="clear" w:color="auto" w:fill="FFF200"/>', kind="character")
    + "</w:styles>"
)


# ---- the table --------------------------------------------------------------------------------------------------


def run(text: str, character: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{character}"/></w:rPr>' if character else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(ident: str, *runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{ident}"/></w:pPr>{"".join(runs)}</w:p>'


def para(ident: str, text: str) -> str:
    return paragraph(ident, run(text))


def cell(start: int, span: int, content: str, merge: str = "", top: bool = False) -> str:
    """Order of the properties as the schema asks."""
    parts = [f'<w:tcW w:w="{sum(GRID[start : start + span])}" w:type="dxa"/>']
    parts += [f'<w:gridSpan w:val="{span}"/>'] if span > 1 else []
    parts += [f'<w:vMerge w:val="{merge}"/>'] if merge else []
    parts += [] if top else ['<w:vAlign w:val="center"/>']
    return f"<w:tc><w:tcPr>{''.join(parts)}</w:tcPr>{content}</w:tc>"


def row(*cells: str, height: int = 454, header: bool = False, split: bool = False) -> str:
    properties = ("" if split else "<w:cantSplit/>") + (
        f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    )
    properties += "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def control(tag: str) -> str:
    """A row that holds only a tag of docxtpl and is not printed."""
    return row(cell(0, 4, para("KEntry", f"{{%tr {tag} %}}")), height=0)


def controlled(tag: str) -> str:
    """A paragraph that holds only a tag of docxtpl and is not printed."""
    return para("KEntry", f"{{%p {tag} %}}")


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
    """One row that breaks over pages: its ruled bottom closes every page. The label is set upright, sign under sign:
    LibreOffice cannot break a row that holds vertical text, and drops what does not fit."""
    margin = "".join(para("KMarginLabel", sign) for sign in "審議経過")
    return row(cell(0, 1, margin, top=True), cell(1, 3, content, top=True), height=0, split=True)


def if_flagged(flagged: str, otherwise: str) -> tuple[str, ...]:
    return run("{%r if block.flagged %}"), flagged, run("{%r else %}"), otherwise, run("{%r endif %}")


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
    + controlled("for paragraph in block.more")
    + para("KSpeechMore", "{{ paragraph }}")
    + controlled("endfor")
    + controlled("elif block.kind == 'explanation'")
    + para("KExplanation", "{{ block.first }}")
    + controlled("elif block.kind == 'decision'")
    + paragraph("KDecision", *if_flagged(run("{{ block.first }}", "KLook"), run("{{ block.first }}")))
    + controlled("else")
    + para("KInaudible", "{{ block.first }}")
    + controlled("endif")
    + controlled("endfor")
)

AGENDA = (
    controlled("for group in form.agenda")
    + para("KEntry", "{{ group.kind }} {{ group.none }}")
    + controlled("for item in group.items")
    + para("KItem", "{{ item }}")
    + controlled("endfor")
    + controlled("endfor")
)

HANDOUTS = controlled("for title in form.handouts") + para("KHandout", "{{ title }}") + controlled("endfor")

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
    row(label(0, 3, "提出された資料等"), cell(3, 1, HANDOUTS), split=True),
)

OUTER = "".join(LINE.format(side=side, size=8) for side in ("top", "left", "bottom", "right"))
INNER = "".join(LINE.format(side=side, size=4) for side in ("insideH", "insideV"))
DOCUMENT = (
    HEAD
    + f'<w:document {NS} xmlns:r="{REL}"><w:body>'
    + para("KFormNumber", "別記第1号様式&#xFF08;第7関係&#xFF09;")
    + para("KTitle", "会&#x3000;議&#x3000;録")
    + f'<w:tbl><w:tblPr><w:tblW w:w="{sum(GRID)}" w:type="dxa"/><w:tblBorders>{OUTER}{INNER}</w:tblBorders>'
    + '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/>'
    + "</w:tblCellMar></w:tblPr><w:tblGrid>"
    + "".join(f'<w:gridCol w:w="{width}"/>' for width in GRID)
    + f"</w:tblGrid>{''.join(ROWS)}</w:tbl>"
    + '<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="20" w:lineRule="exact"/>'
    + '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
    + '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
    + '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1418" '
    + 'w:header="567" w:footer="567" w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="340"/></w:sectPr>'
    + "</w:body></w:document>"
)


# ---- the package ------------------------------------------------------------------------------------------------


def font(name: str, other: str, panose: str, family: str) -> str:
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/><w:charset w:val="80"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="fixed"/></w:font>'
    )


FONT_TABLE = (
    HEAD
    + f"<w:fonts {NS}>"
    + font(
        MINCHO,
        "MS Mincho;游明朝;Yu Mincho;ヒラギノ明朝 ProN;IPAex明朝;Noto Serif CJK JP",
        "02020609040205080304",
        "roman",
    )
    + font(
        GOTHIC,
        "MS Gothic;游ゴシック;Yu Gothic;IPAexゴシック;Noto Sans CJK JP",
        "020B0609070205080204",
        "modern",
    )
    + "</w:fonts>"
)
SETTINGS = (
    HEAD
    + f"""<w:settings {NS}><w:zoom w:percent="100"/><w:defaultTabStop w:val="840"/>
<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/>
<w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>
<w:themeFontLang w:val="en-US" w:eastAsia="ja-JP"/></w:settings>"""
)
HEADER = HEAD + f"<w:hdr {NS}>{para('Header', '{{ form.legend }}')}</w:hdr>"
FOOTER = (
    HEAD
    + f"<w:ftr {NS}>"
    + paragraph("Footer", run("- "), '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>', run(" -"))
    + "</w:ftr>"
)
CORE = HEAD + (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>会議録</dc:title><dc:creator></dc:creator>'
    "<dc:language>ja-JP</dc:language></cp:coreProperties>"
)
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PARTS = {"document": ".main", "styles": "", "settings": "", "fontTable": "", "header1": "", "footer1": ""}


def content_types() -> str:
    kinds = {"header1": "header", "footer1": "footer"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{OFFICE}.{kinds.get(part, part)}{suffix}+xml"/>'
        for part, suffix in PARTS.items()
    )
    return (
        HEAD
        + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        + 'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        + f'ContentType="application/xml"/>{overrides}<Override PartName="/docProps/core.xml" '
        + 'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def relations(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return (
        HEAD
        + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'
    )


def write(path: Path) -> None:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    of_document = [(f"{REL}/{part.rstrip('1')}", f"{part}.xml") for part in list(PARTS)[1:]]
    files = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relations((f"{REL}/officeDocument", "word/document.xml"), (core, "docProps/core.xml")),
        "docProps/core.xml": CORE,
        "word/document.xml": DOCUMENT,
        "word/_rels/document.xml.rels": relations(*of_document),
        "word/styles.xml": STYLES,
        "word/settings.xml": SETTINGS,
        "word/fontTable.xml": FONT_TABLE,
        "word/header1.xml": HEADER,
        "word/footer1.xml": FOOTER,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
