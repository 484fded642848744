"""How things stand at the moment of a scrape: objects, lines, accounts, the watch."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from typing_extensions import override

from caster_scene_audio.adapters.metrics.instruments import PREFIX
from caster_scene_audio.adapters.metrics.labels import OTHER, by_account
from caster_scene_audio.domain.decision import Priority
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.health import Watches
from caster_scene_audio.reconciler.snapshot import Snapshot

MAX_NAMESPACES = 100
"""Those that are named first on the command line; all others are one."""

PENDING = "Pending"
"""Of objects for which nothing was reported yet."""


class StateCollector(Collector):
    """Gives the metrics of how things stand; asks for a snapshot each time it is scraped."""

    def __init__(self, snapshot: Callable[[], Snapshot], watches: Watches) -> None:
        self._snapshot = snapshot
        self._watches = watches

    @override
    def collect(self) -> Iterator[Metric]:
        snapshot = self._snapshot()
        yield _objects(snapshot)
        yield _line("queue_depth", "Objects whose turn is due, by priority.", snapshot.due)
        yield _line(
            "queue_delayed", "Objects that wait for their time, by priority.", snapshot.delayed
        )
        yield from _accounts(snapshot)
        silence = GaugeMetricFamily(
            f"{PREFIX}_watch_silence_seconds",
            "Age of the last sign of life from the watch of the API server.",
        )
        silence.add_metric((), self._watches.silent_for_s)
        yield silence
        yield _served(self._watches.are_served)


def _served(namespaces: Mapping[str, bool]) -> Metric:
    """Beyond the bound all are one, which is served where each of them is.

    The label isn't called namespace: Prometheus gives that to the pod's.
    """
    family = GaugeMetricFamily(
        f"{PREFIX}_namespace_served",
        "1 where the namespace is watched, else 0; * is all namespaces as one.",
        labels=("watched_namespace",),
    )
    named = [*namespaces][:MAX_NAMESPACES]
    for name in named:
        family.add_metric((name,), namespaces[name])
    if rest := [namespaces[name] for name in namespaces if name not in named]:
        family.add_metric((OTHER,), all(rest))
    return family


def rendered(registry: CollectorRegistry, accept: str) -> tuple[bytes, str]:
    """The metrics and their content type, in the format that an Accept header asks for."""
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


def _objects(snapshot: Snapshot) -> Metric:
    family = GaugeMetricFamily(
        f"{PREFIX}_objects", "Objects by the reason of their condition Ready.", labels=("reason",)
    )
    counts: dict[str, int] = dict.fromkeys((PENDING, *Reason), 0)
    for reason, count in snapshot.reasons.items():
        word = PENDING if reason is None else reason if reason in counts else OTHER
        counts[word] = counts.get(word, 0) + count
    for word, count in counts.items():
        family.add_metric((str(word),), count)
    return family


def _line(name: str, what: str, counts: dict[Priority, int]) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", what, labels=("priority",))
    for priority in Priority:
        family.add_metric((priority.name.lower(),), counts.get(priority, 0))
    return family


def _accounts(snapshot: Snapshot) -> Iterable[Metric]:
    labels = ("account", "kind")
    rate = GaugeMetricFamily(
        f"{PREFIX}_account_rate_limit",
        "Calls a second that the operator allows itself for an account at present.",
        labels=labels,
    )
    tokens = GaugeMetricFamily(
        f"{PREFIX}_account_tokens",
        "Calls for an account that may leave at once: 1 or 0.",
        labels=labels,
    )
    throttles = CounterMetricFamily(
        f"{PREFIX}_account_throttled",
        "Calls for an account that the service throttled.",
        labels=labels,
    )
    for pace in by_account(snapshot.paces):
        place = (pace.account, pace.kind)
        rate.add_metric(place, pace.rate_per_s)
        tokens.add_metric(place, pace.tokens)
        throttles.add_metric(place, pace.throttles)
    return rate, tokens, throttles
