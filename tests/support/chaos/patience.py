"""Work that is done in spite of the weather."""

import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

from kubernetes.client import ApiException
from urllib3.exceptions import HTTPError

from dev.control_plane.failure import ControlPlaneError

T = TypeVar("T")

TROUBLE = (
    ControlPlaneError,
    subprocess.TimeoutExpired,
    ApiException,
    HTTPError,
    OSError,
)
"""What a request to an API server may end in while faults last."""

PATIENCE_S = 90.0
PAUSE_S = 0.5


def insisted(work: Callable[[], T], *, within_s: float = PATIENCE_S) -> T:
    """What it gives once it succeeds: another fault may stand in its way for a while."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            return work()
        except TROUBLE:
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_S)
