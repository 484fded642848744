"""What each code of the service, and of the gateway before it, is taken for."""

import pytest

from caster_scene_audio.adapters.metrics.labels import code_label
from caster_scene_audio.domain.codes import KNOWN_CODES, classify
from caster_scene_audio.domain.failure import FailureClass
from caster_scene_audio.domain.reasons import Reason
from tests.support.running.answer_rows import ROWS

THROTTLED = (FailureClass.THROTTLED, Reason.THROTTLED)
TRANSIENT = (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE)
BUSY = (FailureClass.BUSY, Reason.RESOURCE_IN_CHANNEL)
NOT_READY = (FailureClass.NOT_READY, Reason.SCENE_NOT_READY)
NO_SCENE = (FailureClass.NOT_FOUND, Reason.SCENE_NOT_FOUND)
NO_LOCATION = (FailureClass.NOT_FOUND, Reason.LOCATION_NOT_FOUND)
MISCONFIGURED = (FailureClass.MISCONFIGURED, Reason.SCENE_NOT_READY)
ACCOUNT = (FailureClass.ACCOUNT, Reason.ACCOUNT_BARRED)
DENIED = (FailureClass.ACCESS, Reason.ACCESS_DENIED)
BAD_KEY = (FailureClass.ACCESS, Reason.CREDENTIALS_UNAVAILABLE)
CLOCK = (FailureClass.CLOCK, Reason.CLOCK_SKEWED)
INVALID = (FailureClass.INVALID, Reason.INVALID_SPEC)
REFUSED = (FailureClass.UNKNOWN, Reason.REFUSED)

BESIDE = [
    ("Throttling", 400, THROTTLED),
    ("Throttling", 503, THROTTLED),
    ("Throttling.User", 400, THROTTLED),
    ("Throttling.User", 429, THROTTLED),
    ("Throttling.Api", 503, THROTTLED),
    ("Rejected.Throttling", 400, THROTTLED),
    ("Rejected.Throttling", 503, THROTTLED),
    ("Unheard.Of", 400, REFUSED),
    ("Unheard.Of", 409, REFUSED),
    ("Unheard.Of", 401, DENIED),
    ("Unheard.Of", 403, DENIED),
    ("Unheard.Of", 404, NO_SCENE),
    ("Unheard.Of", 408, TRANSIENT),
    ("Unheard.Of", 412, BUSY),
    ("Unheard.Of", 414, INVALID),
    ("Unheard.Of", 429, THROTTLED),
    ("Unheard.Of", 500, TRANSIENT),
    ("Unheard.Of", 503, TRANSIENT),
    ("Unheard.Of", 200, TRANSIENT),
    ("", 500, TRANSIENT),
]


TABLE = [
    *((row.code, row.http_status or 0, (row.failure_class, row.reason)) for row in ROWS),
    *BESIDE,
]


@pytest.mark.parametrize(
    ("code", "status", "meaning"), TABLE, ids=[f"{code}-{status}" for code, status, _ in TABLE]
)
def test_a_code_has_its_class_and_reason(
    code: str, status: int, meaning: tuple[FailureClass, Reason]
) -> None:
    assert classify(code=code, http_status=status, says_when=False) == meaning


NOT_OF_THE_SERVICE = {
    *("ConnectTimeout", "ConnectionFailed", "ConnectionRefused", "NameNotResolved", "TLSFailed"),
    *("ProxyRefused", "ProxyUnreachable", "NoVpcEndpoint", "UnknownRegion", "RequestTooLong"),
    *("CredentialsUnavailable", "MalformedCredentials"),
    "ResourceInChannel.",
}
"""Our own words, each with tests of its own; the last is the beginning of a family and no code."""

OF_A_FAMILY = [
    ("Throttling.Invented", THROTTLED),
    ("Rejected.Throttling.Invented", THROTTLED),
    ("InvalidSceneId.Malformed", INVALID),
    ("InvalidParameter", INVALID),
    ("InvalidParameter.Volume", INVALID),
    ("InvalidFilterList.Mismatch", INVALID),
    ("InvalidLayers.ExceedNorm", INVALID),
    ("InvalidTimeStamp.Malformed", CLOCK),
    ("InvalidTimeStamp.Format", CLOCK),
    ("InvalidSecurityToken.MismatchWithAccessKey", BAD_KEY),
    ("InvalidAccessKeyId.Malformed", BAD_KEY),
    ("IncorrectSceneStatus.ConfigError.Layout", MISCONFIGURED),
    ("IncorrectSceneStatus.Off", NOT_READY),
    ("ResourceInChannel.NotFound.Location", NO_LOCATION),
    ("ResourceInChannel.Odd", BUSY),
    ("Forbidden.RiskControl.Locked", ACCOUNT),
    ("Forbidden.Odd", DENIED),
    ("Invalid.Odd", REFUSED),
    ("Malformed", REFUSED),
    ("OddThrottling", REFUSED),
]


@pytest.mark.parametrize(("code", "meaning"), OF_A_FAMILY, ids=[code for code, _ in OF_A_FAMILY])
def test_a_code_that_no_row_names_is_read_by_its_family(
    code: str, meaning: tuple[FailureClass, Reason]
) -> None:
    assert classify(code=code, http_status=400, says_when=False) == meaning


def test_every_class_and_every_code_of_the_service_has_a_row_that_runs_on_a_real_object() -> None:
    throttled = {code for code, _, meaning in TABLE if meaning == THROTTLED}

    assert {row.failure_class for row in ROWS} == {*FailureClass} - {FailureClass.THROTTLED}
    assert {*KNOWN_CODES} - throttled - NOT_OF_THE_SERVICE <= {row.code for row in ROWS}


@pytest.mark.parametrize("code", ["InternalError", "ResourceInChannel.Invalid", "Forbidden", ""])
def test_an_answer_that_says_when_to_come_again_is_throttled(code: str) -> None:
    assert classify(code=code, http_status=400, says_when=True) == THROTTLED


@pytest.mark.parametrize("code", sorted(KNOWN_CODES))
def test_a_code_that_is_classified_is_named_by_the_metric(code: str) -> None:
    assert code_label(code) == code


def test_a_code_that_no_row_names_is_counted_among_the_others() -> None:
    assert code_label("Throttling.Invented.By.A.Gateway") == "other"
