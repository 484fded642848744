"""An access key, as a value that keeps its secrets out of every repr."""

from dataclasses import dataclass, field
from hashlib import sha256

from typing_extensions import override


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An access key of an Alibaba Cloud account; the token only with temporary ones."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)

    @property
    def digest(self) -> str:
        """Tells those with one ID and different secrets apart; kept in memory, and never told.

        An ID is no secret: whoever knows one could else have what he does counted for its owner's.
        """
        parts = (self.access_key_id, self.access_key_secret, self.security_token or "")
        return sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRef:
    """The Secret that an object names; it lies in the object's own namespace."""

    namespace: str
    name: str

    @override
    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"
