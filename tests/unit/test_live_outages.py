"""What is told of an error beneath HTTP."""

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from caster_scene_audio.adapters.live.outages import outage
from caster_scene_audio.domain.failure import FailureClass
from caster_scene_audio.domain.reasons import Reason

KEY = ConnectionKey(
    "live.example", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
)
SIGNED_URL = "https://live.example/?CasterId=c&Signature=abc"


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (
            aiohttp.ConnectionTimeoutError(SIGNED_URL),
            "ConnectTimeout",
            "no connection to live.example came about in time",
        ),
        (
            aiohttp.SocketTimeoutError(SIGNED_URL),
            "Timeout",
            "live.example gave no answer in time",
        ),
        (
            aiohttp.ClientConnectorError(KEY, OSError(113, SIGNED_URL)),
            "ConnectionFailed",
            "no connection to live.example: No route to host",
        ),
        (
            aiohttp.ClientConnectorError(KEY, OSError("Multiple exceptions")),
            "ConnectionFailed",
            "no connection to live.example",
        ),
        (
            aiohttp.ClientConnectorSSLError(KEY, OSError(SIGNED_URL)),
            "TLSFailed",
            "no TLS with live.example: the handshake failed",
        ),
        (
            aiohttp.InvalidURL(SIGNED_URL),
            "NameNotResolved",
            "live.example is no name of a host: check the region",
        ),
        (
            BrokenPipeError(SIGNED_URL),
            "ConnectionLost",
            "the connection to live.example broke before the answer was complete",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_is_told_in_our_words_with_the_host(
    error: Exception, code: str, message: str
) -> None:
    failure = outage(error, host="live.example")

    assert (failure.code, failure.message) == (code, message)
    assert failure.failure_class is FailureClass.TRANSIENT
    assert failure.reason is Reason.UNREACHABLE
