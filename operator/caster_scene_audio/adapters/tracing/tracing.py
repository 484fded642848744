"""Whether changes are traced: not without an endpoint, and then at no cost."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from caster_scene_audio.ports import Cluster, Live, NoTraces, Traces

EXTRA = "caster-scene-audio-operator[tracing]"
NEEDED = ("opentelemetry", "opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
PATH = "/v1/traces"
"""Where a collector takes traces, by OTLP's own specification."""


@dataclass(frozen=True, slots=True)
class Tracing:
    """What follows changes, and what is put around the service and the API server for that."""

    traces: Traces
    live: Callable[[Live], Live]
    cluster: Callable[[Cluster], Cluster]


def parse_otlp_endpoint(text: str | None) -> str | None:
    """The URL with its path. Raises ValueError for what is no URL, or where the extra is missing."""
    if text is None:
        return None
    try:
        url = urlsplit(text)
    except ValueError:
        url = urlsplit("")
    if url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc:
        raise ValueError("should be a URL such as http://collector:4318, without a password")
    if not _is_installed():
        raise ValueError(f"needs an extra that is not installed: pip install '{EXTRA}'")
    return url._replace(path=PATH).geturl() if url.path in {"", "/"} else text


def _is_installed() -> bool:
    return all(find_spec(each) is not None for each in NEEDED)


@asynccontextmanager
async def tracing(endpoint: str | None, *, name: str, version: str) -> AsyncIterator[Tracing]:
    """`endpoint`: as it is given; None: nothing is followed, and nothing of OpenTelemetry loaded."""
    url = parse_otlp_endpoint(endpoint)
    if url is None:
        yield Tracing(NoTraces(), _same, _same)
        return
    room = __package__
    exporting: Any = import_module(f"{room}.exporting").exporting
    traced_live: Any = import_module(f"{room}.traced_live").TracedLive
    traced_cluster: Any = import_module(f"{room}.traced_cluster").TracedCluster
    async with exporting(url, name=name, version=version) as traces:
        yield Tracing(
            traces, lambda live: traced_live(live, traces), lambda to: traced_cluster(to, traces)
        )


def _same(one: Any) -> Any:
    return one
