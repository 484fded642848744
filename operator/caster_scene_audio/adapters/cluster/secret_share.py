"""How many Secrets of one namespace are followed, and who is next where one is left."""

from collections.abc import Callable

from caster_scene_audio.domain.credentials import SecretRef

MOST = 50
"""So many Secrets of a namespace are followed at once."""

Changed = Callable[[SecretRef], None]


class SecretShares:
    """Each namespace has a share of its own: who names many Secrets is in nobody else's way."""

    def __init__(self) -> None:
        self._within: dict[str, set[SecretRef]] = {}
        self._beyond: dict[str, dict[SecretRef, Changed]] = {}

    def takes(self, ref: SecretRef, changed: Changed) -> bool:
        """Whether the Secret is within the share; else it waits for a place."""
        within = self._within.setdefault(ref.namespace, set())
        if ref in within or len(within) < MOST:
            within.add(ref)
            return True
        self._beyond.setdefault(ref.namespace, {})[ref] = changed
        return False

    def is_beyond(self, ref: SecretRef) -> bool:
        return ref in self._beyond.get(ref.namespace, ())

    def leave(self, ref: SecretRef) -> tuple[SecretRef, Changed] | None:
        """Who has the place from now on, where somebody waited for it."""
        waiting = self._beyond.get(ref.namespace, {})
        waiting.pop(ref, None)
        within = self._within.get(ref.namespace, set())
        was_within = ref in within
        within.discard(ref)
        heir = next(iter(waiting.items()), None) if was_within else None
        if heir is not None:
            del waiting[heir[0]]
            within.add(heir[0])
        self._tidy(ref.namespace)
        return heir

    def _tidy(self, namespace: str) -> None:
        for each in (self._within, self._beyond):
            if not each.get(namespace, True):
                del each[namespace]
