"""The HTTP session that kopf watches with: authorized anew for each request, and observed."""

import ssl
from collections.abc import Awaitable, Callable

import aiohttp
from kubernetes.aio.client import Configuration

MAX_CONNECTIONS = 20

Handler = Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]]
Middleware = Callable[[aiohttp.ClientRequest, Handler], Awaitable[aiohttp.ClientResponse]]


def open_session(connection: Configuration, *observers: Middleware) -> aiohttp.ClientSession:
    """A session that authorizes each request anew; kopf brings no such thing."""

    async def authorize(request: aiohttp.ClientRequest, handler: Handler) -> aiohttp.ClientResponse:
        for setting in (await connection.auth_settings()).values():
            request.headers[setting["key"]] = setting["value"]
        return await handler(request)

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS, ssl=_tls(connection)),
        middlewares=(authorize, *observers),
        proxy=connection.proxy,
        trust_env=True,
    )


def _tls(connection: Configuration) -> ssl.SSLContext:
    context = ssl.create_default_context(
        cafile=connection.ssl_ca_cert, cadata=connection.ca_cert_data
    )
    if connection.cert_file:
        context.load_cert_chain(connection.cert_file, keyfile=connection.key_file)
    if not connection.verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
