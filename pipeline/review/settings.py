"""How the application runs: what `kaigiroku review` was told."""

from pathlib import Path

from pydantic import Field

from pipeline.records.base import Record
from pipeline.records.job import DraftOptions

MEBIBYTE = 1 << 20


class ReviewSettings(Record):
    """host and port to listen on; https when a certificate is given, or behind a proxy that speaks it."""

    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False
    upload_limit: int = Field(default=4096 * MEBIBYTE, ge=MEBIBYTE)
    """Bytes of one recording."""
    drafts: DraftOptions = DraftOptions()
    """How drafts started from the page are made."""
    draft_here: bool = True
    """Start a worker for them; False where a batch works on the same library anyway."""

    @property
    def loopback(self) -> bool:
        return self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def secure(self) -> bool:
        """Whether browsers reach it over https only."""
        return self.certificate is not None or self.behind_proxy
