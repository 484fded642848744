"""What is counted as it happens; how long changes wait for their call."""

import platform
from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)

PREFIX = "caster_scene_audio"
CALL_BUCKETS_S = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
WAIT_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)


class Instruments:
    """Implements `ports.Measures` with Prometheus metrics. `clock` gives monotonic seconds."""

    def __init__(self, *, version: str, clock: Callable[[], float]) -> None:
        # Else each counter has a time beside it, which nobody reads.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry(auto_describe=True)
        self._clock = clock
        self._waiting_since: dict[str, float] = {}
        registry = self.registry
        self.calls = Counter(
            f"{PREFIX}_calls",
            "Calls of ApsaraVideo Live by action, code of the answer and outcome: Success, or the"
            " reason that an object shows for it.",
            ("action", "code", "outcome"),
            registry=registry,
        )
        self.call_seconds = Histogram(
            f"{PREFIX}_call_duration_seconds",
            "How long calls of ApsaraVideo Live took, by action.",
            ("action",),
            buckets=CALL_BUCKETS_S,
            registry=registry,
        )
        self.in_flight = Gauge(
            f"{PREFIX}_calls_in_flight",
            "Calls of ApsaraVideo Live that are under way, by action.",
            ("action",),
            registry=registry,
        )
        self._wait_seconds = Histogram(
            f"{PREFIX}_change_to_call_seconds",
            "From the moment a change of an object is seen to the first update call for it.",
            buckets=WAIT_BUCKETS_S,
            registry=registry,
        )
        self._drift_found = Counter(
            f"{PREFIX}_drift_found",
            "Readings that showed a scene which differs from its spec.",
            registry=registry,
        )
        self._drift_corrected = Counter(
            f"{PREFIX}_drift_corrected",
            "Corrections of drift that the service took.",
            registry=registry,
        )
        self.leader = Gauge(
            f"{PREFIX}_leader",
            "1 while this process is the one that calls the service, else 0.",
            registry=registry,
        )
        self.lease_trouble = Gauge(
            f"{PREFIX}_lease_trouble",
            "1 while this process can't read or write the Lease that it shares, else 0.",
            registry=registry,
        )
        build = Info(f"{PREFIX}_build", "The operator that runs.", registry=registry)
        build.info({"version": version, "python": platform.python_version()})
        ProcessCollector(registry=registry)

    def change_waits(self, uid: str) -> None:
        self._waiting_since.setdefault(uid, self._clock())

    def change_called(self, uid: str) -> None:
        since = self._waiting_since.pop(uid, None)
        if since is not None:
            self._wait_seconds.observe(self._clock() - since)

    def change_dropped(self, uid: str) -> None:
        self._waiting_since.pop(uid, None)

    def drift_found(self) -> None:
        self._drift_found.inc()

    def drift_corrected(self) -> None:
        self._drift_corrected.inc()
