"""What is wrong with a form before it is used: names the minutes do not have, values that are not printed, styles that
are missing. Told in Japanese, to the clerk who edited it in Word."""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin

import docx
import jinja2
from docx.oxml.ns import qn
from jinja2 import nodes

from pipeline.errors import TemplateError
from pipeline.records.base import Record
from pipeline.render.form import Form
from pipeline.render.form_folder import FormFolder, Styles
from pipeline.render.templates import check_tags, environment

_PREFIX = re.compile(r"(\{[{%])(?:p|tr|tc|r)(?=\s)")
"""docxtpl's own signs for a tag that takes its paragraph, row, cell or run with it."""


class Finding(NamedTuple):
    """One thing that is wrong, in Japanese. fatal: no document can be made."""

    text: str
    fatal: bool = True


def check_word(path: Path, folder: FormFolder) -> list[Finding]:
    """Findings about a Word template for the form of this folder, those that stop it first. Raises TemplateError for a
    file that is no Word file."""
    document = _opened(path)
    paragraphs = list(_paragraphs(document))
    try:
        check_tags(path, paragraphs)
    except TemplateError as error:
        return [Finding(f"閉じていない印があります: {error.cause}")]
    return sorted(
        [*_check("\n".join(paragraphs), folder), *_missing_styles(document, folder.settings.styles)], key=_late
    )


def check_text(path: Path, folder: FormFolder) -> list[Finding]:
    """The same for template.html and template.txt."""
    return sorted(_check(path.read_text(encoding="utf-8"), folder), key=_late)


def printable_values(record: type[Record] = Form, prefix: str = "form") -> Iterator[str]:
    """Every value a template may print: form.name, form.body[].first …"""
    for name, field in record.model_fields.items():
        inner, many = _unwrapped(field.annotation)
        here = f"{prefix}.{name}{'[]' if many else ''}"
        yield here
        if isinstance(inner, type) and issubclass(inner, Record):
            yield from printable_values(inner, here)


def _late(finding: Finding) -> bool:
    return not finding.fatal


def _opened(path: Path) -> Any:
    try:
        return docx.Document(str(path))
    except Exception as error:  # whatever python-docx, zipfile or lxml say about a broken file
        raise TemplateError(
            f"{path}: Wordのファイルとして開けません({error})。", "Wordで開いて保存し直してください。"
        ) from None


def _paragraphs(document: Any) -> Iterator[str]:
    """Texts of the body, headers and footers."""
    parts = [document.element.body]
    for section in document.sections:
        parts += [section.header._element, section.footer._element]
    for part in parts:
        for paragraph in part.iter(qn("w:p")):
            yield "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


def _check(source: str, folder: FormFolder) -> Iterator[Finding]:
    plain = _PREFIX.sub(r"\1", source)
    try:
        tree = environment(folder.folder, escaping=False).parse(plain)
    except jinja2.TemplateError as error:
        yield Finding(f"書き方に誤りがあります: {error}")
        return
    walk = _Walk()
    walk.visit(tree, {"form": Form})
    for name, known in walk.unknown:
        wanted = name.split(".")[-1]
        close = [one for one in known if one == f"form.{wanted}"] or difflib.get_close_matches(wanted, known, n=1)
        hint = f"。「{close[0]}」のことですか" if close else ""
        yield Finding(f"会議録にない名前です: {name}{hint}")
    for field, label in folder.settings.fields.items():
        if field not in walk.used:
            yield Finding(f"印字されない項目があります: {label}(form.{field})", fatal=False)


def _missing_styles(document: Any, styles: Styles) -> Iterator[Finding]:
    there = {style.name for style in document.styles}
    for use, name in styles:
        if name not in there:
            yield Finding(f"スタイル「{name}」({use})がありません。form.tomlの[styles]を直してください", use == "look")


def _unwrapped(annotation: Any) -> tuple[Any, bool]:
    """tuple[X, ...] → (X, True); X → (X, False)."""
    return (get_args(annotation)[0], True) if get_origin(annotation) is tuple else (annotation, False)


_Names = Mapping[str, Any]
_UNKNOWN = object()
_LOOP = {"index", "index0", "first", "last", "length", "revindex", "previtem", "nextitem"}


class _Walk:
    """Follows the types of the minutes through a template. used: fields of the form that occur; unknown: what no field
    is, with the names there are."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.unknown: list[tuple[str, list[str]]] = []

    def visit(self, node: nodes.Node, names: _Names) -> None:
        match node:
            case nodes.For():
                inner, many = _unwrapped(self._type(node.iter, names))
                known = {**names, "loop": "loop"}
                if isinstance(node.target, nodes.Name):
                    known[node.target.name] = inner if many else _UNKNOWN
                for child in [*([node.test] if node.test else []), *node.body, *node.else_]:
                    self.visit(child, known)
            case nodes.Expr():
                self._type(node, names)
            case _:
                for child in node.iter_child_nodes():
                    self.visit(child, names)

    def _type(self, node: nodes.Node, names: _Names) -> Any:
        match node:
            case nodes.Name():
                if node.name not in names:
                    self.unknown.append((node.name, [*names, *(f"form.{name}" for name in Form.model_fields)]))
                return names.get(node.name, _UNKNOWN)
            case nodes.Getattr():
                return self._attribute(node, names)
            case nodes.Getitem():
                inner, many = _unwrapped(owner := self._type(node.node, names))
                return inner if many and not isinstance(node.arg, nodes.Slice) else owner
        for child in node.iter_child_nodes():
            self._type(child, names)
        return _UNKNOWN

    def _attribute(self, node: nodes.Getattr, names: _Names) -> Any:
        owner = self._type(node.node, names)
        if owner is Form:
            self.used.add(node.attr)
        if isinstance(owner, type) and issubclass(owner, Record):
            if node.attr in owner.model_fields:
                return owner.model_fields[node.attr].annotation
            self.unknown.append((f"{_written(node.node)}.{node.attr}", list(owner.model_fields)))
        elif owner == "loop" and node.attr not in _LOOP:
            self.unknown.append((f"loop.{node.attr}", sorted(_LOOP)))
        return _UNKNOWN


def _written(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_written(node.node)}.{node.attr}"
    return "…"
