"""Python runs this at the start of a process that finds it on PYTHONPATH: its wall clock is wrong.

By the seconds in the file that CHAOS_CLOCK names, which may change at any time. Monotonic clocks
go on as they are, as on a machine whose time somebody sets.
"""

import os
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace

from kubernetes.aio.leaderelection import leaderelection as election

from caster_scene_audio import operation
from caster_scene_audio.adapters.live import client, identity

OFFSET = Path(os.environ["CHAOS_CLOCK"])


def offset_s() -> float:
    return float(OFFSET.read_text() or 0)


def now(tz: tzinfo | None = None) -> datetime:
    return datetime.now(tz) + timedelta(seconds=offset_s())


for module in (operation, client, identity):
    assert vars(module)["datetime"] is datetime, module
    vars(module)["datetime"] = SimpleNamespace(now=now)
assert vars(election)["time"] is time
vars(election)["time"] = SimpleNamespace(time=lambda: time.time() + offset_s())
