"""Programs that give credentials for the API server: the kubeconfig's `exec`."""

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.kubeconfig_sections import Cluster, Plugin

VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")
EXTENSION = "client.authentication.k8s.io/exec"
TIMEOUT_S = 60.0


class PluginFailed(OSError):  # noqa: N818 (named for what happened)
    """No credentials came; the message says why, and repeats nothing that the program said."""


class Credential(BaseModel):
    """What a program gave. A certificate comes with its key, both in PEM."""

    token: str | None = Field(default=None, repr=False)
    certificate: str | None = Field(default=None, alias="clientCertificateData")
    key: str | None = Field(default=None, alias="clientKeyData", repr=False)
    expires_at: AwareDatetime | None = Field(default=None, alias="expirationTimestamp")


class _Answer(BaseModel):
    api_version: str = Field(alias="apiVersion")
    status: Credential


@dataclass(frozen=True, slots=True)
class CredentialProgram:
    """One that can be asked without a person: it gets no terminal."""

    plugin: Plugin
    cluster: Cluster
    environ: Mapping[str, str] = field(repr=False)

    def __post_init__(self) -> None:
        """Raises ConfigException for one that the operator can't ask."""
        if self.plugin.interactive_mode == "Always":
            raise ConfigException(
                f"{self._name} asks a person at a terminal: the operator has none"
            )
        if self.plugin.api_version not in VERSIONS:
            raise ConfigException(
                f"{self._name} speaks {self.plugin.api_version}, which isn't supported: only"
                f" {' and '.join(VERSIONS)} are"
            )

    async def ask(self) -> Credential:
        """Raises PluginFailed. What it writes to stderr goes to the operator's own."""
        answer = _read(await self._output(), self._name)
        if answer.api_version != self.plugin.api_version:
            raise PluginFailed(f"{self._name} answered in {answer.api_version}")
        credential = answer.status
        if bool(credential.certificate) != bool(credential.key):
            raise PluginFailed(f"{self._name} gave a certificate or a key without the other")
        if not credential.token and not credential.certificate:
            raise PluginFailed(f"{self._name} gave neither a token nor a certificate")
        return credential

    @property
    def _name(self) -> str:
        return f"the kubeconfig's plugin {self.plugin.command}"

    async def _output(self) -> bytes:
        try:
            program = await asyncio.create_subprocess_exec(
                self.plugin.command,
                *self.plugin.args,
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            hint = f". {self.plugin.install_hint}" if self.plugin.install_hint else ""
            raise PluginFailed(f"{self._name} can't be run: {error.strerror}{hint}") from None
        try:
            async with asyncio.timeout(TIMEOUT_S):
                output, _ = await program.communicate()
        except TimeoutError:
            raise PluginFailed(f"{self._name} took longer than {TIMEOUT_S:.0f} s") from None
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()
        if program.returncode:
            raise PluginFailed(f"{self._name} ended with exit code {program.returncode}")
        return output

    def _environment(self) -> dict[str, str]:
        own = {each["name"]: each.get("value", "") for each in self.plugin.env if "name" in each}
        spec: dict[str, Any] = {"interactive": False}
        if self.plugin.provide_cluster_info:
            spec["cluster"] = self._cluster_info()
        info = {"apiVersion": self.plugin.api_version, "kind": "ExecCredential", "spec": spec}
        return {**self.environ, **own, "KUBERNETES_EXEC_INFO": json.dumps(info)}

    def _cluster_info(self) -> dict[str, Any]:
        cluster = self.cluster
        config = [each for each in cluster.extensions if each.get("name") == EXTENSION]
        facts = {
            "server": cluster.server,
            "tls-server-name": cluster.tls_server_name,
            "insecure-skip-tls-verify": cluster.insecure_skip_tls_verify,
            "certificate-authority-data": _base64(cluster.authority()),
            "proxy-url": cluster.proxy_url,
            "config": config[0].get("extension") if config else None,
        }
        return {name: value for name, value in facts.items() if value}


def _base64(text: str | None) -> str | None:
    return None if text is None else base64.b64encode(text.encode()).decode()


def _read(output: bytes, name: str) -> _Answer:
    try:
        return _Answer.model_validate_json(output)
    except ValidationError:
        pass  # its words may repeat a token
    raise PluginFailed(f"{name} gave something that is no ExecCredential")
