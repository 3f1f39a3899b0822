"""The way to a public copy: asked, masked, rendered, looked through, and only then given out."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from pipeline.errors import WithheldError
from pipeline.publication.contents import UNREADABLE, Piece, pieces
from pipeline.publication.leaks import Finder, Leak
from pipeline.publication.masking import Mask, public_minutes
from pipeline.publication.questions import still_open
from pipeline.records.minutes import Minutes

Files = Sequence[tuple[str, bytes]]
Render = Callable[[Minutes], Files]
"""Minutes to finished files (name, bytes)."""
_SHOWN = 3


class PublicCopy(NamedTuple):
    """Finished files that were looked through, and the minutes they were made of."""

    minutes: Minutes
    files: Files


def public_copy(minutes: Minutes, mask: Mask, render: Render, folder_name: str) -> PublicCopy:
    """Make the files. Raises WithheldError, with nothing made, when anything withheld could be found in them or in
    their names, when withheld words stand elsewhere in the open, or when a file cannot be looked through."""
    given = _checked(minutes)
    if found := still_open(given):
        raise WithheldError(
            f"{_told(found)}。", "そこも非公開に指定するか、その指定に「他の箇所は公開してよい」と記録してください。"
        )
    copied = public_minutes(given, mask)
    files = render(copied)
    leaks = _leaks(given, files, render(_empty(given)), mask, folder_name)
    if leaks:
        told = [f"{leak.where}に「{leak.found}」" for leak in dict.fromkeys(leaks)]
        raise WithheldError(
            f"非公開とした内容が公開用のファイルに残ります: {_told(told)}。何も書き出していません。",
            "非公開の指定、様式の中の文字、フォルダの名前を確かめてください。",
        )
    return PublicCopy(copied, files)


def _checked(minutes: Minutes) -> Minutes:
    try:
        return Minutes.model_validate(minutes.model_dump())
    except ValidationError as error:
        raise WithheldError(
            f"非公開の指定が本文に合いません({error.errors()[0]['msg']})。", "指定をやり直してください。"
        ) from None


def _leaks(given: Minutes, files: Files, empty: Files, mask: Mask, folder_name: str) -> list[Leak]:
    """What of given can be found in files. empty are the same files of minutes that say nothing."""
    try:
        own = [piece for name, data in empty for piece in pieces(name, data)]
        finder = Finder(given, [*own, Piece("", mask.of())])
        leaks = list(finder.leaks_in(Piece("フォルダの名前", folder_name)))
        return leaks + [leak for name, data in files for leak in finder.leaks(name, data)]
    except UNREADABLE as error:
        raise WithheldError(
            f"公開用のファイルを調べられませんでした({type(error).__name__}: {error})。何も書き出していません。",
            "様式(template.docx)を直すか、別の形式で書き出してください。",
        ) from error


def _empty(minutes: Minutes) -> Minutes:
    """Minutes that say nothing, to know which text is the form's own."""
    return minutes.model_copy(
        update={
            "name": None,
            "secretariat": None,
            "place": None,
            "agenda": (),
            "roster": (),
            "handouts": (),
            "body": (),
            "warnings": (),
            "meeting_openness": minutes.meeting_openness.model_copy(update={"reason": None}),
            "minutes_openness": minutes.minutes_openness.model_copy(update={"reason": None}),
        }
    )


def _told(found: Iterable[str]) -> str:
    given = list(found)
    more = f" ほか{len(given) - _SHOWN}件" if len(given) > _SHOWN else ""
    return "、".join(given[:_SHOWN]) + more
