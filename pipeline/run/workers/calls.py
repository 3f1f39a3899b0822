"""A call of an engine as data, so that it can be answered elsewhere: paths and records go, records come back."""

from dataclasses import dataclass
from typing import Any, Literal

from pipeline.contracts import Engine, Progress
from pipeline.errors import EngineError
from pipeline.records.job import EngineChoice

Kind = Literal["decoder", "detector", "transcriber", "diarizer"]
_METHODS: dict[Kind, str] = {
    "decoder": "decode",
    "detector": "detect",
    "transcriber": "decode",
    "diarizer": "diarize",
}
_NO_MEMORY = ("out of memory", "bad_alloc", "allocate memory", "not enough memory", "can't start new thread")


@dataclass(frozen=True)
class Call:
    """Which engine is asked, and the arguments of its one method without the last, progress."""

    choice: EngineChoice
    kind: Kind
    arguments: tuple[Any, ...]


class Bench:
    """The engines of one worker: opened when first asked, kept open from meeting to meeting."""

    def __init__(self) -> None:
        self._choice: EngineChoice | None = None
        self._engines: dict[Kind, Engine] = {}

    def answer(self, call: Call, progress: Progress) -> Any:
        """Do the call. An engine that fails is closed: nobody knows what state it is in. Raises MemoryError for what it
        says, in words of its own, when there is too little."""
        engine = self._engine(call)
        try:
            engine.open()
            return getattr(engine, _METHODS[call.kind])(*call.arguments, progress)
        except BaseException as error:
            engine.close()
            if _lacks_memory(error):
                raise MemoryError(str(error)) from error
            raise

    def close(self) -> None:
        for engine in self._engines.values():
            engine.close()
        self._choice, self._engines = None, {}

    def _engine(self, call: Call) -> Engine:
        if call.choice != self._choice:  # other models: the old ones would only take memory
            from pipeline.run.wiring import engines_for

            self.close()
            found = engines_for(call.choice)
            self._choice = call.choice
            self._engines = {kind: getattr(found, kind) for kind in _METHODS}
        return self._engines[call.kind]


def _lacks_memory(error: BaseException) -> bool:
    """Whether that is the reason and not told yet: libraries say it in their own ways, and a model that does not load
    for it looks damaged."""
    if isinstance(error, EngineError) and "out of memory" in error.cause:
        return False
    reason: BaseException | None = error
    while reason is not None:
        if isinstance(reason, MemoryError) or any(words in str(reason).lower() for words in _NO_MEMORY):
            return True
        reason = reason.__cause__ or reason.__context__
    return False
