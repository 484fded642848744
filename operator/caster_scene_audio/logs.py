"""Logs: a constant sentence and values, as text for people or one JSON object a line."""

import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any, Literal

from pythonjsonlogger.json import JsonFormatter
from typing_extensions import override

from caster_scene_audio.repetition import Repetition
from caster_scene_audio.settings import Settings

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_QUIETER = {
    "kopf": logging.CRITICAL,  # tells each try; the watch tells what came of it, at a pace
    "kubernetes.aio.leaderelection": logging.CRITICAL,  # tells each try; ours tells what changed
}
"""Libraries that say below these levels what is of no use to who runs the operator."""


class TextFormatter(logging.Formatter):
    """`time level sentence key=value …`; values that are None are left out."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname:<7} {message}", style="{")

    @override
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return _moment(record)

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        values = (f"{name}={_text(value)}" for name, value in _values(record).items())
        return " ".join((super().formatMessage(record), *values))


class ObjectFormatter(JsonFormatter):
    """One JSON object a line, with the values beside the sentence."""

    @override
    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        super().add_fields(log_data, record, message_dict)
        facts = {"time": _moment(record), "level": record.levelname.lower(), "logger": record.name}
        message = log_data.pop("message", record.getMessage())
        rest = {name: value for name, value in log_data.items() if value is not None}
        log_data.clear()
        log_data.update(facts | {"message": message} | rest)


def configure(settings: Settings) -> None:
    """Log to standard error; to be called once, by the program."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(settings.log_format))
    handler.addFilter(Repetition(time.monotonic))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for name, level in _QUIETER.items():
        logging.getLogger(name).setLevel(max(level, logging.getLogger().level))


def _formatter(log_format: Literal["json", "text"]) -> logging.Formatter:
    return ObjectFormatter("%(message)s") if log_format == "json" else TextFormatter()


def _values(record: logging.LogRecord) -> dict[str, object]:
    return {
        name: value
        for name, value in vars(record).items()
        if name not in _STANDARD and value is not None
    }


def _text(value: object) -> str:
    text = value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
    return repr(text) if " " in text or not text else text


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
