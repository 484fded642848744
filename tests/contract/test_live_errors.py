"""Every way a call can end badly, over a real connection."""

import asyncio
import gzip
import socket
import ssl
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typing_extensions import override

from caster_scene_audio.adapters.live.answers import MAX_ANSWER_BYTES
from caster_scene_audio.adapters.live.client import LiveClient
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed, Failure, FailureClass
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import SceneAudioSpec
from tests.support.live.live_calls import (
    KEY,
    SCENE,
    SECRET,
    TOKEN,
    WANTED,
    failed_call,
    failure_from,
)
from tests.support.live.odd_server import (
    Behaviour,
    drops,
    hangs,
    http,
    odd_server,
    resets,
    says,
    stalls_in_the_body,
)

TRANSIENT = (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE)
UNREACHABLE = (FailureClass.TRANSIENT, Reason.UNREACHABLE)
THROTTLED = (FailureClass.THROTTLED, Reason.THROTTLED)
BUSY = (FailureClass.BUSY, Reason.RESOURCE_IN_CHANNEL)
INVALID = (FailureClass.INVALID, Reason.INVALID_SPEC)
REFUSED = (FailureClass.UNKNOWN, Reason.REFUSED)
ACCESS = (FailureClass.ACCESS, Reason.ACCESS_DENIED)
BAD_KEY = (FailureClass.ACCESS, Reason.CREDENTIALS_UNAVAILABLE)

PATIENCE_S = 20.0
HANGS_S = 1.0
"""How long is waited for what never comes; to connect, which comes first, must take less."""

HTML = "<html><head><title>502 Bad Gateway</title></head></html>"
JSON = "application/json; charset=utf-8"


def timeout_s(behaviour: Behaviour) -> float:
    return HANGS_S if behaviour in {hangs, stalls_in_the_body} else PATIENCE_S


def refusal(code: Any, message: Any = "no") -> dict[str, Any]:
    return {"Code": code, "Message": message, "RequestId": "R-1", "HostId": "live.aliyuncs.com"}


