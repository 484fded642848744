"""One pod of the chart's Deployment as a process: what a kubelet does, as far as it can be here."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from typing_extensions import override

from dev.control_plane.processes import free_ports
from tests.support.chart.helm_release import Release
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.web import OperatorWeb
from tests.support.tools.secret_search import RUN

Container = dict[str, Any]


class ProcessOfPod(OperatorProcess):
    """The operator with the arguments of a container, and with them alone."""

    @override
    def _flags(self) -> list[str]:
        return list(self.flags)


@dataclass
class ChartPod:
    """Of the release as it is in the cluster."""

    release: Release
    directory: Path

    @cached_property
    def process(self) -> ProcessOfPod:
        """Not started yet; the ServiceAccount's token comes in a kubeconfig, not in a volume."""
        self.directory.mkdir(exist_ok=True)
        command, *flags = self._container["args"]
        assert command == "run"
        return ProcessOfPod(
            kubeconfig=self.release.plane.kubeconfig_for(
                self._spec["serviceAccountName"], self.release.namespace
            ),
            live_endpoint="",
            namespace="",
            directory=self.directory,
            environ=self._environment(),
            flags=self._on_the_loopback(flags),
        )

    @cached_property
    def web(self) -> OperatorWeb:
        """Of its own, as a pod's address is."""
        return OperatorWeb(next(free_ports()))

    def is_well(self) -> bool:
        """Alive and ready, asked as its container's probes say."""
        return self._passes("livenessProbe") and self._passes("readinessProbe")

    def end(self) -> None:
        """Whether it was started or not; what it told is searched for secrets."""
        if "process" in vars(self):
            self.process.end()
            RUN.told(f"the log in {self.directory.name}", self.process.log)

    def _passes(self, probe: str) -> bool:
        return self.web.ask(self._container[probe]["httpGet"]["path"])[0] == 200

    def _on_the_loopback(self, flags: Sequence[str]) -> list[str]:
        """The address and the port are the pod's alone; here its fellows are on the same host."""
        found = list(flags)
        for name, value in (("--http-host", "127.0.0.1"), ("--http-port", f"{self.web.port}")):
            found[found.index(name) + 1] = value
        return found

    def _environment(self) -> Mapping[str, str]:
        found = {each["name"]: self._value(each) for each in self._container.get("env", [])}
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, variable: dict[str, Any]) -> str | None:
        if "value" in variable:
            return f"{variable['value']}"
        source = variable["valueFrom"]["secretKeyRef"]
        secret = json.loads(
            self.release.plane.kubectl(
                "get", "secret", source["name"], "-n", self.release.namespace, "-o", "json"
            )
        )
        if source["key"] not in secret["data"] and source.get("optional"):
            return None
        return base64.b64decode(secret["data"][source["key"]]).decode()

    @cached_property
    def _spec(self) -> dict[str, Any]:
        found: dict[str, Any] = self.release.deployment()["spec"]["template"]["spec"]
        return found

    @property
    def _container(self) -> Container:
        (found,) = self._spec["containers"]
        container: Container = found
        return container
