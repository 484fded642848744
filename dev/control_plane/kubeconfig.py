"""Kubeconfig files."""

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dev.control_plane.certificates import KeyPair


@dataclass(frozen=True, slots=True)
class Server:
    """Where an API server is and how to know it."""

    url: str
    authority: Path

    def kubeconfig_for_client(self, client: KeyPair) -> str:
        """With the certificate and its key inside."""
        return self._kubeconfig(
            {
                "client-certificate-data": _encoded(client.certificate),
                "client-key-data": _encoded(client.key),
            }
        )

    def kubeconfig_for_token(self, token_file: Path, *, namespace: str) -> str:
        """With a token that is read from its file again and again."""
        return self._kubeconfig({"tokenFile": f"{token_file}"}, namespace=namespace)

    def _kubeconfig(self, user: dict[str, Any], *, namespace: str = "default") -> str:
        name = "control-plane"
        cluster = {"server": self.url, "certificate-authority-data": _encoded(self.authority)}
        context = {"cluster": name, "user": name, "namespace": namespace}
        return yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": name, "cluster": cluster}],
                "users": [{"name": name, "user": user}],
                "contexts": [{"name": name, "context": context}],
                "current-context": name,
            },
            sort_keys=False,
        )


def write_private(path: Path, text: str) -> Path:
    """Write whole or not at all, readable by its owner alone."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return partial.rename(path)


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
