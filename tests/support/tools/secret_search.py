"""Whether a secret got out: all that was told in a run of the tests, searched at its end."""

import base64
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

SHORTEST = 8
"""Characters; what is shorter would be found by chance."""


@dataclass
class SecretSearch:
    """Collects what is secret and what is told; finds the one in the other, however it is written."""

    _secrets: dict[str, str] = field(default_factory=dict)
    _told: list[tuple[str, str]] = field(default_factory=list)

    def keep_out(self, name: str, secret: str) -> None:
        """The secret must be told nowhere; by the name it is spoken of where it is."""
        assert len(secret) >= SHORTEST, name
        self._secrets[secret] = name

    def told(self, where: str, text: str) -> None:
        """The text can be read there by others than those who know the secrets."""
        self._told.append((where, text))

    def check(self) -> None:
        """Fail where a secret was told. The words name it, and don't repeat it."""
        found = "; ".join(self._findings())
        if found:
            raise AssertionError(f"a secret was told: {found}")

    def _findings(self) -> Iterator[str]:
        for secret, name in self._secrets.items():
            for where, text in self._told:
                ways = [way for way, form in _forms(secret) if form in text]
                if ways:
                    yield f"{name} in {where}, {ways[0]}"


def _forms(secret: str) -> Iterator[tuple[str, str]]:
    yield "as it is", secret
    yield "percent-encoded", quote(secret, safe="")
    for before in range(3):
        core = _within_base64(secret, before)
        yield "in base64", core
        yield "in base64", core.replace("+", "-").replace("/", "_")


def _within_base64(secret: str, before: int) -> str:
    """What the base64 of a text has of the secret, so many bytes into a group of three."""
    content = bytes(before) + secret.encode()
    encoded = base64.b64encode(content).decode()
    return encoded[math.ceil(before * 8 / 6) : len(content) * 8 // 6]


RUN = SecretSearch()
"""Of the whole run: every operator process and every Secret of the tests add to it."""
