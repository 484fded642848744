"""A caller of the emulator: signs as ACS3 has it, and talks to the control API.

It signs with the emulator's own functions, to be able to send what no SDK would. That these are
right is shown elsewhere: by the recorded vectors and by the official SDK.
"""

import json
import uuid
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from yarl import URL

from live_emulator.server import Emulator
from live_emulator.signature import (
    ALGORITHM,
    WireRequest,
    body_digest,
    canonical_query,
    canonical_request,
    percent_encoded,
    signed,
    string_to_sign,
)
from live_emulator.studio import DEMO_CASTER
from tests.emulator.timepiece import Timepiece

DEMO = {"CasterId": DEMO_CASTER, "SceneId": "scene-opening"}
TWO_LAYERS = {
    **DEMO,
    "FollowEnable": "0",
    "AudioLayer.1.VolumeRate": "0.35",
    "AudioLayer.1.ValidChannel": "leftChannel",
    "AudioLayer.1.FixedDelayDuration": "500",
    "AudioLayer.1.Filter": '{"enableAgc":1,"enableAns":1,"ansMode":1}',
    "AudioLayer.2.VolumeRate": "1",
    "MixList.1": "RV01",
    "MixList.2": "RV02",
}


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def xml(self) -> ET.Element:
        return ET.fromstring(self.body)  # noqa: S314 (the emulator wrote it)

    @property
    def code(self) -> str:
        return str(self.json["Code"])


@dataclass(frozen=True, kw_only=True)
class Key:
    access_key_id: str = "testid"
    secret: str = "testsecret"
    token: str | None = None


TEST_KEY = Key()


def signed_headers(  # noqa: PLR0913 (what a test may get wrong on purpose)
    *,
    action: str,
    host: str,
    raw_query: str,
    date: datetime,
    key: Key = TEST_KEY,
    nonce: str | None = None,
    version: str = "2016-11-01",
    method: str = "POST",
    body: bytes = b"",
    claimed_digest: str | None = None,
) -> dict[str, str]:
    headers = {
        "host": host,
        "accept": "application/json",
        "user-agent": "test-caller",
        "x-acs-action": action,
        "x-acs-version": version,
        "x-acs-date": f"{date:%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce or uuid.uuid4().hex,
        "x-acs-content-sha256": claimed_digest or body_digest(body),
    }
    if key.token is not None:
        headers |= {"x-acs-accesskey-id": key.access_key_id, "x-acs-security-token": key.token}
    wire = WireRequest(method=method, path="/", raw_query=raw_query, headers=headers, body=body)
    text = string_to_sign(canonical_request(wire, list(headers)))
    headers["authorization"] = (
        f"{ALGORITHM} Credential={key.access_key_id},SignedHeaders={';'.join(sorted(headers))},"
        f"Signature={signed(key.secret, text)}"
    )
    return headers


def raw_query_of(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={percent_encoded(value)}" for name, value in parameters.items())


@dataclass(frozen=True)
class Caller:
    emulator: Emulator
    timepiece: Timepiece
    session: aiohttp.ClientSession

    @classmethod
    @asynccontextmanager
    async def of(cls, emulator: Emulator, timepiece: Timepiece) -> "AsyncIterator[Caller]":
        async with aiohttp.ClientSession() as session:
            yield cls(emulator, timepiece, session)

    def headers(self, action: str, raw_query: str, **wrong: Any) -> dict[str, str]:
        usual = {"date": self.timepiece.now(), "host": self.emulator.endpoint}
        return signed_headers(action=action, raw_query=raw_query, **{**usual, **wrong})

    async def call(self, action: str, parameters: Mapping[str, str], **wrong: Any) -> Reply:
        raw_query = canonical_query(raw_query_of(parameters))
        return await self.send(raw_query, self.headers(action, raw_query, **wrong))

    async def send(
        self, raw_query: str, headers: Mapping[str, str], *, method: str = "POST", body: bytes = b""
    ) -> Reply:
        url = URL(f"{self.emulator.url}/?{raw_query}", encoded=True)
        async with self.session.request(
            method,
            url,
            headers=headers,
            data=body or None,
            allow_redirects=False,
            skip_auto_headers=("Content-Type",),
        ) as response:
            return Reply(
                status=response.status, headers=response.headers, body=await response.read()
            )

    async def update(self, parameters: Mapping[str, str] = TWO_LAYERS, **wrong: Any) -> Reply:
        return await self.call("UpdateCasterSceneAudio", parameters, **wrong)

    async def describe(self, parameters: Mapping[str, str] = DEMO, **wrong: Any) -> Reply:
        return await self.call("DescribeCasterSceneAudio", parameters, **wrong)

    async def scenes(self, parameters: Mapping[str, str], **wrong: Any) -> Reply:
        return await self.call("DescribeCasterScenes", parameters, **wrong)

    async def control(self, method: str, path: str, body: Any = None) -> Reply:
        url = f"{self.emulator.url}/emulator/{path}"
        async with self.session.request(method, url, json=body) as response:
            return Reply(
                status=response.status, headers=response.headers, body=await response.read()
            )
