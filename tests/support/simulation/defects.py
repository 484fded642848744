"""What the operator stumbled on: an ERROR in its log, which no scenario may cause unsaid."""

import logging

from typing_extensions import override

LOGGERS = ("caster_scene_audio", "asyncio")
"""Where a defect is told."""


class Defects(logging.Handler):
    """Keeps every ERROR while it listens."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(f"{record.getMessage()} {record.exc_info}")

    def listen(self) -> None:
        for name in LOGGERS:
            logging.getLogger(name).addHandler(self)

    def leave(self) -> None:
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(self)
