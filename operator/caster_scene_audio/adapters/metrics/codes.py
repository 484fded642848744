"""The codes that a metric names; the service has hundreds, and a gateway may invent more."""

SUCCESS = "OK"
OTHER = "other"

KNOWN = frozenset(
    {
        "Throttling",
        "Throttling.Api",
        "Throttling.User",
        "ResourceInChannel.NotFound",
        "ResourceInChannel.PreConditionFailed",
        "IncorrectSceneStatus",
        "InvalidCaster.NotFound",
        "InvalidScene.NotFound",
        "InvalidAccessKeyId.Inactive",
        "InvalidAccessKeyId.NotFound",
        "InvalidParameter.Malformed",
        "InvalidSecurityToken.Expired",
        "InvalidTimeStamp.Expired",
        "SignatureDoesNotMatch",
        "SignatureNonceUsed",
        "IncompleteSignature",
        "MissingParameter",
        "NoPermission",
        "Forbidden",
        "Forbidden.RAM",
        "IllegalOperation",
        "InternalError",
        "ServiceUnavailable",
        # The client's own words, where the service said nothing that can be read.
        "ConnectTimeout",
        "ConnectionFailed",
        "ConnectionLost",
        "ConnectionRefused",
        "ProxyRefused",
        "ProxyUnreachable",
        "MalformedCredentials",
        "NameNotResolved",
        "RedirectRefused",
        "TLSFailed",
        "Timeout",
        "UnreadableAnswer",
    }
)


def bounded(code: str) -> str:
    return code if code in KNOWN else OTHER
