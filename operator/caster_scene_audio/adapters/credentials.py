"""Credentials from the environment, by the names that Alibaba Cloud's own tools read."""

from collections.abc import Mapping

from caster_scene_audio.domain.credentials import Credentials, CredentialsUnavailable

ACCESS_KEY_ID = "ALIBABA_CLOUD_ACCESS_KEY_ID"
ACCESS_KEY_SECRET = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"  # noqa: S105 (the name of a variable)
SECURITY_TOKEN = "ALIBABA_CLOUD_SECURITY_TOKEN"  # noqa: S105 (the name of a variable)


class EnvironmentCredentials:
    """Implements `ports.CredentialSource` over environment variables."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    async def credentials(self) -> Credentials:
        """What the environment says now; raises CredentialsUnavailable, naming the variable."""
        return Credentials(
            access_key_id=self._required(ACCESS_KEY_ID),
            access_key_secret=self._required(ACCESS_KEY_SECRET),
            security_token=self._checked(SECURITY_TOKEN),
        )

    def _required(self, name: str) -> str:
        value = self._checked(name)
        if not value:
            raise CredentialsUnavailable(f"set {name} in the operator's environment")
        return value

    def _checked(self, name: str) -> str | None:
        value = self._environ.get(name) or None
        if value and value != value.strip():
            raise CredentialsUnavailable(f"{name} begins or ends with a space or line break")
        return value
