"""Faults of the API server, and of the way to it. Each lasts until its context ends."""

import asyncio
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from aiohttp import web

from tests.support.chaos.gate import Rule, dropped, is_watch, is_write
from tests.support.chaos.patience import insisted
from tests.support.chaos.theatre import Theatre

STATUS = {"kind": "Status", "apiVersion": "v1", "status": "Failure"}
GONE = {**STATUS, "code": 410, "reason": "Expired", "message": "too old resource version"}


@contextmanager
def _ruled(theatre: Theatre, rule: Rule) -> Iterator[None]:
    theatre.gate.rules = (*theatre.gate.rules, rule)
    try:
        yield
    finally:
        theatre.gate.rules = tuple(each for each in theatre.gate.rules if each is not rule)


@contextmanager
def watch_is_cut(theatre: Theatre, _: Random) -> Iterator[None]:
    """By something in between, twice."""
    theatre.gate.cut_watches()
    yield
    theatre.gate.cut_watches()


@contextmanager
def watch_is_silent(theatre: Theatre, _: Random) -> Iterator[None]:
    """It stays open and tells nothing, while all else works."""
    theatre.gate.silence_watches()
    yield


@contextmanager
def watch_rewinds(theatre: Theatre, chance: Random) -> Iterator[None]:
    """Half of the events come after those before them came again, as from a server that is behind."""
    usual, theatre.gate.rewinds = theatre.gate.rewinds, lambda: chance.random() < 0.5
    try:
        yield
    finally:
        theatre.gate.rewinds = usual


@contextmanager
def watch_is_gone(theatre: Theatre, chance: Random) -> Iterator[None]:
    """410: at once, or as an event of a watch that has begun."""

    async def rule(request: web.Request) -> web.StreamResponse | None:
        if not is_watch(request):
            return None
        if chance.random() < 0.5:
            return web.json_response(GONE, status=410)
        event = {"type": "ERROR", "object": GONE}
        return web.Response(text=f"{json.dumps(event)}\n", content_type="application/json")

    with _ruled(theatre, rule):
        theatre.gate.cut_watches()
        yield


@contextmanager
def api_server_throttles(theatre: Theatre, chance: Random) -> Iterator[None]:
    """429 for half of the requests."""

    async def rule(_: web.Request) -> web.StreamResponse | None:
        if chance.random() < 0.5:
            return None
        headers = {"Retry-After": "1"}
        return web.json_response({**STATUS, "code": 429}, status=429, headers=headers)

    with _ruled(theatre, rule):
        yield


@contextmanager
def api_server_fails(theatre: Theatre, chance: Random) -> Iterator[None]:
    """5xx for half of the requests, as JSON or as the page of something in between."""

    async def rule(_: web.Request) -> web.StreamResponse | None:
        if chance.random() < 0.5:
            return None
        status = chance.choice((500, 502, 503, 504))
        if status == 502:
            return web.Response(text="<html>Bad Gateway</html>", status=status)
        return web.json_response({**STATUS, "code": status}, status=status)

    with _ruled(theatre, rule):
        yield


@contextmanager
def api_server_answers_are_lost(theatre: Theatre, chance: Random) -> Iterator[None]:
    """Half of the writes are taken, and nobody hears of it; a third of the rest never arrives."""

    async def rule(request: web.Request) -> web.StreamResponse | None:
        if is_watch(request) or chance.random() < 0.5:
            return None
        if is_write(request):
            await theatre.gate.taken(request)
        return dropped(request) if is_write(request) or chance.random() < 0.3 else None

    with _ruled(theatre, rule):
        yield


@contextmanager
def api_server_is_slow(theatre: Theatre, chance: Random) -> Iterator[None]:
    """Up to 2 s for each request."""

    async def rule(_: web.Request) -> web.StreamResponse | None:
        await asyncio.sleep(chance.uniform(0, 2))
        return None

    with _ruled(theatre, rule):
        yield


@contextmanager
def connections_are_half_open(theatre: Theatre, _: Random) -> Iterator[None]:
    """All that are open now pass no byte any more, without a sign; new ones do."""
    for each in theatre.players:
        each.relay.strand()
    yield


@contextmanager
def way_is_cut(theatre: Theatre, chance: Random) -> Iterator[None]:
    """Of one replica: no byte passes until it is mended, and what was open then stays dead."""
    player = chance.choice([*theatre.players])
    player.relay.cut()
    try:
        yield
    finally:
        player.relay.strand()


@contextmanager
def api_server_is_killed(theatre: Theatre, _: Random) -> Iterator[None]:
    theatre.plane.kill_api_server()
    try:
        yield
    finally:
        theatre.plane.start_api_server()


@contextmanager
def api_server_hangs(theatre: Theatre, _: Random) -> Iterator[None]:
    theatre.plane.signal_api_server(signal.SIGSTOP)
    try:
        yield
    finally:
        theatre.plane.signal_api_server(signal.SIGCONT)
        insisted(lambda: theatre.plane.kubectl("get", "--raw=/readyz", "--request-timeout=5s"))


@contextmanager
def etcd_hangs(theatre: Theatre, _: Random) -> Iterator[None]:
    theatre.plane.signal_etcd(signal.SIGSTOP)
    try:
        yield
    finally:
        theatre.plane.signal_etcd(signal.SIGCONT)
        insisted(lambda: theatre.plane.kubectl("get", "--raw=/readyz", "--request-timeout=5s"))
