"""What the reconciler asks of the world, in its own words."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef
from caster_scene_audio.domain.change_record import ChangeRecord
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.objects import ObjectRef, SceneAudio
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status

LIST_PAGE = 40
"""So many objects are listed at once: etcd takes none above 1.5 MB, so a page is below 64 MB."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A status as the API server stored it, and the object's version with it; 0: not known."""

    status: Status
    version: int = 0


class Live(Protocol):
    """ApsaraVideo Live. Every call is idempotent, is made once, and raises CallFailed alone."""

    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        """Set what `wanted` names and keep the rest; gives the RequestId of the answer."""
        ...

    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        """Read the scene's audio back, all but the filters."""
        ...

    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        """The scenes of the caster that bear the ref's scene ID: one, or none."""
        ...


class OwnCredentials(Protocol):
    """The operator's own credentials. Any number of callers at once cost one fetch."""

    async def credentials(self) -> Credentials:
        """The current ones, at once where they are still good; raises CallFailed."""
        ...

    async def renewed(self, rejected: Credentials) -> Credentials:
        """Fetched anew, as the service took these for expired; raises CallFailed."""
        ...


class SecretCredentials(Protocol):
    """The credentials that Secrets hold."""

    def follow(self, ref: SecretRef, changed: Callable[[SecretRef], None]) -> None:
        """Watch the Secret from now on, and call `changed` when what it holds changes."""
        ...

    def leave(self, ref: SecretRef) -> None:
        """Nobody needs the Secret any more: watch it no longer, and forget what it held."""
        ...

    async def credentials(self, ref: SecretRef) -> Credentials:
        """What the Secret holds now; raises CallFailed, naming what is missing."""
        ...


class Accounts(Protocol):
    """Which account an access key belongs to."""

    async def account_of(self, credentials: Credentials) -> str | None:
        """The account's ID; None where it can't be learned now. Raises nothing, and is quick."""
        ...


class Cluster(Protocol):
    """The API server, as far as the reconciler writes to it."""

    async def write_status(self, ref: ObjectRef, status: Status) -> Recorded:
        """Replace the object's status; gives what is stored by now.

        Raises ObjectGone, only where the object is known to be gone, or ClusterUnavailable.
        """
        ...

    async def announce(self, ref: ObjectRef, event: ObjectEvent) -> None:
        """Tell an Event; one that can't be told is logged and lost, never raised."""
        ...


class Leadership(Protocol):
    """Whether this process is the one that acts. It is asked before each call and each write."""

    async def held(self) -> None:
        """Return at once while this process leads.

        Once it may lead no longer this waits for ever, as the process is about to end.
        """
        ...


class Measures(Protocol):
    """What is counted where it happens. Nothing depends on it, and it raises nothing."""

    def change_waits(self, uid: str) -> None:
        """A change of the object waits for its call. Of several such calls the first counts."""
        ...

    def change_called(self, uid: str) -> None:
        """The service is called for the object. Does nothing where no change of it waits."""
        ...

    def change_dropped(self, uid: str) -> None:
        """No call follows from the change: it was taken back, or the object is gone."""
        ...

    def drift_found(self) -> None:
        """A reading showed a scene that differs from its spec."""
        ...

    def drift_corrected(self) -> None:
        """What a reading found was written back."""
        ...


class Traces(Protocol):
    """Follows a change from its event to its status. Nothing depends on it, and it raises nothing."""

    def change_seen(self, seen: SceneAudio) -> None:
        """A change of the object waits for its turn. Of several such calls the first counts."""
        ...

    def turn(self, seen: SceneAudio) -> AbstractContextManager[None]:
        """The object's turn, with all its calls."""
        ...

    def concluded(self, uid: str, status: Status) -> None:
        """What came of the change by now; its status is still to be written."""
        ...

    def change_dropped(self, uid: str) -> None:
        """No call follows from the change."""
        ...

    def forget(self, uid: str) -> None:
        """The object is deleted."""
        ...


class NoTraces:
    """Follows nothing, at no cost."""

    def change_seen(self, seen: SceneAudio) -> None: ...

    def turn(self, seen: SceneAudio) -> AbstractContextManager[None]:  # noqa: ARG002 (as the port has it)
        return _NOTHING

    def concluded(self, uid: str, status: Status) -> None: ...

    def change_dropped(self, uid: str) -> None: ...

    def forget(self, uid: str) -> None: ...


_NOTHING = nullcontext()


class ChangeLog(Protocol):
    """Where each write of a scene is put on record. Nothing depends on it, and it raises nothing."""

    def record(self, change: ChangeRecord) -> None:
        """A call ended, or was torn off."""
        ...


class ObjectGone(Exception):  # noqa: N818 (named for what is the case)
    """The object was deleted: there is nothing to report to."""


class ClusterUnavailable(Exception):  # noqa: N818 (named for what is the case)
    """The API server didn't take the request; later it may."""
