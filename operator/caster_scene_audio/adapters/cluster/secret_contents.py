"""What a Secret holds: credentials, or words for who must mend it. No value stands in any word."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caster_scene_audio.domain.credentials import Credentials, SecretRef

ACCESS_KEY_ID = "access-key-id"
ACCESS_KEY_SECRET = "access-key-secret"  # noqa: S105 (the name of a key)
SECURITY_TOKEN = "security-token"  # noqa: S105 (the name of a key)
REQUIRED = (ACCESS_KEY_ID, ACCESS_KEY_SECRET)

FROM_ENVIRONMENT = (
    f'--from-literal={ACCESS_KEY_ID}="$ALIBABA_CLOUD_ACCESS_KEY_ID"'
    f' --from-literal={ACCESS_KEY_SECRET}="$ALIBABA_CLOUD_ACCESS_KEY_SECRET"'
)
"""The rest of a command that works when it is pasted, and shows no key in a shell's history."""

_FAULTS = (
    (re.compile(rb"\A\Z"), "is empty"),
    (re.compile(rb"[^\x00-\x7f]"), "holds a character that is not plain ASCII"),
    (re.compile(rb"\A[\r\n]"), "begins with a line break"),
    (re.compile(rb"[\r\n]\Z"), "ends with a line break"),
    (re.compile(rb"\A\s"), "begins with a space"),
    (re.compile(rb"\s\Z"), "ends with a space"),
    (re.compile(rb"[\r\n]"), "has a line break inside"),
    (re.compile(rb"\s"), "has a space inside"),
    (re.compile(rb"[\x00-\x1f\x7f]"), "has a control character inside"),
)
"""The first that matches is told."""

_POSSIBLE_NAME = re.compile(r"[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Absent:
    """There are no credentials; why, and what to do about it."""

    reason: str


Reading = Credentials | Absent


def reading_of(ref: SecretRef, secret: Mapping[str, Any]) -> Reading:
    """What the Secret gives, as the API server tells it. One that is being deleted still counts."""
    data: Mapping[str, str] = secret.get("data") or {}
    faults = [f"{key} {fault}" for key in _keys(data) if (fault := _fault(data.get(key)))]
    if faults:
        return Absent(
            f"Secret {ref}: {', '.join(faults)}; write each value alone under its key"
            " (kubectl create secret generic --from-literal, or echo -n before base64)"
        )
    return Credentials(
        access_key_id=_text(data[ACCESS_KEY_ID]),
        access_key_secret=_text(data[ACCESS_KEY_SECRET]),
        security_token=_text(data[SECURITY_TOKEN]) if SECURITY_TOKEN in data else None,
    )


def missing(ref: SecretRef) -> Absent:
    return Absent(
        f"Secret {ref} does not exist; create it, from an environment that has the access key:"
        f" kubectl create secret generic {ref.name} --namespace {ref.namespace} {FROM_ENVIRONMENT}"
    )


def not_allowed(ref: SecretRef) -> Absent:
    return Absent(
        f"the operator may not read Secret {ref}: grant its ServiceAccount the verbs get and watch"
        f" on secrets in namespace {ref.namespace} by a Role and a RoleBinding, or leave"
        " spec.credentialsSecretRef out to use the operator's own credentials"
    )


def beyond_share(ref: SecretRef, most: int) -> Absent:
    return Absent(
        f"Secret {ref} isn't read: the objects of namespace {ref.namespace} name more than {most}"
        " Secrets; have several objects name the same one, or suspend some of them"
    )


def not_followed(ref: SecretRef) -> Absent:
    return Absent(f"Secret {ref} is no longer followed")


def misnamed() -> Absent:
    """The name isn't told: one who takes the field for the key itself writes that into it."""
    return Absent(
        "spec.credentialsSecretRef.name can't be the name of a Secret:"
        " that is of lower-case letters, digits, '-' and '.'"
    )


def is_possible(ref: SecretRef) -> bool:
    """Whether a Secret can bear the name; any other could lead a request elsewhere."""
    return _POSSIBLE_NAME.fullmatch(ref.name) is not None


def _keys(data: Mapping[str, str]) -> tuple[str, ...]:
    return (*REQUIRED, SECURITY_TOKEN) if SECURITY_TOKEN in data else REQUIRED


def _fault(encoded: str | None) -> str | None:
    if encoded is None:
        return "is missing"
    try:
        value = base64.b64decode(encoded, validate=True)
    except ValueError:
        return "is not base64"
    return next((wording for pattern, wording in _FAULTS if pattern.search(value)), None)


def _text(encoded: str) -> str:
    return base64.b64decode(encoded).decode("ascii")
