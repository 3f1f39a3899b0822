"""Answers as JSON, by pydantic's own encoder (quick for the whole minutes of a long meeting), and as a stream."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi.responses import Response, StreamingResponse
from pydantic_core import to_json


def json(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


def stream_of(events: AsyncIterator[bytes]) -> StreamingResponse:
    """Server-sent events. nginx is told to pass each on at once."""
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
