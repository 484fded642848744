"""What the control API takes, beside scenes and faults."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, SecretStr

from live_emulator.dials import Dials
from live_emulator.document import Document
from live_emulator.keys import DEFAULT_ACCOUNT, AccessKey
from live_emulator.studio import Scene


class Series(Document):
    """Scenes in bulk: `prefix` and a number from 1, all of them like `template`."""

    caster_id: str
    prefix: str = "scene-"
    count: Annotated[int, Field(ge=1, le=100_000)]
    template: dict[str, Any] = Field(default_factory=dict)

    def scenes(self) -> Iterator[Scene]:
        for number in range(1, self.count + 1):
            names = {"casterId": self.caster_id, "sceneId": f"{self.prefix}{number}"}
            yield Scene.read({**self.template, **names})


class ScenesBody(Document):
    """Many scenes in one request; `replace` drops all others first."""

    scenes: tuple[Scene, ...] = ()
    series: tuple[Series, ...] = ()
    replace: bool = False

    def all_scenes(self) -> tuple[Scene, ...]:
        """Every one of them checked before the first is put."""
        return self.scenes + tuple(scene for one in self.series for scene in one.scenes())


class TakeBody(Document):
    """A take: `from` is the preview scene whose configuration goes on air."""

    from_: str = Field(alias="from")


class AccessKeyBody(Document):
    """An access key; `expires` or `expiresInSeconds` says when its token is no longer good."""

    secret: SecretStr
    account: str = DEFAULT_ACCOUNT
    security_token: SecretStr | None = None
    expires: AwareDatetime | None = None
    expires_in_seconds: float | None = None
    active: bool = True
    denied_actions: tuple[str, ...] = ()

    def as_key(self, access_key_id: str, now: datetime) -> AccessKey:
        expires = self.expires
        if self.expires_in_seconds is not None:
            expires = now + timedelta(seconds=self.expires_in_seconds)
        token = self.security_token
        return AccessKey(
            access_key_id=access_key_id,
            secret=self.secret.get_secret_value(),
            account=self.account,
            security_token=None if token is None else token.get_secret_value(),
            expires=expires,
            active=self.active,
            denied_actions=self.denied_actions,
        )

    @staticmethod
    def described(key: AccessKey) -> dict[str, Any]:
        """What may be told of a key: not its secret, and not its token."""
        return {
            "accessKeyId": key.access_key_id,
            "account": key.account,
            "temporary": key.security_token is not None,
            "expires": key.expires.astimezone(UTC).isoformat() if key.expires else None,
            "active": key.active,
            "deniedActions": list(key.denied_actions),
        }


class DialsBody(Document):
    """The dials to turn; what is left out stays."""

    update_qps: Annotated[int, Field(ge=0)] | None = None
    copy_qps: Annotated[int, Field(ge=0)] | None = None
    read_qps: Annotated[int, Field(ge=0)] | None = None
    latency_ms: Annotated[int, Field(ge=0)] | None = None
    longest_line_bytes: Annotated[int, Field(ge=0)] | None = None
    any_scene: bool | None = None
    take_audio: bool | None = None
    long_channels: bool | None = None
    whole_volumes: bool | None = None

    @classmethod
    def of(cls, dials: Dials) -> Self:
        return cls(**asdict(dials))

    def turn(self, dials: Dials) -> None:
        for name, value in self.model_dump(exclude_none=True).items():
            setattr(dials, name, value)
