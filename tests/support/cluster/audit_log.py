"""The API server's own record of who asked it for what."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OPERATOR = "system:serviceaccount:caster-scene-audio:caster-scene-audio-operator"
READING = frozenset({"get", "list", "watch"})


@dataclass(frozen=True, slots=True, order=True)
class Write:
    """One request that changes something; `what` is resource/subresource."""

    verb: str
    what: str
    name: str


@dataclass(frozen=True, slots=True)
class AuditLog:
    path: Path

    def operator_writes(self, namespace: str) -> list[Write]:
        """What the operator wrote in the namespace, in order; refused requests count."""
        return [
            _write(entry["verb"], entry["objectRef"])
            for entry in self._entries(namespace)
            if user_of(entry) == OPERATOR and entry["verb"] not in READING
        ]

    def refusals(self, user: str) -> list[str]:
        """What was asked for by the user, and refused for want of a right."""
        with self.path.open() as lines:
            asked = [json.loads(line) for line in lines if user in line and line.endswith("\n")]
        return [
            f"{entry['verb']} {entry['requestURI']}"
            for entry in asked
            if user_of(entry) == user and entry["responseStatus"]["code"] in {401, 403}
        ]

    def _entries(self, namespace: str) -> Iterator[dict[str, Any]]:
        with self.path.open() as lines:
            for line in lines:
                if namespace in line and line.endswith("\n"):
                    entry = json.loads(line)
                    if entry.get("objectRef", {}).get("namespace") == namespace:
                        yield entry


def user_of(entry: dict[str, Any]) -> str:
    """Nobody's where the request ended before it was known whose it was, as at a stop."""
    name: str = entry["user"].get("username", "")
    return name


def _write(verb: str, target: dict[str, str]) -> Write:
    parts = (target["resource"], target.get("subresource"))
    return Write(verb, "/".join(part for part in parts if part), target.get("name", ""))
