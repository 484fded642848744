"""What the default chain asks, in its order."""

from dataclasses import dataclass


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
