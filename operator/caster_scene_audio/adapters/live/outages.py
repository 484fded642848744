"""Failures of a call to which no answer came."""

import errno
import os
import ssl

import aiohttp

from caster_scene_audio.adapters.live.redact import MAX_MESSAGE_CHARACTERS, redacted
from caster_scene_audio.domain.codes import failure_of
from caster_scene_audio.domain.failure import Failure


def outage(error: Exception, *, host: str) -> Failure:
    """Code and message of an error beneath HTTP.

    The text of aiohttp's errors is never passed on: it can hold the signed URL.
    """
    code, trouble = _explained(error, host)
    return failure_of(code, redacted(trouble, limit=MAX_MESSAGE_CHARACTERS))


def _explained(error: Exception, host: str) -> tuple[str, str]:  # noqa: PLR0911 (one row for each)
    match error:
        case aiohttp.ConnectionTimeoutError():
            return "ConnectTimeout", f"no connection to {host} came about in time"
        case TimeoutError():
            return "Timeout", f"{host} gave no answer in time"
        case aiohttp.ClientConnectorDNSError():
            return "NameNotResolved", f"the name of {host} can't be resolved: check DNS"
        case aiohttp.InvalidURL() | UnicodeError():
            return "NameNotResolved", f"{host} is no name of a host: check the region"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            return "TLSFailed", f"no TLS with {host}: {_tls_trouble(error)}"
        case aiohttp.ClientProxyConnectionError():
            return "ProxyUnreachable", f"the proxy that leads to {host} can't be reached"
        case aiohttp.ClientConnectorError():
            return _connection_trouble(error, host)
        case aiohttp.ClientHttpProxyError():
            return "ProxyRefused", f"the proxy doesn't lead to {host}: it says {error.status}"
        case aiohttp.ClientResponseError():
            return "UnreadableAnswer", f"{host} answered something that is no HTTP"
        case _:
            return (
                "ConnectionLost",
                f"the connection to {host} broke before the answer was complete",
            )


def _tls_trouble(error: Exception) -> str:
    """The library's word for it, such as `certificate has expired`."""
    for beneath in (getattr(error, "certificate_error", None), getattr(error, "os_error", None)):
        if isinstance(beneath, ssl.SSLCertVerificationError):
            return f"its certificate is refused: {beneath.verify_message}"
        if isinstance(beneath, ssl.SSLError) and beneath.reason:
            return beneath.reason.replace("_", " ").lower()
    return "the handshake failed"


def _connection_trouble(error: aiohttp.ClientConnectorError, host: str) -> tuple[str, str]:
    number = error.os_error.errno
    if number == errno.ECONNREFUSED:
        return "ConnectionRefused", f"{host} refuses the connection: nothing listens there"
    detail = f": {os.strerror(number)}" if number else ""
    return "ConnectionFailed", f"no connection to {host}{detail}"
