"""Which account a key belongs to, asked of STS."""

import asyncio
from dataclasses import replace

import pytest

from caster_scene_audio.adapters.live.identity import CallerIdentity
from tests.support.live.live_calls import KEY
from tests.support.live.odd_server import http, odd_server, says

KNOWN = says(http(200, {"AccountId": "1234567890"}))


async def test_the_account_is_asked_for_once_through_the_proxy_that_is_named() -> None:
    async with odd_server(KNOWN) as proxy:
        identity = CallerIdentity(
            endpoint="http://sts.example",
            proxy=proxy.url,
            clock=asyncio.get_running_loop().time,
        )

        accounts = [await identity.account_of(KEY) for _ in range(3)]

        assert accounts == ["1234567890"] * 3
        (head,) = proxy.heads
        assert head.startswith(b"POST http://sts.example/ ")
        assert b"x-acs-action: GetCallerIdentity" in head


async def test_an_account_that_is_not_told_is_none_and_asked_for_again_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = 0.0
    async with odd_server(says(http(403, b"no"))) as sts:
        identity = CallerIdentity(endpoint=sts.url, clock=lambda: now)

        first = [await identity.account_of(KEY) for _ in range(2)]
        sts.behaviour = KNOWN
        now = 601.0
        later = await identity.account_of(KEY)

        assert first == [None, None]
        assert later == "1234567890"
        assert len(sts.heads) == 2
    assert "HTTP 403" in str([vars(record) for record in caplog.records])


async def test_who_knows_a_keys_id_alone_is_not_told_its_account() -> None:
    async with odd_server(KNOWN) as sts:
        identity = CallerIdentity(endpoint=sts.url, clock=asyncio.get_running_loop().time)
        await identity.account_of(KEY)
        sts.behaviour = says(http(403, b"no"))

        wrong = await identity.account_of(replace(KEY, access_key_secret="wrong"))
        right = await identity.account_of(KEY)

        assert (wrong, right) == (None, "1234567890")
