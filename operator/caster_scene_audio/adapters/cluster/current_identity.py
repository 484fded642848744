"""Who we are to the API server now: whoever rewrites the kubeconfig changes that."""

import contextlib
from collections.abc import Callable

from caster_scene_audio.adapters.cluster.client_certificate import ClientCertificate
from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.identity import Identity
from caster_scene_audio.adapters.cluster.kubeconfig_sections import User


class CurrentIdentity:
    """The kubeconfig's user. While it can't be read, the former one stays.

    `read` gives the user as it is written now, or raises ConfigException; `state` differs once it is
    written anew; `prove` makes of a user what proves it.
    """

    def __init__(
        self,
        user: User,
        certificate: ClientCertificate,
        *,
        read: Callable[[], User],
        state: Callable[[], object],
        prove: Callable[[User], Identity],
    ) -> None:
        """Raises ConfigException."""
        self._user = user
        self._certificate = certificate
        self._read = read
        self._state = state
        self._prove = prove
        self._seen = state()
        self._identity = prove(user)

    async def authorization(self) -> str | None:
        """What stands in the Authorization header, if anything does; raises PluginFailed."""
        return await self._identity.authorization()

    def rejected(self) -> None:
        """The API server no longer takes it."""
        self._identity.rejected()

    def look(self) -> None:
        """Be whom the kubeconfig names by now."""
        if (seen := self._state()) == self._seen:
            return
        with contextlib.suppress(ConfigException):  # it may be in the middle of being written
            self._become(self._read())
            self._seen = seen

    def _become(self, user: User) -> None:
        if user == self._user:
            return
        identity = self._prove(user)
        self._certificate.follow(user)
        self._user, self._identity = user, identity
