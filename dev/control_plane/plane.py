"""A control plane: starts it, hands out access to it and takes it down."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from dev.control_plane.audit import AuditTrail
from dev.control_plane.binaries import Binaries
from dev.control_plane.installation import install
from dev.control_plane.kubeconfig import write_private
from dev.control_plane.readiness import wait_until_ready
from dev.kubectl import Kubectl
from dev.progress import Progress, Say, silence

# By then it has answered what it was asked; after that only open watches hold it up.
STOP_WITHIN_S = 2.0

T = TypeVar("T")


class ControlPlane:
    """etcd, kube-apiserver and kube-controller-manager on free ports of the loopback.

    A context manager. All that it writes lies under `directory` and goes with it. Its processes
    also end when this process is killed; then the directory stays.

    Args:
        binaries: What to run.
        say: Where progress goes.
        api_server_flags: Added to kube-apiserver's own, such as `--watch-cache=false`.
    """

    def __init__(
        self, binaries: Binaries, *, say: Say = silence, api_server_flags: Sequence[str] = ()
    ) -> None:
        self.binaries = binaries
        self.directory = Path(tempfile.mkdtemp(prefix="control-plane-"))
        self._say = say
        self._installed = install(binaries, self.directory, api_server_flags=api_server_flags)
        self._trail = AuditTrail(self._installed.audit_log)

    @property
    def kubeconfig(self) -> Path:
        """Of a cluster administrator."""
        return self._installed.admin

    @property
    def server(self) -> str:
        """Address of the API server."""
        return self._installed.server.url

    @property
    def audit_log(self) -> Path:
        """One JSON object a line, one for each request that was answered, of whatever user."""
        return self._trail.log

    @property
    def has_controllers(self) -> bool:
        """Whether garbage collection and the deletion of namespaces run."""
        return self._installed.controller_manager is not None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Return once the API server is ready; raises ComponentError, and then nothing is left."""
        progress = Progress(self._say, every_s=0)
        self._say(f"Starting the control plane, Kubernetes {self.binaries.kubernetes_version}.")
        try:
            self._installed.etcd.start()
            wait_until_ready(self._installed.etcd, self._installed.etcd_answers, say=self._say)
            self.start_api_server()
            if self._installed.controller_manager:
                self._installed.controller_manager.start()
        except BaseException:
            self.stop()
            raise
        progress.tell(lambda: f"the API server is ready at {self.server}")

    def stop(self) -> None:
        """End every component and remove the directory; again is fine."""
        installed = self._installed
        for component in (installed.controller_manager, installed.api_server, installed.etcd):
            if component:
                component.stop(within_s=STOP_WITHIN_S)
        self._trail.keep(self.directory.name)
        shutil.rmtree(self.directory, ignore_errors=True)

    def start_api_server(self) -> None:
        """Return once it is ready: the same address and the same objects as before."""
        with self._trail.starting():
            self._installed.api_server.start()
            wait_until_ready(
                self._installed.api_server, self._installed.api_server_answers, say=self._say
            )

    def stop_api_server(self) -> None:
        """Stop it alone, in an orderly way; etcd keeps the objects."""
        self._installed.api_server.stop(within_s=STOP_WITHIN_S)

    def kill_api_server(self) -> None:
        """Stop it alone, as a crash would."""
        self._installed.api_server.kill()

    def signal_api_server(self, signal_number: int) -> None:
        """Send it a signal, such as SIGSTOP and later SIGCONT for one that hangs."""
        self._installed.api_server.signal(signal_number)

    def signal_etcd(self, signal_number: int) -> None:
        """As `signal_api_server`: with SIGSTOP the API server goes on without its memory."""
        self._installed.etcd.signal(signal_number)

    def back_up(self) -> Path:
        """A copy of all that etcd holds; both servers are away for a moment."""
        return self._with_etcd_stopped(self._copy_of)

    def restore(self, backup: Path) -> None:
        """As it was then, behind the same address: versions of objects go back as well."""
        self._with_etcd_stopped(lambda data: _replace(data, backup))

    def _with_etcd_stopped(self, work: Callable[[Path], T]) -> T:
        installed = self._installed
        self.stop_api_server()
        installed.etcd.stop(within_s=STOP_WITHIN_S)
        done = work(installed.etcd_data)
        installed.etcd.start()
        wait_until_ready(installed.etcd, installed.etcd_answers, say=self._say)
        self.start_api_server()
        return done

    def _copy_of(self, data: Path) -> Path:
        backup = Path(tempfile.mkdtemp(prefix="backup-", dir=self.directory))
        return shutil.copytree(data, backup, dirs_exist_ok=True)

    def kubectl(
        self,
        *arguments: str,
        stdin: str | None = None,
        kubeconfig: Path | None = None,
        timeout_s: float = 60,
    ) -> str:
        """What kubectl writes; raises KubectlError. As the administrator unless told otherwise."""
        kubectl = Kubectl(self.binaries.kubectl, kubeconfig or self.kubeconfig)
        return kubectl(*arguments, stdin=stdin, timeout_s=timeout_s)

    def kubeconfig_for(self, service_account: str, namespace: str, *, duration: str = "8h") -> Path:
        """Of a ServiceAccount that exists: a token in a file, and no rights but its own.

        Called again it writes a new token to the same file, as a kubelet would.
        """
        token = self.kubectl(
            "create", "token", service_account, f"--namespace={namespace}", f"--duration={duration}"
        )
        path = self.directory / f"{namespace}.{service_account}"
        token_file = write_private(path.with_name(f"{path.name}.token"), token.strip())
        return write_private(
            path.with_name(f"{path.name}.kubeconfig"),
            self._installed.server.kubeconfig_for_token(token_file, namespace=namespace),
        )


def _replace(data: Path, backup: Path) -> None:
    shutil.rmtree(data)
    shutil.copytree(backup, data)
