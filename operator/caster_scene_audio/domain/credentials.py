"""An access key, as a value that keeps its secrets out of every repr."""

from dataclasses import dataclass, field

from typing_extensions import override


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An access key of an Alibaba Cloud account; the token only with temporary ones."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRef:
    """The Secret that an object names; it lies in the object's own namespace."""

    namespace: str
    name: str

    @override
    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"
