"""What each code of the service, and of the gateway before it, is taken for."""

import pytest

from caster_scene_audio.adapters.metrics.labels import code_label
from caster_scene_audio.domain.codes import classify
from caster_scene_audio.domain.failure import FailureClass
from caster_scene_audio.domain.reasons import Reason
from tests.support.running.answer_rows import ROWS, Row

THROTTLED = (FailureClass.THROTTLED, Reason.THROTTLED)
TRANSIENT = (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE)
BUSY = (FailureClass.BUSY, Reason.RESOURCE_IN_CHANNEL)
NOT_READY = (FailureClass.NOT_READY, Reason.SCENE_NOT_READY)
NO_CASTER = (FailureClass.NOT_FOUND, Reason.CASTER_NOT_FOUND)
NO_SCENE = (FailureClass.NOT_FOUND, Reason.SCENE_NOT_FOUND)
NO_LOCATION = (FailureClass.NOT_FOUND, Reason.LOCATION_NOT_FOUND)
MISCONFIGURED = (FailureClass.MISCONFIGURED, Reason.SCENE_NOT_READY)
ADDRESS = (FailureClass.WRONG_ADDRESS, Reason.ENDPOINT_WRONG)
ACCOUNT = (FailureClass.ACCOUNT, Reason.ACCOUNT_BARRED)
DENIED = (FailureClass.ACCESS, Reason.ACCESS_DENIED)
BAD_KEY = (FailureClass.ACCESS, Reason.CREDENTIALS_UNAVAILABLE)
EXPIRED = (FailureClass.EXPIRED_TOKEN, Reason.CREDENTIALS_UNAVAILABLE)
CLOCK = (FailureClass.CLOCK, Reason.CLOCK_SKEWED)
INVALID = (FailureClass.INVALID, Reason.INVALID_SPEC)
REFUSED = (FailureClass.UNKNOWN, Reason.REFUSED)

TABLE = [
    ("InvalidCasterId.Malformed", 400, INVALID),
    ("InvalidUserId.Malformed", 400, ACCOUNT),
    ("InvalidParameter.Malformed", 400, INVALID),
    ("InvalidAudioLayersAndMixListSize.Mismatch", 400, INVALID),
    ("InvalidMixList.ExceedNorm", 400, INVALID),
    ("IncorrectSceneStatus", 400, NOT_READY),
    ("IncorrectSceneStatus.ConfigError", 400, MISCONFIGURED),
    ("IllegalOperation", 401, DENIED),
    ("InvalidCaster.NotFound", 404, NO_CASTER),
    ("InvalidScene.NotFound", 404, NO_SCENE),
    ("ResourceInChannel.NotFound", 404, NO_LOCATION),
    ("ResourceInChannel.PreConditionFailed", 412, BUSY),
    ("ResourceInChannel.Invalid", 412, BUSY),
    ("InternalError", 500, TRANSIENT),
    ("Throttling", 400, THROTTLED),
    ("Throttling", 503, THROTTLED),
    ("Throttling.User", 400, THROTTLED),
    ("Throttling.User", 429, THROTTLED),
    ("Throttling.Api", 503, THROTTLED),
    ("Rejected.Throttling", 400, THROTTLED),
    ("Rejected.Throttling", 503, THROTTLED),
    ("ServiceUnavailable", 503, TRANSIENT),
    ("SystemBusy", 400, TRANSIENT),
    ("InternalFailure", 400, TRANSIENT),
    ("OperationConflict", 409, TRANSIENT),
    ("InvalidAction.NotFound", 404, ADDRESS),
    ("InvalidProtocol.NeedSsl", 400, ADDRESS),
    ("InvalidVersion", 400, ADDRESS),
    ("InvalidIdentity.ServiceDisabled", 400, ACCOUNT),
    ("Arrearage", 400, ACCOUNT),
    ("InvalidAccountStatus", 400, ACCOUNT),
    ("InsufficientBalance", 400, ACCOUNT),
    ("Forbidden.RiskControl", 403, ACCOUNT),
    ("MissingAccessKeyId", 400, BAD_KEY),
    ("MissingSecurityToken", 400, BAD_KEY),
    ("InvalidAccessKeyId.NotFound", 404, BAD_KEY),
    ("InvalidAccessKeyId.Inactive", 400, BAD_KEY),
    ("SignatureDoesNotMatch", 400, BAD_KEY),
    ("InvalidSecurityToken.Malformed", 400, BAD_KEY),
    ("InvalidSecurityToken.Expired", 400, EXPIRED),
    ("InvalidTimeStamp.Expired", 400, CLOCK),
    ("SignatureNonceUsed", 400, CLOCK),
    ("NoPermission", 403, DENIED),
    ("Forbidden", 403, DENIED),
    ("Forbidden.RAM", 403, DENIED),
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


@pytest.mark.parametrize(
    ("code", "status", "meaning"), TABLE, ids=[f"{code}-{status}" for code, status, _ in TABLE]
)
def test_a_code_has_its_class_and_reason(
    code: str, status: int, meaning: tuple[FailureClass, Reason]
) -> None:
    assert classify(code=code, http_status=status, says_when=False) == meaning


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


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_rows_that_run_on_a_real_object_have_the_classes_that_they_name(row: Row) -> None:
    meaning = classify(code=row.code, http_status=row.http_status or 0, says_when=False)

    assert meaning == (row.failure_class, row.reason)


def test_every_class_and_every_code_of_the_service_has_a_row_that_runs_on_a_real_object() -> None:
    codes = {row.code for row in ROWS}

    assert {row.failure_class for row in ROWS} == {*FailureClass} - {FailureClass.THROTTLED}
    assert {
        code
        for code, _, meaning in TABLE
        if meaning != THROTTLED and code not in {"", "Unheard.Of"}
    } <= codes


@pytest.mark.parametrize("code", ["InternalError", "ResourceInChannel.Invalid", "Forbidden", ""])
def test_an_answer_that_says_when_to_come_again_is_throttled(code: str) -> None:
    assert classify(code=code, http_status=400, says_when=True) == THROTTLED


@pytest.mark.parametrize(
    "code", sorted({code for code, *_ in TABLE if code and code != "Unheard.Of"})
)
def test_a_code_that_is_classified_is_named_by_the_metric(code: str) -> None:
    assert code_label(code) == code


def test_a_code_that_no_row_names_is_counted_among_the_others() -> None:
    assert code_label("Throttling.Invented.By.A.Gateway") == "other"
