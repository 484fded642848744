"""What is measured, for people as a table and for programs as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

NAMES = {
    "change_to_call_ms": "the user's change leaves → the call arrives, median, ms",
    "created_cpu_ms": "CPU for a created object, no quota, ms",
    "changed_cpu_ms": "CPU for a changed object, no quota, ms",
    "created_waiting_cpu_ms": "CPU for a created object that waits for the quota, ms",
    "changed_waiting_cpu_ms": "CPU for a changed object that waits for the quota, ms",
    "few_rss_mb": "memory with the few objects, RSS, MB",
    "few_pss_mb": "memory with the few objects, PSS, MB",
    "many_rss_mb": "memory with the many objects, RSS, MB",
    "many_pss_mb": "memory with the many objects, PSS, MB",
    "waiting_spread_s": "created at once, quota of 10 a second: first to last call, s",
    "waiting_throttled": "likewise: calls that were throttled",
    "burst_ms": "ten changed at once under the quota: first to last call, ms",
    "restart_serving_s": "restart with the many objects: serving after, s",
    "restart_cpu_s": "restart with the many objects: CPU while watched, s",
    "restart_calls": "restart with the many objects: updates that were called",
}
"""In the order of the table."""

Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is done in a round."""

    few: int = 300
    waiting: int = 200
    many: int = 2_000
    changes: int = 50
    watched_s: float = 20
    """So long a restarted operator is looked at."""
    rounds: int = 2


QUICK = Size(few=150, waiting=40, many=300, changes=30, watched_s=5, rounds=1)


def middle(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure, whichever rounds have it."""
    return {
        name: median(found)
        for name in NAMES
        if (found := [each[name] for each in rounds if name in each])
    }


def report(size: Size, found: Mapping[str, Figures]) -> dict[str, Any]:
    """The first of `found` is ours. A ratio is ours by the other's, where both are known."""
    return {
        "size": asdict(size),
        "figures": {name: _figure(name, found) for name in NAMES},
    }


def _figure(name: str, found: Mapping[str, Figures]) -> dict[str, float | None]:
    (ours, own), *others = found.items()
    figure = {ours: own.get(name)}
    for title, figures in others:
        figure[title] = figures.get(name)
        figure[f"by {title}"] = _ratio(own.get(name), figures.get(name))
    return figure


def _ratio(ours: float | None, others: float | None) -> float | None:
    return ours / others if ours is not None and others else None


def table(report: dict[str, Any]) -> str:
    """Markdown; a dash stands for what was not measured."""
    figures = report["figures"]
    titles = ["", *next(iter(figures.values()))]
    rows = [[NAMES[name], *map(_shown, figure.values())] for name, figure in figures.items()]
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