def xml(members: str) -> str:
    """An error as the service's gateway writes it where it isn't asked for JSON."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error><RequestId>R-1</RequestId>'
        f"<HostId>live.aliyuncs.com</HostId>{members}<Recommend><![CDATA[a & b]]></Recommend></Error>"
    )


@dataclass(frozen=True)
class Shape:
    answer: bytes
    meaning: tuple[FailureClass, Reason]
    code: str
    retry_after_s: float | None = None


SHAPES = {
    "a refusal": Shape(
        http(412, refusal("ResourceInChannel.PreConditionFailed")),
        BUSY,
        "ResourceInChannel.PreConditionFailed",
    ),
    "a throttled 400": Shape(
        http(400, refusal("Throttling.User"), x_acs_retry_after="1500"),
        THROTTLED,
        "Throttling.User",
        1.5,
    ),
    "a time to wait beside another code": Shape(
        http(503, refusal("ServiceUnavailable"), X_Acs_Retry_After="250"),
        THROTTLED,
        "ServiceUnavailable",
        0.25,
    ),
    "a time to wait that is no number": Shape(
        http(500, refusal("InternalError"), x_acs_retry_after="soon"), TRANSIENT, "InternalError"
    ),
    "a negative time to wait": Shape(
        http(500, refusal("InternalError"), x_acs_retry_after="-5"), TRANSIENT, "InternalError"
    ),
    "an endless time to wait": Shape(
        http(500, refusal("InternalError"), x_acs_retry_after="9" * 400), TRANSIENT, "InternalError"
    ),
    "a code that is a number": Shape(http(400, refusal(4001)), REFUSED, "4001"),
    "a code that is an object": Shape(http(400, refusal({"a": 1})), REFUSED, '{"a": 1}'),
    "a code of null": Shape(http(403, refusal(None)), ACCESS, "HTTP403"),
    "a RequestId alone": Shape(http(412, {"RequestId": "R-1"}), BUSY, "HTTP412"),
    "a Message alone": Shape(http(401, {"Message": "who?"}), ACCESS, "HTTP401"),
    "a refusal in XML": Shape(
        http(400, xml("<Code>SignatureDoesNotMatch</Code><Message>no</Message>")),
        BAD_KEY,
        "SignatureDoesNotMatch",
    ),
    "a throttled refusal in XML": Shape(
        http(503, xml("<Code>Rejected.Throttling</Code>"), x_acs_retry_after="250"),
        THROTTLED,
        "Rejected.Throttling",
        0.25,
    ),
    "a Message alone in XML": Shape(http(401, xml("<Message>who?</Message>")), ACCESS, "HTTP401"),
    "XML of another": Shape(
        http(403, "<Problem><Code>Forbidden</Code></Problem>"), TRANSIENT, "UnreadableAnswer"
    ),
    "XML that holds no member": Shape(
        http(403, "<Error>Forbidden</Error>"), TRANSIENT, "UnreadableAnswer"
    ),
    "XML that grows without end": Shape(
        http(
            400,
            '<!DOCTYPE Error [<!ENTITY a "Forbidden">]><Error><Code>&a;</Code></Error>',
        ),
        TRANSIENT,
        "UnreadableAnswer",
    ),
    "half an XML document": Shape(
        http(400, "<Error><Code>Forbidden</Code>"), TRANSIENT, "UnreadableAnswer"
    ),
    "XML nested without end": Shape(
        http(400, "<Error>" + "<a>" * 100_000), TRANSIENT, "UnreadableAnswer"
    ),
    "a 200 with a Code": Shape(
        http(200, refusal("ResourceInChannel.Invalid")), BUSY, "ResourceInChannel.Invalid"
    ),
    "a 200 with an unknown Code": Shape(http(200, refusal("Odd")), TRANSIENT, "Odd"),
    "a 200 without RequestId": Shape(http(200, {"CasterId": "c"}), TRANSIENT, "UnreadableAnswer"),
    "a 200 with an empty RequestId": Shape(
        http(200, {"RequestId": ""}), TRANSIENT, "UnreadableAnswer"
    ),
    "an empty 200": Shape(http(200), TRANSIENT, "UnreadableAnswer"),
    "a 204": Shape(http(204), TRANSIENT, "UnreadableAnswer"),
    "an empty 400": Shape(http(400), TRANSIENT, "UnreadableAnswer"),
    "an empty 429": Shape(http(429), THROTTLED, "UnreadableAnswer"),
    "HTML with 200": Shape(
        http(200, HTML, Content_Type="text/html"), TRANSIENT, "UnreadableAnswer"
    ),
    "HTML with 403": Shape(
        http(403, HTML, Content_Type="text/html"), TRANSIENT, "UnreadableAnswer"
    ),
    "HTML with 502": Shape(
        http(502, HTML, Content_Type="text/html"), TRANSIENT, "UnreadableAnswer"
    ),
    "HTML with 429": Shape(http(429, HTML), THROTTLED, "UnreadableAnswer"),
    "HTML with a time to wait": Shape(
        http(503, HTML, x_acs_retry_after="100"), THROTTLED, "UnreadableAnswer", 0.1
    ),
    "truncated JSON": Shape(
        http(200, b'{"RequestId": "R', Content_Type=JSON), TRANSIENT, "UnreadableAnswer"
    ),
    "bytes that are no UTF-8": Shape(
        http(200, b'{"RequestId": "\xff\xfe"}'), TRANSIENT, "UnreadableAnswer"
    ),
    "half a surrogate pair": Shape(
        http(200, b'{"RequestId": "\\ud800"}'), TRANSIENT, "UnreadableAnswer"
    ),
    "JSON nested without end": Shape(http(200, b"[" * 100_000), TRANSIENT, "UnreadableAnswer"),
    "a list": Shape(http(200, [1]), TRANSIENT, "UnreadableAnswer"),
    "a string": Shape(http(200, '"RequestId"'), TRANSIENT, "UnreadableAnswer"),
    "a number": Shape(http(200, "12"), TRANSIENT, "UnreadableAnswer"),
    "null": Shape(http(404, "null"), TRANSIENT, "UnreadableAnswer"),
    "another's JSON": Shape(http(404, {"detail": "Not Found"}), TRANSIENT, "UnreadableAnswer"),
    "an answer that is too long": Shape(
        http(200, b" " * (MAX_ANSWER_BYTES + 1)), TRANSIENT, "UnreadableAnswer"
    ),
    "a compressed answer": Shape(
        http(200, gzip.compress(b'{"RequestId": "R-1"}'), Content_Encoding="gzip"),
        TRANSIENT,
        "UnreadableAnswer",
    ),
    "a redirect": Shape(
        http(302, Location="https://elsewhere.example/?Signature=abc"), TRANSIENT, "RedirectRefused"
    ),
    "a redirect with a JSON body": Shape(
        http(307, {"RequestId": "R-1"}, Location="/"), TRANSIENT, "RedirectRefused"
    ),
    "a redirect to nowhere": Shape(http(301, Location="http://[bad"), TRANSIENT, "RedirectRefused"),
    "a redirect with a time to wait": Shape(
        http(302, x_acs_retry_after="1000"), THROTTLED, "RedirectRefused", 1.0
    ),
    "no HTTP at all": Shape(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", TRANSIENT, "UnreadableAnswer"),
    "broken chunks": Shape(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcdeXX\r\n",
        TRANSIENT,
        "UnreadableAnswer",
    ),
    "a header without end": Shape(
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", TRANSIENT, "UnreadableAnswer"
    ),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
async def test_an_answer_that_is_no_success_has_its_class(shape: Shape) -> None:
    async with odd_server(says(shape.answer)) as server:
        failure = await failure_from(server.url)

    assert (failure.failure_class, failure.reason) == shape.meaning
    assert (failure.code, failure.retry_after_s) == (shape.code, shape.retry_after_s)
    assert failure.message


def with_layers(count: int) -> SceneAudioSpec:
    layers = [{"locationId": f"RV{number:02}"} for number in range(count)]
    return SceneAudioSpec.model_validate(WANTED.model_dump(by_alias=True) | {"layers": layers})


TOO_LONG = {
    "HTML with 414": http(414, HTML, Content_Type="text/html"),
    "an empty 414": http(414),
    "an empty 431": http(431),
    "HTML with 400": http(400, HTML, Content_Type="text/html"),
    "an empty 400": http(400),
    "another's JSON with 400": http(400, {"detail": "Bad Request"}),
}


@pytest.mark.parametrize("answer", TOO_LONG.values(), ids=TOO_LONG)
async def test_a_request_whose_length_is_refused_is_a_spec_with_too_many_layers(
    answer: bytes,
) -> None:
    async with odd_server(says(answer)) as server, LiveClient(endpoint=server.url) as live:
        failure = (await failed_call(live, with_layers(40))).failure

        length = len(server.heads[0].splitlines()[0])
        assert length > 8192
        assert server.host in failure.message
    assert (failure.failure_class, failure.reason) == INVALID
    assert failure.code == "RequestTooLong"
    assert f"40 layers make a request line of {length} bytes" in failure.message
    assert "fewer layers" in failure.message
    assert failure.http_status in {400, 414, 431}


async def test_what_the_service_says_of_a_long_request_is_believed() -> None:
    answer = http(400, refusal("IncorrectSceneStatus"))

    async with odd_server(says(answer)) as server, LiveClient(endpoint=server.url) as live:
        failure = (await failed_call(live, with_layers(40))).failure

    assert failure.code == "IncorrectSceneStatus"


async def test_a_bare_400_for_a_short_request_is_an_outage() -> None:
    async with odd_server(says(http(400))) as server, LiveClient(endpoint=server.url) as live:
        failure = (await failed_call(live, with_layers(8))).failure

    assert (failure.failure_class, failure.reason) == TRANSIENT


BREAKS: dict[str, tuple[Behaviour, str]] = {
    "it is dropped": (drops, "ConnectionLost"),
    "it is reset": (resets, "ConnectionLost"),
    "it ends in the head": (
        says(b"HTTP/1.1 200 OK\r\nContent-Le", then_closes=True),
        "ConnectionLost",
    ),
    "it ends in the body": (
        says(b'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{"RequestId"', then_closes=True),
        "ConnectionLost",
    ),
    "no answer comes": (hangs, "Timeout"),
    "the body stalls": (stalls_in_the_body, "Timeout"),
}


@pytest.mark.parametrize(("behaviour", "code"), BREAKS.values(), ids=BREAKS.keys())
async def test_a_connection_that_breaks_is_unreachable(behaviour: Behaviour, code: str) -> None:
    async with odd_server(behaviour) as server:
        failure = await failure_from(server.url, timeout_s=timeout_s(behaviour))

        assert (failure.failure_class, failure.reason, failure.code) == (*UNREACHABLE, code)
        assert server.host in failure.message
        assert (failure.http_status, failure.request_id, failure.retry_after_s) == (None,) * 3


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_refused_connection_says_that_nothing_listens_there() -> None:
    port = unused_port()

    failure = await failure_from(f"http://127.0.0.1:{port}")

    assert (failure.failure_class, failure.reason) == UNREACHABLE
    assert failure.code == "ConnectionRefused"
    assert failure.message == f"127.0.0.1:{port} refuses the connection: nothing listens there"


class EmptyResolver(aiohttp.abc.AbstractResolver):
    """Stands for a DNS that knows nothing; no query leaves the machine."""

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[aiohttp.abc.ResolveResult]:
        raise OSError(None, "Name or service not known")

    @override
    async def close(self) -> None:
        """There is nothing to close."""


class UnwantedResolver(EmptyResolver):
    """Stands for a way that nobody may go."""

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[aiohttp.abc.ResolveResult]:
        raise AssertionError(f"{host} was looked up")


async def test_a_name_that_cannot_be_resolved_points_to_dns() -> None:
    async with LiveClient(resolver=EmptyResolver()) as live:
        failure = (await failed_call(live)).failure

    assert (failure.failure_class, failure.reason) == UNREACHABLE
    assert failure.code == "NameNotResolved"
    assert "live.aliyuncs.com" in failure.message
    assert "DNS" in failure.message


@pytest.mark.parametrize("region_id", ["oss-cn-hangzhou", "r" * 64])
async def test_for_a_region_that_is_not_known_nothing_is_called(region_id: str) -> None:
    wanted = SceneAudioSpec.model_validate(
        WANTED.model_dump(by_alias=True) | {"regionId": region_id}
    )

    async with LiveClient(resolver=UnwantedResolver()) as live:
        failure = (await failed_call(live, wanted)).failure

    assert (failure.failure_class, failure.reason) == INVALID
    assert failure.code == "UnknownRegion"
    assert failure.http_status is None


def self_signed(directory: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day - timedelta(days=1))
        .not_valid_after(day + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = directory / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    async with odd_server(says(http(200)), tls=self_signed(tmp_path)) as server:
        failure = await failure_from(f"https://{server.host}")

        assert server.heads == []
    assert (failure.failure_class, failure.reason, failure.code) == (*UNREACHABLE, "TLSFailed")
    assert "certificate is refused: self-signed certificate" in failure.message


async def test_a_server_that_speaks_no_tls_is_unreachable() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http(400))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        failure = await failure_from(f"https://{host}")

    assert (failure.failure_class, failure.reason, failure.code) == (*UNREACHABLE, "TLSFailed")
    assert failure.message == f"no TLS with {host}: wrong version number"


async def test_a_refusal_is_told_in_the_services_words() -> None:
    answer = http(400, refusal("InvalidMixList.ExceedNorm", "The MixList is too long."))

    async with odd_server(says(answer)) as server:
        failure = await failure_from(server.url)

    assert failure == Failure(
        failure_class=FailureClass.INVALID,
        reason=Reason.INVALID_SPEC,
        code="InvalidMixList.ExceedNorm",
        message="The MixList is too long.",
        http_status=400,
        request_id="R-1",
    )


async def test_a_refusal_without_a_message_names_host_code_and_status() -> None:
    async with odd_server(says(http(412, {"Code": "ResourceInChannel.Invalid"}))) as server:
        failure = await failure_from(server.url)

        assert failure.message == (
            f"{server.host} answered ResourceInChannel.Invalid (HTTP 412) and no message"
        )


async def test_a_long_or_dirty_message_is_made_short_and_clean() -> None:
    message = "a\r\nb\x00c\x1b[31m\u202ed\u2028e" + "x" * 100_000
    answer = http(400, refusal("Long" * 1000, message))

    async with odd_server(says(answer)) as server:
        failure = await failure_from(server.url)

    assert failure.message.startswith("a b c [31m d exxx")
    assert len(failure.message) == 512
    assert len(failure.code) == 128


async def test_a_redirect_is_refused_and_never_followed() -> None:
    async with odd_server(says(http(200, {"RequestId": "R-1"}))) as elsewhere:
        location = f"{elsewhere.url}/?x=1&AccessKeyId=LTAI"
        async with odd_server(says(http(307, Location=location))) as server:
            failure = await failure_from(server.url)

    assert elsewhere.connections == 0
    assert "redirect to 127.0.0.1 (HTTP 307)" in failure.message
    assert "refused" in failure.message
    assert "AccessKeyId" not in failure.message


async def test_what_the_service_echoes_of_a_secret_is_hidden() -> None:
    message = f"token {TOKEN}, secret {SECRET}"

    async with odd_server(says(http(403, refusal("Forbidden.RAM", message)))) as server:
        failure = await failure_from(server.url)

    assert failure.message == "token ***, secret ***"


async def test_a_wrong_signature_is_told_without_the_text_that_was_signed() -> None:
    message = (
        "Specified signature does not match our calculation."
        " server string to sign is: ACS3-HMAC-SHA256 POST / x-acs-security-token:..."
    )

    async with odd_server(says(http(400, refusal("SignatureDoesNotMatch", message)))) as server:
        failure = await failure_from(server.url)

    assert (failure.failure_class, failure.reason) == BAD_KEY
    assert failure.message == "Specified signature does not match our calculation."


LEAKY: dict[str, Behaviour] = {
    "a refusal": says(http(400, refusal("Odd", f"{SECRET} {TOKEN}"))),
    "an echo that can't be read": says(http(200, f'"{SECRET} {TOKEN}"')),
    "a redirect": says(http(302, Location=f"https://{SECRET}.example/{TOKEN}")),
    "no HTTP": says(f"{SECRET} {TOKEN}\r\n\r\n".encode()),
    "a drop": drops,
    "a timeout": hangs,
}


@pytest.mark.parametrize("behaviour", LEAKY.values(), ids=LEAKY.keys())
async def test_no_secret_signature_or_signed_query_is_in_an_error(behaviour: Behaviour) -> None:
    async with (
        odd_server(behaviour) as server,
        LiveClient(endpoint=server.url, timeout_s=timeout_s(behaviour)) as live,
    ):
        error = await failed_call(live)

        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        text = "".join([*told.format(), repr(error), str(error), repr(error.failure)])
        assert error.__context__ is None
        assert SECRET not in text
        assert TOKEN not in text
        assert "Signature=" not in text
        assert "AudioLayer.1.VolumeRate=1.0" not in text


@pytest.mark.parametrize("trouble", ["a\r\nX-Evil: 1", "", " ", "schlüssel"], ids=repr)
async def test_a_key_that_no_header_can_carry_is_not_sent(trouble: str) -> None:
    keys = [
        Credentials(access_key_id=trouble, access_key_secret=SECRET),
        Credentials(access_key_id="LTAI", access_key_secret=SECRET, security_token=trouble),
    ]

    async with odd_server(drops) as server, LiveClient(endpoint=server.url) as live:
        for key in keys:
            with pytest.raises(CallFailed, match="MalformedCredentials: the "):
                await live.describe_scenes(SCENE, key)

        assert server.connections == 0


async def test_a_cancelled_call_is_cancelled_and_not_failed() -> None:
    async with odd_server(hangs) as server, LiveClient(endpoint=server.url) as live:
        call = asyncio.create_task(live.update_scene_audio(WANTED, KEY))
        await server.asked.wait()
        call.cancel()

        with pytest.raises(asyncio.CancelledError):
            await call
