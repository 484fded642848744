"""What the default chain asks, in its order, and what the environment says of it.

Variables are told by name alone, never by value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A provider of the chain: its class, its own name in an answer, and ours for people."""

    class_name: str
    provider: str
    label: str


ENVIRONMENT = Source(
    class_name="EnvironmentVariableCredentialsProvider",
    provider="env",
    label="the environment",
)
OIDC = Source(
    class_name="OIDCRoleArnCredentialsProvider",
    provider="oidc_role_arn",
    label="the role of the ServiceAccount (RRSA)",
)
CLI_PROFILE = Source(
    class_name="CLIProfileCredentialsProvider",
    provider="cli_profile",
    label="the profile in ~/.aliyun/config.json",
)
PROFILE = Source(
    class_name="ProfileCredentialsProvider",
    provider="profile",
    label="the profile in ~/.alibabacloud/credentials.ini or ALIBABA_CLOUD_CREDENTIALS_FILE",
)
ECS_ROLE = Source(
    class_name="EcsRamRoleCredentialsProvider",
    provider="ecs_ram_role",
    label="the role of the ECS instance",
)
CREDENTIALS_URI = Source(
    class_name="URLCredentialsProvider",
    provider="credential_uri",
    label="the server that ALIBABA_CLOUD_CREDENTIALS_URI names",
)

SOURCES = (ENVIRONMENT, OIDC, CLI_PROFILE, PROFILE, ECS_ROLE, CREDENTIALS_URI)


def source_named(provider_name: str | None) -> Source | None:
    """The source of an answer that calls itself `default/<provider>[/<its inner provider>]`."""
    parts = (provider_name or "").split("/")
    return next((source for source in SOURCES if source.provider in parts[1:2]), None)


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
