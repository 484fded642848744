"""Alibaba Cloud's token service on loopback: AssumeRoleWithOIDC for an operator in a process.

The process calls https://sts.<region>.aliyuncs.com as it would in a cluster: a proxy leads it
here, and it trusts this service's certificate. `TokenService.environ` is all that it is told.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from tests.support.live.authority import Authority
from tests.support.live.connect_proxy import connect_proxy

TRUST = Path(__file__).parent / "trust"
REGION = "cn-shanghai"
ROLE_ARN = "acs:ram::1234567890123456:role/caster-scene-audio"
PROVIDER_ARN = "acs:ram::1234567890123456:oidc-provider/ack-rrsa"
OIDC_TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.c2lnbmF0dXJl"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKey:
    """What was issued; `expires` is when the service would no longer take it."""

    access_key_id: str
    access_key_secret: str
    security_token: str
    expires: datetime


@dataclass
class TokenService:
    """Each request gets a new key. The library renews a key from 15 minutes before it expires."""

    environ: dict[str, str] = field(default_factory=dict)
    lifetime: timedelta = timedelta(hours=1)
    delay_s: float = 0
    refusal: tuple[int, str] | None = None
    """An HTTP status and the code to answer with, for as long as it is set."""

    requests: list[dict[str, str]] = field(default_factory=list)
    """The parameters of each request, as they came."""

    issued: list[SessionKey] = field(default_factory=list)
    on_issue: Callable[[SessionKey], None] = lambda _key: None
    """Told of each key before its request is answered, as an emulator must know it by then."""

    in_flight: int = 0
    most_in_flight: int = 0

    @property
    def secrets(self) -> list[str]:
        """Everything that must stand in no log."""
        parts = [(key.access_key_secret, key.security_token) for key in self.issued]
        return [OIDC_TOKEN, *(secret for pair in parts for secret in pair)]

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(dict(request.query))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.delay_s)
        finally:
            self.in_flight -= 1
        if self.refusal:
            return _refused(*self.refusal)
        if request.query.get("OIDCToken") != OIDC_TOKEN:
            return _refused(400, "AuthenticationFail.OIDCToken.Invalid")
        return _granted(self._issue())

    def _issue(self) -> SessionKey:
        number = len(self.issued) + 1
        key = SessionKey(
            access_key_id=f"STS.issuedkey{number:04}",
            access_key_secret=f"issued-secret-{number:04}",
            security_token=f"issued-session-token-{number:04}",
            expires=datetime.now(UTC) + self.lifetime,
        )
        self.on_issue(key)
        self.issued.append(key)
        return key


def environment(folder: Path, base: Mapping[str, str], *, proxy: str) -> dict[str, str]:
    """`base`, and what an operator's process needs to come here; its token lies in `folder`."""
    token_file = folder / "oidc-token"
    token_file.write_text(OIDC_TOKEN, encoding="ascii")
    paths = [str(TRUST), *filter(None, [base.get("PYTHONPATH")])]
    return {
        **base,
        "PYTHONPATH": os.pathsep.join(paths),
        "TEST_CA_FILE": str(folder / "ca.pem"),
        "HTTPS_PROXY": proxy,
        "NO_PROXY": "127.0.0.1,localhost",
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        "ALIBABA_CLOUD_STS_REGION": REGION,
        "ALIBABA_CLOUD_ROLE_ARN": ROLE_ARN,
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": PROVIDER_ARN,
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(token_file),
    }


@contextlib.asynccontextmanager
async def token_service(folder: Path, base: Mapping[str, str]) -> AsyncIterator[TokenService]:
    """Runs on this loop; `base` is the environment to build on, and files lie in `folder`."""
    service = TokenService()
    app = web.Application()
    app.router.add_route("*", "/", service.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    context = Authority(folder).server_context(f"sts.{REGION}.aliyuncs.com")
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        async with connect_proxy(runner.addresses[0][1]) as proxy:
            service.environ = environment(folder, base, proxy=proxy.url)
            yield service
    finally:
        await runner.cleanup()


def _granted(key: SessionKey) -> web.Response:
    credentials = {
        "AccessKeyId": key.access_key_id,
        "AccessKeySecret": key.access_key_secret,
        "SecurityToken": key.security_token,
        "Expiration": key.expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return web.json_response({"RequestId": "3D57EAD2-8723-1F26", "Credentials": credentials})


def _refused(status: int, code: str) -> web.Response:
    body = {"RequestId": "3D57EAD2-8723-1F26", "Code": code, "Message": f"no: {OIDC_TOKEN}"}
    return web.json_response(body, status=status)
