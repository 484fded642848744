"""What each code of the service, and of the gateway before it, is taken for."""

import pytest

from caster_scene_audio.adapters.metrics.labels import code_label
from caster_scene_audio.domain.failure import FailureClass, classify
from caster_scene_audio.domain.reasons import Reason

THROTTLED = (FailureClass.THROTTLED, Reason.THROTTLED)
TRANSIENT = (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE)
BUSY = (FailureClass.BUSY, Reason.RESOURCE_IN_CHANNEL)
NOT_READY = (FailureClass.NOT_READY, Reason.SCENE_NOT_READY)
NO_CASTER = (FailureClass.NOT_FOUND, Reason.CASTER_NOT_FOUND)
NO_SCENE = (FailureClass.NOT_FOUND, Reason.SCENE_NOT_FOUND)
DENIED = (FailureClass.ACCESS, Reason.ACCESS_DENIED)
BAD_KEY = (FailureClass.ACCESS, Reason.CREDENTIALS_UNAVAILABLE)
EXPIRED = (FailureClass.EXPIRED_TOKEN, Reason.CREDENTIALS_UNAVAILABLE)
CLOCK = (FailureClass.CLOCK, Reason.CLOCK_SKEWED)
INVALID = (FailureClass.INVALID, Reason.INVALID_SPEC)

TABLE = [
    ("InvalidCasterId.Malformed", 400, INVALID),
    ("InvalidUserId.Malformed", 400, INVALID),
    ("InvalidParameter.Malformed", 400, INVALID),
    ("InvalidAudioLayersAndMixListSize.Mismatch", 400, INVALID),
    ("InvalidMixList.ExceedNorm", 400, INVALID),
    ("IncorrectSceneStatus", 400, NOT_READY),
    ("IncorrectSceneStatus.ConfigError", 400, NOT_READY),
    ("IllegalOperation", 401, DENIED),
    ("InvalidCaster.NotFound", 404, NO_CASTER),
    ("InvalidScene.NotFound", 404, NO_SCENE),
    ("ResourceInChannel.NotFound", 404, NO_SCENE),
    ("ResourceInChannel.PreConditionFailed", 412, BUSY),
    ("ResourceInChannel.Invalid", 412, BUSY),
    ("InternalError", 500, TRANSIENT),
    ("Throttling", 400, THROTTLED),
    ("Throttling", 503, THROTTLED),
    ("Throttling.User", 400, THROTTLED),
    ("Throttling.User", 429, THROTTLED),
    ("Throttling.Api", 503, THROTTLED),
    ("ServiceUnavailable", 503, TRANSIENT),
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
    ("Unheard.Of", 400, INVALID),
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
