"""Kubeconfigs of every kind for one control plane, and who their user is to its API server."""

import asyncio
import base64
import json
import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import yaml
from kubernetes.aio.client import ApiClient, AuthenticationV1Api

from caster_scene_audio.adapters.cluster.client import open_client
from caster_scene_audio.adapters.cluster.connection import load_connection
from caster_scene_audio.watch.session import open_session
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import OPERATOR_NAMESPACE, SERVICE_ACCOUNT

Body = dict[str, Any]

REVIEW = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
TLS_CLOSES_WITHIN_S = 0.3


@dataclass(frozen=True)
class Folder:
    """A folder of one user, with what a kubeconfig on the control plane is made of."""

    plane: ControlPlane
    path: Path
    environ: dict[str, str] = field(default_factory=dict)
    """Beside that of the test; `kubectl` and the operator both get it."""

    @property
    def _admin(self) -> Body:
        config: Body = yaml.safe_load(self.plane.kubeconfig.read_text())
        return config

    @property
    def port(self) -> int:
        port = urlsplit(self.plane.server).port
        assert port is not None
        return port

    @property
    def cluster(self) -> Body:
        """As the administrator's kubeconfig has it: the server, and its authority as data."""
        return dict(self._admin["clusters"][0]["cluster"])

    @property
    def admin(self) -> Body:
        """A client certificate and its key, as data."""
        return dict(self._admin["users"][0]["user"])

    def token(self, account: str = SERVICE_ACCOUNT) -> str:
        return self.plane.kubectl(
            "create", "token", account, f"--namespace={OPERATOR_NAMESPACE}"
        ).strip()

    def file(self, name: str, content: str | bytes, *, mode: int = 0o600) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)
        return path

    def pem(self, name: str, data: str) -> Path:
        """What a kubeconfig holds as data, as a file."""
        return self.file(name, base64.b64decode(data))

    def use(self, *paths: Path) -> None:
        self.environ["KUBECONFIG"] = os.pathsep.join(f"{path}" for path in paths)

    def write(self, user: Body | None, *, name: str = "config", **cluster: Any) -> Path:
        """A kubeconfig of one user; `a_b` of the cluster is a-b there, and None removes it."""
        changed = {key.replace("_", "-"): value for key, value in cluster.items()}
        kept = {**self.cluster, **changed}
        path = self.file(
            name,
            config(
                clusters={"c": {key: value for key, value in kept.items() if value is not None}},
                users={} if user is None else {"u": user},
                contexts={"x": {"cluster": "c", **({"user": "u"} if user else {})}},
                current="x",
            ),
        )
        self.use(path)
        return path

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "HOME": f"{self.path}",
            "KUBECACHEDIR": f"{self.path / 'kubectl-cache'}",
            "KUBERC": "off",
            **self.environ,
        }

    async def kubectl_is(self) -> Body:
        """Who the user is by kubectl."""
        words = await asyncio.to_thread(self._run, "auth", "whoami", "--output=json")
        user: Body = json.loads(words)["status"]["userInfo"]
        return user

    def _run(self, *arguments: str) -> str:
        answer = subprocess.run(  # noqa: S603 (the control plane's own kubectl)
            [f"{self.plane.binaries.kubectl}", "--request-timeout=20s", *arguments],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    async def operator_is(self) -> list[Body]:
        """Who the user is to the operator, on both of its ways."""
        async with self.opened() as user:
            return await user.info()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["OperatorsUser"]:
        connection = await load_connection(self.environment)
        async with open_client(connection) as client, open_session(connection) as session:
            yield OperatorsUser(connection.host, client, session)
        await asyncio.sleep(TLS_CLOSES_WITHIN_S)


@dataclass(frozen=True)
class OperatorsUser:
    """Who the operator's client is to the API server, and the session of its watch."""

    host: str
    client: ApiClient
    session: aiohttp.ClientSession

    async def info(self) -> list[Body]:
        review = await AuthenticationV1Api(self.client).create_self_subject_review(REVIEW)
        path = "apis/authentication.k8s.io/v1/selfsubjectreviews"
        async with self.session.post(f"{self.host}/{path}", json=REVIEW) as answer:
            watching = await answer.json()
        answers = (self.client.sanitize_for_serialization(review), watching)
        return [each["status"]["userInfo"] for each in answers]

    async def names(self) -> list[str]:
        return [each["username"] for each in await self.info()]


def config(*, clusters: Body, users: Body, contexts: Body, current: str | None) -> str:
    """A kubeconfig of the entries given by name."""
    lists = {"cluster": clusters, "user": users, "context": contexts}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        **{
            f"{kind}s": [{"name": name, kind: entry} for name, entry in entries.items()]
            for kind, entries in lists.items()
        },
    }
    return yaml.safe_dump(document if current is None else document | {"current-context": current})
