"""What the Word templates of every form are made of: styles, paragraphs, cells, and the package around them."""

import zipfile
from pathlib import Path

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LINE = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
MINCHO = "&#xFF2D;&#xFF33; 明朝"
GOTHIC = "&#xFF2D;&#xFF33; ゴシック"
FONTS = (
    f'<w:rFonts w:hint="eastAsia" w:ascii="{MINCHO}" w:hAnsi="{MINCHO}" w:eastAsia="{MINCHO}" w:cs="Times New Roman"/>'
)
GOTHIC_FONTS = f'<w:rFonts w:hint="eastAsia" w:ascii="{GOTHIC}" w:hAnsi="{GOTHIC}" w:eastAsia="{GOTHIC}"/>'


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


USUAL_STYLES = (
    f"""<w:docDefaults><w:rPrDefault><w:rPr>{FONTS}<w:kern w:val="2"/><w:sz w:val="21"/>
<w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
<w:pPrDefault/></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>
<w:pPr><w:widowControl/></w:pPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>
<w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>
<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>
<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>
</w:tblCellMar></w:tblPr></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>"""
    + built_in("Title", "Title", "paragraph")
    + built_in("Heading1", "heading 1", "paragraph", '<w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr>')
    + built_in("Header", "header", "paragraph", '<w:pPr><w:jc w:val="right"/></w:pPr><w:rPr><w:sz w:val="16"/></w:rPr>')
    + built_in(
        "Footer", "footer", "paragraph", '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr>'
    )
    + built_in("CommentText", "annotation text", "paragraph", '<w:rPr><w:sz w:val="20"/></w:rPr>')
    + built_in("CommentReference", "annotation reference", "character", '<w:rPr><w:sz w:val="16"/></w:rPr>')
)
SHARED_STYLES = (
    style("KFormNumber", "会議録 様式番号")
    + style("KLabel", "会議録 欄名", '<w:jc w:val="distribute"/>')
    + style("KEntry", "会議録 記入", '<w:jc w:val="left"/>')
    + style("KHandout", "会議録 資料", '<w:ind w:left="1050" w:hanging="1050"/><w:jc w:val="left"/>')
    + style("KRole", "会議録 役職", kind="character")
    + style("KLook", "会議録 要確認", run='<w:shd w:val="clear" w:color="auto" w:fill="FFF200"/>', kind="character")
)


# ---- the table --------------------------------------------------------------------------------------------------


def run(text: str, character: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{character}"/></w:rPr>' if character else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(ident: str, *runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{ident}"/></w:pPr>{"".join(runs)}</w:p>'


def para(ident: str, text: str) -> str:
    return paragraph(ident, run(text))


def controlled(tag: str) -> str:
    """A paragraph that holds only a tag of docxtpl and is not printed."""
    return para("KEntry", f"{{%p {tag} %}}")


def if_flagged(flagged: str, otherwise: str) -> tuple[str, ...]:
    return run("{%r if block.flagged %}"), flagged, run("{%r else %}"), otherwise, run("{%r endif %}")


def repeated(loop: str, ident: str, text: str) -> str:
    """A paragraph for each value: loop is ``title in form.handouts``."""
    return controlled(f"for {loop}") + para(ident, text) + controlled("endfor")


def row(*cells: str, height: int = 454, header: bool = False, split: bool = False) -> str:
    properties = ("" if split else "<w:cantSplit/>") + (
        f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    )
    properties += "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(grid: tuple[int, ...], rows: str, title: str, described: str) -> str:
    """Ruled, of fixed width; title and described are what a screen reader says of it."""
    outer = "".join(LINE.format(side=side, size=8) for side in ("top", "left", "bottom", "right"))
    inner = "".join(LINE.format(side=side, size=4) for side in ("insideH", "insideV"))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:tblBorders>{outer}{inner}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/>'
        '</w:tblCellMar><w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{title}"/><w:tblDescription w:val="{described}"/>'
        "</w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
        + f"</w:tblGrid>{rows}</w:tbl>"
    )


# ---- the package ------------------------------------------------------------------------------------------------


def _font(name: str, other: str, panose: str, family: str) -> str:
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/><w:charset w:val="80"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="fixed"/></w:font>'
    )


_FONT_TABLE = (
    HEAD
    + f"<w:fonts {NS}>"
    + _font(
        MINCHO,
        "MS Mincho;游明朝;Yu Mincho;ヒラギノ明朝 ProN;IPAex明朝;Noto Serif CJK JP",
        "02020609040205080304",
        "roman",
    )
    + _font(
        GOTHIC,
        "MS Gothic;游ゴシック;Yu Gothic;IPAexゴシック;Noto Sans CJK JP",
        "020B0609070205080204",
        "modern",
    )
    + "</w:fonts>"
)
_SETTINGS = (
    HEAD
    + f"""<w:settings {NS}><w:zoom w:percent="100"/><w:defaultTabStop w:val="840"/>
<w:characterSpacingControl w:val="compressPunctuation"/><w:strictFirstAndLastChars/><w:compat><w:spaceForUL/>
<w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/>
<w:adjustLineHeightInTable/><w:useFELayout/>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>
<w:themeFontLang w:val="en-US" w:eastAsia="ja-JP"/></w:settings>"""
)
_HEADER = HEAD + f"<w:hdr {NS}>{para('Header', '{{ form.legend }}')}</w:hdr>"
_FOOTER = (
    HEAD
    + f"<w:ftr {NS}>"
    + paragraph("Footer", run("- "), '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>', run(" -"))
    + "</w:ftr>"
)
_CORE = HEAD + (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>会議録</dc:title><dc:creator></dc:creator>'
    "<dc:language>ja-JP</dc:language></cp:coreProperties>"
)
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {"document": ".main", "styles": "", "settings": "", "fontTable": "", "header1": "", "footer1": ""}


def _content_types() -> str:
    kinds = {"header1": "header", "footer1": "footer"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_OFFICE}.{kinds.get(part, part)}{suffix}+xml"/>'
        for part, suffix in _PARTS.items()
    )
    return (
        HEAD
        + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        + 'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        + f'ContentType="application/xml"/>{overrides}<Override PartName="/docProps/core.xml" '
        + 'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return (
        HEAD
        + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'
    )


def _document(content: str) -> str:
    return (
        HEAD
        + f'<w:document {NS} xmlns:r="{REL}"><w:body>'
        + content
        + '<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="20" w:lineRule="exact"/>'
        + '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
        + '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
        + '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1418" '
        + 'w:header="567" w:footer="567" w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="340"/></w:sectPr>'
        + "</w:body></w:document>"
    )


def write(path: Path, content: str, styles: str) -> None:
    """Write a template whose body is content (ending in a table) and which has styles beside the usual ones."""
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    of_document = [(f"{REL}/{part.rstrip('1')}", f"{part}.xml") for part in list(_PARTS)[1:]]
    files = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations((f"{REL}/officeDocument", "word/document.xml"), (core, "docProps/core.xml")),
        "docProps/core.xml": _CORE,
        "word/document.xml": _document(content),
        "word/_rels/document.xml.rels": _relations(*of_document),
        "word/styles.xml": HEAD + f"<w:styles {NS}>{USUAL_STYLES}{SHARED_STYLES}{styles}</w:styles>",
        "word/settings.xml": _SETTINGS,
        "word/fontTable.xml": _FONT_TABLE,
        "word/header1.xml": _HEADER,
        "word/footer1.xml": _FOOTER,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
