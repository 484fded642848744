"""The dashboard for Grafana, for whoever is on call: what is wrong now stands at the top."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PREFIX = "caster_scene_audio_"
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
SCHEMA_VERSION = 39
"""Of Grafana 11; later ones read it too."""

WIDTH = 24
"""Columns of a dashboard."""

WELL = "Applied|InSync|DriftCorrected|Observed|Suspended"
RATE = "[$__rate_interval]"


@dataclass(frozen=True, kw_only=True)
class Panel:
    title: str
    says: str
    """What to make of it."""
    queries: dict[str, str]
    """By the legend; each without the metrics' prefix, which `%` stands for."""
    kind: str = "timeseries"
    unit: str = "short"
    width: int = 8
    height: int = 7
    bad_from: float | None = None
    """From there on it is red."""
    options: dict[str, Any] = field(default_factory=dict)


def _quantile(part: float) -> str:
    return f"histogram_quantile({part}, sum by (le) (rate(%change_to_call_seconds_bucket{RATE})))"


PANELS = (
    Panel(
        title="Need a person or a look",
        says="Objects that are not as they should be, by reason. kubectl get csa -A -o wide shows which.",
        queries={"{{reason}}": f'sum by (reason) (%objects{{reason!~"{WELL}"}}) > 0'},
        kind="bargauge",
        width=12,
        bad_from=1,
        options={"displayMode": "basic", "orientation": "horizontal"},
    ),
    Panel(
        title="Leaders",
        says="Must be 1. With 0 nobody calls: see the Lease and /readyz.",
        queries={"leaders": "sum(%leader)"},
        kind="stat",
        width=4,
    ),
    Panel(
        title="Namespaces not watched",
        says="/readyz of the leader says which, and why.",
        queries={"namespaces": "count(%namespace_served == 0) or vector(0)"},
        kind="stat",
        width=4,
        bad_from=1,
    ),
    Panel(
        title="Silence of the watch",
        says="The age of the last sign of life from the API server.",
        queries={"silence": "max(%watch_silence_seconds)"},
        kind="stat",
        unit="s",
        width=4,
        bad_from=90,
    ),
    Panel(
        title="From a change to its call",
        says="How long a change waits for its first call. It grows where a quota is used up.",
        queries={"median": _quantile(0.5), "95 of 100": _quantile(0.95)},
        unit="s",
    ),
    Panel(
        title="Waiting for their turn",
        says="Objects whose turn is due: changed, retried, read.",
        queries={"{{priority}}": "sum by (priority) (%queue_depth)"},
    ),
    Panel(
        title="Waiting for their time",
        says="Objects whose next try or reading is still to come.",
        queries={"{{priority}}": "sum by (priority) (%queue_delayed)"},
    ),
    Panel(
        title="Calls by outcome",
        says="Success, and each reason that objects show.",
        queries={"{{outcome}}": f"sum by (outcome) (rate(%calls_total{RATE}))"},
        unit="reqps",
    ),
    Panel(
        title="Failed calls by code",
        says="In the service's words; docs/operations.md says what follows from each.",
        queries={
            "{{action}} {{code}}": f'sum by (action, code) (rate(%calls_total{{code!="OK"}}{RATE}))'
        },
        unit="reqps",
    ),
    Panel(
        title="How long calls take",
        says="95 of 100 are faster.",
        queries={
            "{{action}}": "histogram_quantile(0.95, sum by (le, action)"
            f" (rate(%call_duration_seconds_bucket{RATE})))"
        },
        unit="s",
    ),
    Panel(
        title="Calls an account may make a second",
        says="The operator's own limit. Below the quota it has been throttled, and comes back.",
        queries={"{{account}} {{kind}}": "min by (account, kind) (%account_rate_limit)"},
        unit="reqps",
    ),
    Panel(
        title="Throttled by the service",
        says="Somebody else calls with the account, or its quota is another than the operator's.",
        queries={
            "{{account}} {{kind}}": f"sum by (account, kind) (increase(%account_throttled_total{RATE}))"
        },
    ),
    Panel(
        title="Drift",
        says="Readings that showed drift, and corrections. Who else sets the scenes' audio?",
        queries={
            "found": f"sum(increase(%drift_found_total{RATE}))",
            "corrected": f"sum(increase(%drift_corrected_total{RATE}))",
        },
    ),
)


def dashboard() -> str:
    """As JSON that Grafana imports, and its sidecar loads."""
    return json.dumps(_dashboard(), indent=2) + "\n"


def _dashboard() -> dict[str, Any]:
    return {
        "uid": "caster-scene-audio",
        "title": "Caster scene audio",
        "description": "The operator for the audio of ApsaraVideo Live production studios.",
        "tags": ["caster-scene-audio"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {
            "list": [
                {
                    "name": "datasource",
                    "label": "Prometheus",
                    "type": "datasource",
                    "query": "prometheus",
                }
            ]
        },
        "panels": [*_placed()],
    }


def _placed() -> Iterator[dict[str, Any]]:
    """From left to right, row by row."""
    x = y = tallest = 0
    for number, panel in enumerate(PANELS, start=1):
        if x + panel.width > WIDTH:
            x, y, tallest = 0, y + tallest, 0
        place = {"x": x, "y": y, "w": panel.width, "h": panel.height}
        yield {"id": number, "gridPos": place, **_panel(panel)}
        x, tallest = x + panel.width, max(tallest, panel.height)


def _panel(panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.bad_from is not None:
        steps.append({"color": "red", "value": panel.bad_from})
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.says,
        "datasource": SOURCE,
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "thresholds": {"mode": "absolute", "steps": steps},
            },
            "overrides": [],
        },
        "options": panel.options,
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": SOURCE,
                "expr": query.replace("%", PREFIX),
                "legendFormat": legend,
            }
            for number, (legend, query) in enumerate(panel.queries.items())
        ],
    }
