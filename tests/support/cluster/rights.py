"""Whether the operator's rights are exact: what it was granted against what it asked for."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, Self

from typing_extensions import override

from tests.support.cluster.audit_log import user_of

ACCOUNT = "caster-scene-audio-operator"
"""How the name of the operator's ServiceAccount ends, in whatever namespace."""
DECISION = "authorization.k8s.io/decision"
"""An annotation. A 403 alone may have other reasons, such as a namespace that is being deleted."""


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One verb on one resource (`resource/subresource`); of the objects named, or of any."""

    verb: str
    group: str
    resource: str
    name: str = ""

    def covers(self, request: "Request") -> bool:
        return (self.verb, self.group, self.resource) == (
            request.verb,
            request.group,
            request.resource,
        ) and self.name in {"", request.name}

    @override
    def __str__(self) -> str:
        what = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"{self.verb} {what} {self.name}".rstrip()


@dataclass(frozen=True, slots=True, order=True)
class Request:
    """What the operator asked of the API server, and whether it might."""

    verb: str
    group: str
    resource: str
    namespace: str
    name: str
    refused: bool

    @override
    def __str__(self) -> str:
        what = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"{self.verb} {what} {self.namespace or '(all)'}/{self.name}".rstrip("/")


def rights_in(manifests: Iterable[dict[str, Any]]) -> set[Right]:
    """All that the Roles and ClusterRoles grant."""
    return {
        Right(verb, group, resource, name)
        for manifest in manifests
        if manifest["kind"] in {"Role", "ClusterRole"}
        for rule in manifest["rules"]
        for verb, group, resource, name in product(
            rule["verbs"], rule["apiGroups"], rule["resources"], rule.get("resourceNames", [""])
        )
    }


@dataclass(frozen=True, slots=True)
class Span:
    began: datetime
    ended: datetime

    @classmethod
    def parse(cls, line: str) -> Self:
        span = json.loads(line)
        return cls(datetime.fromisoformat(span["from"]), datetime.fromisoformat(span["until"]))

    def contains(self, moment: datetime) -> bool:
        return self.began <= moment <= self.ended


def requests_in(audit_log: Iterable[str], *, starts: Sequence[Span] = ()) -> Iterator[Request]:
    """The operator's; whole lines only, as a killed API server may leave a torn one.

    What was refused while the API server was starting is left out: it knew no roles yet.
    """
    for line in audit_log:
        if ACCOUNT in line and line.endswith("\n"):
            entry = json.loads(line)
            if user_of(entry).endswith(ACCOUNT) and "objectRef" in entry:
                request = _request(entry)
                came = datetime.fromisoformat(entry["requestReceivedTimestamp"])
                if not (request.refused and any(start.contains(came) for start in starts)):
                    yield request


def _request(entry: dict[str, Any]) -> Request:
    target = entry["objectRef"]
    parts = (target["resource"], target.get("subresource"))
    return Request(
        verb=entry["verb"],
        group=target.get("apiGroup", ""),
        resource="/".join(part for part in parts if part),
        namespace=target.get("namespace", ""),
        name=target.get("name", ""),
        refused=entry.get("annotations", {}).get(DECISION) == "forbid",
    )


def refused(requests: Iterable[Request]) -> list[Request]:
    return sorted({request for request in requests if request.refused})


def unused(rights: Iterable[Right], requests: Iterable[Request]) -> list[Right]:
    """What was granted and never made use of."""
    allowed = {request for request in requests if not request.refused}
    return sorted(
        right for right in rights if not any(right.covers(request) for request in allowed)
    )
