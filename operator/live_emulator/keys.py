"""Access keys and the accounts that they belong to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

DEFAULT_ACCOUNT = "1234567890123456"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """A key of an account. Keys of one account share its quota, as RAM users do.

    With a `security_token` the key is a temporary one and good until `expires`.
    """

    access_key_id: str
    secret: str = field(repr=False)
    account: str = DEFAULT_ACCOUNT
    security_token: str | None = field(default=None, repr=False)
    expires: datetime | None = None
    active: bool = True
    denied_actions: tuple[str, ...] = ()


FALLBACK_KEY = AccessKey(
    access_key_id="testid",
    secret="testsecret",  # noqa: S106 (made up, and told in the log)
)


class KeyRing:
    """Every access key that the emulator knows."""

    def __init__(self, keys: Iterable[AccessKey]) -> None:
        self._initial = tuple(keys)
        self._keys: dict[str, AccessKey] = {}
        self.reset()

    def __iter__(self) -> Iterator[AccessKey]:
        return iter(self._keys.values())

    def reset(self) -> None:
        """Back to the keys of the start."""
        self._keys = {key.access_key_id: key for key in self._initial}

    def get(self, access_key_id: str) -> AccessKey | None:
        return self._keys.get(access_key_id)

    def put(self, key: AccessKey) -> None:
        self._keys[key.access_key_id] = key

    def remove(self, access_key_id: str) -> bool:
        return self._keys.pop(access_key_id, None) is not None

    def knows_token(self, security_token: str) -> bool:
        return any(key.security_token == security_token for key in self)
