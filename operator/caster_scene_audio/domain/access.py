"""Who may use the operator's own credentials: whoever may write objects could else use them all."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Self

SETTING = "--own-credentials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A namespace (or a pattern of names), and the casters that it may change by patterns."""

    namespace: str
    casters: tuple[str, ...] = ("*",)

    @classmethod
    def parse(cls, text: str) -> Self:
        """`NAMESPACE` or `NAMESPACE=CASTER[,CASTER…]`; raises ValueError."""
        namespace, given, casters = text.partition("=")
        patterns = tuple(casters.split(",")) if given else ("*",)
        if not namespace or not all(patterns):
            raise ValueError("should be NAMESPACE or NAMESPACE=CASTER,CASTER; * and ? match any")
        return cls(namespace=namespace, casters=patterns)

    def covers(self, namespace: str) -> bool:
        return fnmatchcase(namespace, self.namespace)

    def allows(self, caster_id: str) -> bool:
        return any(fnmatchcase(caster_id, pattern) for pattern in self.casters)


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """What may be done with the operator's own credentials, by namespace and caster."""

    grants: tuple[Grant, ...] = (Grant(namespace="*"),)

    def objection(self, *, namespace: str, caster_id: str) -> str | None:
        """Why an object of this namespace may not use them for this caster; None if it may."""
        covering = [grant for grant in self.grants if grant.covers(namespace)]
        if any(grant.allows(caster_id) for grant in covering):
            return None
        what = f"caster {caster_id}" if covering else f"namespace {namespace}"
        return (
            f"The operator's setting {SETTING} doesn't let {what} use the operator's own "
            "credentials: name a Secret in spec.credentialsSecretRef, or have the setting extended."
        )
