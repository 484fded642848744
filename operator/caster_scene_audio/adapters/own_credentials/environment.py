"""What the environment says of credentials: by name alone, a value is never told."""

from collections.abc import Iterable, Mapping

from caster_scene_audio.adapters.own_credentials.sources import (
    CREDENTIALS_URI,
    ECS_ROLE,
    ENVIRONMENT,
    OIDC,
    Source,
)

ACCESS_KEY_ID = "ALIBABA_CLOUD_ACCESS_KEY_ID"
ACCESS_KEY_SECRET = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"  # noqa: S105 (the name of a variable)
SECURITY_TOKEN = "ALIBABA_CLOUD_SECURITY_TOKEN"  # noqa: S105 (the name of a variable)
CREDENTIALS_FILE = "ALIBABA_CLOUD_CREDENTIALS_FILE"
PROFILE_NAME = "ALIBABA_CLOUD_PROFILE"
URI = "ALIBABA_CLOUD_CREDENTIALS_URI"
ECS_DISABLED = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"

KEY_PAIR = (ACCESS_KEY_ID, ACCESS_KEY_SECRET)
ROLE = (
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
)
_CHECKED = (
    *KEY_PAIR,
    SECURITY_TOKEN,
    *ROLE,
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    "ALIBABA_CLOUD_STS_REGION",
    "ALIBABA_CLOUD_ECS_METADATA",
    CREDENTIALS_FILE,
    PROFILE_NAME,
    URI,
)


def stray_white_space(environ: Mapping[str, str]) -> str | None:
    """Names the first variable that can't be meant as it is written."""
    for name in _CHECKED:
        value = environ.get(name, "")
        if value != value.strip():
            return f"{name} begins or ends with a space or line break"
    return None


def halves(environ: Mapping[str, str]) -> list[str]:
    """What is set in part, and so passed over by the chain."""
    return [missing for names in (KEY_PAIR, ROLE) if (missing := _half_set(names, environ))]


def asked(environ: Mapping[str, str]) -> list[Source]:
    """The sources that the environment chooses; a profile may lie there besides."""
    found = {
        ENVIRONMENT: all(map(environ.get, KEY_PAIR)),
        OIDC: all(map(environ.get, ROLE)),
        ECS_ROLE: environ.get(ECS_DISABLED, "").lower() != "true",
        CREDENTIALS_URI: bool(environ.get(URI)),
    }
    return [source for source, chosen in found.items() if chosen]


def _half_set(names: Iterable[str], environ: Mapping[str, str]) -> str | None:
    unset = [name for name in names if not environ.get(name)]
    there = [name for name in names if environ.get(name)]
    if not unset or not there:
        return None
    return f"{there[0]} is set, but not {' and '.join(unset)}"
