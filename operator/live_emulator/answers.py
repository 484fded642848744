"""The service's answers: the catalog of its errors and the shape of an error document."""

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

OK = "OK"

# code: (HTTP status, message). The first block is UpdateCasterSceneAudio's own page, the second
# the gateway's in front of every API.
CATALOG: dict[str, tuple[int, str]] = {
    "InvalidCasterId.Malformed": (400, "The specified CasterId is malformed."),
    "InvalidUserId.Malformed": (400, "The specified user ID is malformed."),
    "InvalidParameter.Malformed": (400, "The specified parameter is malformed."),
    "InvalidAudioLayersAndMixListSize.Mismatch": (
        400,
        "The sizes of AudioLayer and MixList do not match.",
    ),
    "IncorrectSceneStatus": (400, "The status of the scene does not support this operation."),
    "IncorrectSceneStatus.ConfigError": (400, "The configuration of the scene is incorrect."),
    "InvalidMixList.ExceedNorm": (400, "The specified MixList exceeds the norm."),
    "IllegalOperation": (401, "You are not authorized to operate on this caster."),
    "InvalidCaster.NotFound": (404, "The specified caster does not exist."),
    "InvalidScene.NotFound": (404, "The specified scene does not exist."),
    "ResourceInChannel.NotFound": (404, "The resource of the specified location does not exist."),
    "ResourceInChannel.PreConditionFailed": (412, "The resource is in a channel."),
    "ResourceInChannel.Invalid": (412, "The resource in the channel is invalid."),
    "InternalError": (500, "The request processing has failed due to some unknown error."),
    "Throttling": (400, "Request was denied due to request throttling."),
    "Throttling.User": (400, "Request was denied due to user flow control."),
    "Throttling.Api": (400, "Request was denied due to api flow control."),
    "ServiceUnavailable": (
        503,
        "The request has failed due to a temporary failure of the server.",
    ),
    "InvalidAction.NotFound": (
        404,
        "Specified api is not found, please check your url and method.",
    ),
    "InvalidVersion": (400, "Specified parameter Version is not valid."),
    "MissingAccessKeyId": (400, "AccessKeyId is mandatory for this action."),
    "MissingSecurityToken": (400, "SecurityToken is mandatory for this action."),
    "MissingSignature": (400, "Signature is mandatory for this action."),
    "MissingTimestamp": (400, "Timestamp is mandatory for this action."),
    "MissingSignatureNonce": (400, "SignatureNonce is mandatory for this action."),
    "IncompleteSignature": (
        400,
        "The request signature does not conform to Alibaba Cloud standards.",
    ),
    "InvalidAccessKeyId.NotFound": (404, "Specified access key is not found."),
    "InvalidAccessKeyId.Inactive": (400, "Specified access key is disabled."),
    "SignatureDoesNotMatch": (400, "Specified signature does not match our calculation."),
    "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
    "InvalidTimeStamp.Format": (
        400,
        "Specified time stamp or date value is not well formatted.",
    ),
    "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
    "InvalidSecurityToken.Expired": (400, "Specified SecurityToken is expired."),
    "InvalidSecurityToken.Malformed": (400, "Specified SecurityToken is malformed."),
    "InvalidSecurityToken.MismatchWithAccessKey": (
        400,
        "Specified SecurityToken mismatch with the AccessKey.",
    ),
    "NoPermission": (403, "You are not authorized to do this action."),
    "Forbidden.RAM": (403, "User not authorized to operate on the specified resource."),
}


class Refused(Exception):  # noqa: N818 (named for what the service does with the call)
    """The service doesn't do it: a code of the catalog or one that a test ordered."""

    def __init__(
        self,
        code: str,
        message: str | None = None,
        *,
        status: int | None = None,
        retry_after_ms: int | None = None,
        access_denied_detail: dict[str, str] | None = None,
    ) -> None:
        usual_status, usual_message = CATALOG.get(code, (400, code))
        self.code = code
        self.status = usual_status if status is None else status
        self.message = usual_message if message is None else message
        self.retry_after_ms = retry_after_ms
        self.access_denied_detail = access_denied_detail
        super().__init__(code, self.message)


class Format(StrEnum):
    """How a document is written."""

    JSON = "JSON"
    XML = "XML"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A document, and the code that the record of calls keeps of it. XML names its `root`."""

    status: int
    code: str
    document: dict[str, Any]
    root: str = "Error"
    format: Format = Format.JSON
    headers: dict[str, str] = field(default_factory=dict)


def new_request_id() -> str:
    return str(uuid.uuid4()).upper()


def success(
    document: dict[str, Any], *, request_id: str, action: str, document_format: Format
) -> Answer:
    return Answer(
        status=200,
        code=OK,
        document={"RequestId": request_id, **document},
        root=f"{action}Response",
        format=document_format,
    )


def failure(refused: Refused, *, request_id: str, host_id: str, document_format: Format) -> Answer:
    """Code, Message, RequestId, HostId and Recommend, as the service's gateway writes them."""
    document: dict[str, Any] = {
        "RequestId": request_id,
        "HostId": host_id,
        "Code": refused.code,
        "Message": refused.message,
        "Recommend": f"https://api.aliyun.com/troubleshoot?q={refused.code}&product=live"
        f"&requestId={request_id}",
    }
    if refused.access_denied_detail is not None:
        document["AccessDeniedDetail"] = refused.access_denied_detail
    headers = {}
    if refused.retry_after_ms is not None:
        headers["x-acs-retry-after"] = str(refused.retry_after_ms)
    return Answer(
        status=refused.status,
        code=refused.code,
        document=document,
        headers=headers,
        format=document_format,
    )
