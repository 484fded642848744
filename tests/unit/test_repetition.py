"""The log where the same trouble returns and returns."""

import asyncio
import errno
import logging
from typing import Any

from typing_extensions import override

from caster_scene_audio.repetition import OURS, REMEMBERED, WINDOW_S, Repetition

OWN, FOREIGN = "caster_scene_audio.somewhere", "asyncio"


class Log:
    """What passes, at a time that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.repetition = Repetition(lambda: self.now)
        self.told: list[logging.LogRecord] = []

    def take(self, name: str, message: str, *, level: int = logging.ERROR) -> None:
        self.handle(logging.makeLogRecord({"name": name, "msg": message, "levelno": level}))

    def handle(self, record: logging.LogRecord) -> None:
        if self.repetition.filter(record):
            self.told.append(record)

    @property
    def repeated(self) -> list[Any]:
        return [getattr(each, "repeated", None) for each in self.told]


class Kept(logging.Handler):
    def __init__(self, told: list[logging.LogRecord]) -> None:
        super().__init__()
        self.told = told

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record)


def test_a_librarys_trouble_is_told_first_and_then_counted() -> None:
    log = Log()

    for _ in range(1000):
        log.take(FOREIGN, "No more\nof this")
    log.now = WINDOW_S
    log.take(FOREIGN, "No more\nof that")

    assert log.repeated == [None, 999]


def test_a_trouble_of_many_objects_is_told_of_the_first_hundred() -> None:
    log = Log()

    for _ in range(10 * OURS):
        log.take(OWN, "Call failed", level=logging.WARNING)
    log.take(OWN, "Secret not read", level=logging.WARNING)

    assert len(log.told) == OURS + 1


def test_what_is_no_trouble_and_what_is_critical_is_always_told() -> None:
    log = Log()

    for _ in range(10 * OURS):
        log.take(OWN, "Scene audio applied", level=logging.INFO)
        log.take(OWN, "The end", level=logging.CRITICAL)

    assert len(log.told) == 20 * OURS


def test_troubles_without_number_are_not_all_remembered() -> None:
    log = Log()

    for number in range(3 * REMEMBERED):
        log.take(FOREIGN, f"{number}")
    log.take(FOREIGN, "0")

    assert len(log.told) == 3 * REMEMBERED + 1


def test_a_socket_that_can_accept_nobody_is_told_of_once() -> None:
    log = Log()
    logger = logging.getLogger("asyncio")
    handler = Kept(log.told)
    handler.addFilter(log.repetition)
    logger.addHandler(handler)
    context = {
        "message": "socket.accept() out of system resource",
        "exception": OSError(errno.EMFILE, "Too many open files"),
    }
    loop = asyncio.new_event_loop()
    try:
        for _ in range(500):
            loop.call_exception_handler(context)
    finally:
        loop.close()
        logger.removeHandler(handler)

    assert [each.getMessage() for each in log.told] == [context["message"]]
