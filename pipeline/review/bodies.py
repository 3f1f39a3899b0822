"""What a request brings: its body as a record, read as JSON by pydantic itself so that strict records take dates and
tuples; and numbers that every database can hold."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from pipeline.records.base import Record

R = TypeVar("R", bound=Record)
LIMIT = 8 << 20
"""Bytes. A whole explanation pasted into one turn is far below."""
LARGEST = 2**31 - 1
"""Of an integer in every database."""
Number = Annotated[int, Query(ge=0, le=LARGEST)]


def body_of(kind: type[R]) -> Callable[[Request], Awaitable[R]]:
    """A dependency: ``Annotated[EditRequest, Depends(body_of(EditRequest))]``."""

    async def read(request: Request) -> R:
        data = bytearray()
        try:
            async for chunk in request.stream():
                data += chunk
                if len(data) > LIMIT:
                    raise HTTPException(413, "送られた内容が大きすぎます。")
        except ClientDisconnect:  # the page was closed: nobody reads the answer
            raise HTTPException(400, "送信が途中で切れました。") from None
        try:
            return kind.model_validate_json(bytes(data))
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_url=False, include_input=False)) from None

    return read


def json_body(kind: type[R]) -> Any:
    """The annotation's metadata: ``Annotated[EditRequest, json_body(EditRequest)]``."""
    return Depends(body_of(kind))
