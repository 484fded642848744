"""A client certificate in files that are replaced: new connections show the new one."""

import base64
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import yaml
from aiohttp import web

from caster_scene_audio.adapters.cluster.connection import Connection, load_connection
from caster_scene_audio.watch.session import open_session
from tests.support.live.authority import Authority


async def who(request: web.Request) -> web.Response:
    assert request.transport is not None
    subject = request.transport.get_extra_info("peercert")["subject"]
    return web.Response(text=subject[0][0][1])


@asynccontextmanager
async def server(authority: Authority) -> AsyncIterator[int]:
    """It answers with the name in the client's certificate."""
    tls = authority.server_context("localhost")
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.ca_file)
    app = web.Application()
    app.router.add_get("/", who)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


class Client:
    def __init__(self, folder: Path, authority: Authority) -> None:
        self._folder = folder
        self._authority = authority
        self._pairs: dict[str, tuple[Path, Path]] = {}

    def is_now(self, name: str, *, files: tuple[str, ...] = ("crt", "key")) -> None:
        if name not in self._pairs:
            self._pairs[name] = self._authority.client_pair(name)
        certificate, key = self._pairs[name]
        for source, suffix in ((certificate, "crt"), (key, "key")):
            if suffix in files:
                partial = shutil.copy(source, self._folder / f"partial.{suffix}")
                Path(partial).rename(self._folder / f"client.{suffix}")

    def has_files(self, port: int) -> None:
        self._write(port, {"client-certificate": "client.crt", "client-key": "client.key"})

    def has_data(self, port: int, name: str) -> None:
        certificate, key = self._authority.client_pair(name)
        data = [base64.b64encode(path.read_bytes()).decode() for path in (certificate, key)]
        self._write(
            port, dict(zip(("client-certificate-data", "client-key-data"), data, strict=True))
        )

    async def connection(self) -> Connection:
        return await load_connection({"KUBECONFIG": f"{self._folder / 'config'}"})

    def _write(self, port: int, user: dict[str, str]) -> None:
        cluster = {
            "server": f"https://localhost:{port}",
            "certificate-authority": f"{self._authority.ca_file}",
        }
        document = {
            "clusters": [{"name": "c", "cluster": cluster}],
            "users": [{"name": "u", "user": user}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
        (self._folder / "config").write_text(yaml.safe_dump(document))


async def answers(session: aiohttp.ClientSession, connection: Connection) -> list[str]:
    """Of two requests, one after the other."""
    found = []
    for _ in range(2):
        async with session.get(connection.host) as response:
            found.append(await response.text())
    return found


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def test_a_certificate_that_is_replaced_is_shown_from_the_next_connection_on(
    tmp_path: Path, authority: Authority
) -> None:
    client = Client(tmp_path, authority)
    client.is_now("one")
    async with server(authority) as port:
        client.has_files(port)
        connection = await client.connection()
        async with open_session(connection) as session:
            before = await answers(session, connection)
            client.is_now("two", files=("crt",))
            half = await answers(session, connection)
            client.is_now("two", files=("key",))
            await answers(session, connection)  # the connection that is there is closed after it
            after = await answers(session, connection)

    assert (before, half, after) == (["one"] * 2, ["one"] * 2, ["two"] * 2)


async def test_a_certificate_that_is_replaced_in_the_kubeconfig_is_shown_likewise(
    tmp_path: Path, authority: Authority
) -> None:
    client = Client(tmp_path, authority)
    async with server(authority) as port:
        client.has_data(port, "one")
        connection = await client.connection()
        async with open_session(connection) as session:
            before = await answers(session, connection)
            client.has_data(port, "two")
            await answers(session, connection)
            after = await answers(session, connection)

    assert (before, after) == (["one"] * 2, ["two"] * 2)
