"""Which Secrets are followed: those that an object names for which something may be called."""

from collections.abc import Callable

from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.ports import SecretCredentials


class Followed:
    """Each Secret is followed from the first object on, and left with the last.

    Args:
        secrets: Where they are followed.
        changed: Called for each that changes.
        left: Called for each that nobody needs any more.
    """

    def __init__(
        self,
        secrets: SecretCredentials,
        *,
        changed: Callable[[SecretRef], None],
        left: Callable[[SecretRef], None],
    ) -> None:
        self._secrets = secrets
        self._changed = changed
        self._left = left
        self._of: dict[str, SecretRef] = {}
        self._users: dict[SecretRef, int] = {}

    def has(self, secret: SecretRef) -> bool:
        """Whether somebody needs the Secret."""
        return secret in self._users

    def use(self, uid: str, secret: SecretRef | None) -> None:
        """From now on the object needs this Secret, and no other."""
        before = self._of.pop(uid, None)
        if secret is not None:
            self._of[uid] = secret
        if secret == before:
            return
        if secret is not None:
            self._join(secret)
        if before is not None:
            self._leave(before)

    def _join(self, secret: SecretRef) -> None:
        self._users[secret] = self._users.get(secret, 0) + 1
        if self._users[secret] == 1:
            self._secrets.follow(secret, self._changed)

    def _leave(self, secret: SecretRef) -> None:
        self._users[secret] -= 1
        if not self._users[secret]:
            del self._users[secret]
            self._left(secret)
            self._secrets.leave(secret)
