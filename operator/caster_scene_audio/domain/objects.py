"""A CasterSceneAudio as the cluster holds it: who it is, what it wants, how far it came."""

from dataclasses import dataclass, field

from typing_extensions import override

from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.plan import Plan, Wish
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status

GROUP = "live.alibabacloud.com"
VERSION = "v1alpha1"
KIND = "CasterSceneAudio"
PLURAL = "castersceneaudios"
RECONCILE_REQUEST = f"{GROUP}/reconcile-requested-at"
"""An annotation: any new value has the object reconciled now."""

API_VERSION = f"{GROUP}/{VERSION}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRef:
    """One object for as long as it lives: a namesake made later has another uid."""

    namespace: str
    name: str
    uid: str

    @override
    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class UnreadableSpec:
    """A spec that this version of the operator can't read; the message names the field."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneAudio:
    """An object as last seen. `status` is what was concluded of it last."""

    ref: ObjectRef
    generation: int
    spec: SceneAudioSpec | UnreadableSpec
    status: Status
    created: str = ""
    """`creationTimestamp`, RFC 3339 in UTC to the second: it sorts as text."""
    reconcile_request: str | None = None
    plan: Plan = field(default_factory=Plan)
    written_by: str | None = field(default=None, compare=False)
    """The field manager that last wrote the spec; None where that isn't told."""
    version: int = field(default=0, compare=False)
    """The resourceVersion; 0 where it isn't known."""
    recorded: Status | None = field(default=None, compare=False)
    """The status that the API server is known to have; None before that is known."""

    @property
    def is_asked_for(self) -> bool:
        """Whether a reconcile request is still to be answered."""
        handled = self.status.last_handled_reconcile_at
        return self.reconcile_request is not None and self.reconcile_request != handled

    @property
    def is_untried(self) -> bool:
        """Whether this generation of the spec was not tried yet."""
        return self.status.observed_generation != self.generation

    @property
    def is_changed(self) -> bool:
        """Whether a person wants something that was not tried yet."""
        return self.is_untried or self.is_asked_for

    @property
    def is_replaced_recorded(self) -> bool:
        """Whether the API server has what the scene had before the first write."""
        return self.recorded is not None and self.recorded.replaced == self.status.replaced

    @property
    def wish(self) -> Wish:
        """What a person last asked for."""
        return self.generation, self.reconcile_request

    @property
    def seniority(self) -> tuple[str, str]:
        """Of two objects for one scene, the one with the lesser holds it."""
        return self.created, self.ref.uid

    @property
    def secret(self) -> SecretRef | None:
        """The Secret that the object names; None: the operator's own credentials."""
        if isinstance(self.spec, UnreadableSpec) or self.spec.credentials_secret_ref is None:
            return None
        return SecretRef(namespace=self.ref.namespace, name=self.spec.credentials_secret_ref.name)
