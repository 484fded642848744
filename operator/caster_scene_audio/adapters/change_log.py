"""Change records, a JSON line for each: to a file, or to the operator's log."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from logging.handlers import QueueListener, WatchedFileHandler
from queue import SimpleQueue
from typing import Any

from typing_extensions import override

from caster_scene_audio.domain.change_record import ChangeRecord
from caster_scene_audio.ports import ChangeLog

TO_THE_LOG = "log"
"""In place of a file's name."""

MOST_WAITING = 10_000
"""Records that wait for the file; where it takes none, later ones are lost."""

log = logging.getLogger(__name__)


class ChangeLogUnusable(Exception):  # noqa: N818 (named for what is the case)
    """The file can't be written to."""


class _Record(dict[str, Any]):
    """Is JSON as text too, in whatever format the log has."""

    @override
    def __str__(self) -> str:
        return _line(self)


class LoggedChanges:
    """Implements `ports.ChangeLog` by lines of the log."""

    def record(self, change: ChangeRecord) -> None:
        log.info("Scene written", extra={"change": _Record(change.as_json())})


class _File(WatchedFileHandler):
    """Follows a file that is moved away. What can't be written is told, without the line."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        log.error("A change record could not be written", extra={"file": self.baseFilename})


class FiledChanges:
    """Implements `ports.ChangeLog` by a file, to which a thread appends what waits for it."""

    def __init__(self) -> None:
        self.waiting: SimpleQueue[logging.LogRecord] = SimpleQueue()

    def record(self, change: ChangeRecord) -> None:
        if self.waiting.qsize() >= MOST_WAITING:
            log.error(
                "A change record is lost: the file takes none", extra={"object": change.object}
            )
            return
        line = _line(change.as_json())
        self.waiting.put_nowait(logging.makeLogRecord({"msg": "%s", "args": (line,)}))


@asynccontextmanager
async def change_log(target: str | None) -> AsyncIterator[ChangeLog | None]:
    """None where none is wanted; raises ChangeLogUnusable. What waits is written at the end."""
    if not target:
        yield None
    elif target == TO_THE_LOG:
        yield LoggedChanges()
    else:
        changes = FiledChanges()
        listener = await asyncio.to_thread(_listening, target, changes.waiting)
        try:
            yield changes
        finally:
            await asyncio.to_thread(_ended, listener)


def _listening(target: str, waiting: "SimpleQueue[logging.LogRecord]") -> QueueListener:
    listener = QueueListener(waiting, _opened(target))
    listener.start()
    return listener


def _ended(listener: QueueListener) -> None:
    listener.stop()
    for handler in listener.handlers:
        with suppress(OSError):  # it was told of the line that was left unwritten
            handler.close()


def _opened(target: str) -> logging.Handler:
    try:
        handler = _File(target, encoding="utf-8")
    except OSError as error:
        raise ChangeLogUnusable(f"{target}: {error.strerror}") from None
    handler.setFormatter(logging.Formatter("%(message)s"))
    return handler


def _line(members: dict[str, Any]) -> str:
    return json.dumps(members, ensure_ascii=False)
