"""Prepares the files and command lines of one control plane; nothing runs yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.control_plane import commands
from dev.control_plane.binaries import Binaries
from dev.control_plane.certificates import Authority
from dev.control_plane.kubeconfig import Server, write_private
from dev.control_plane.processes import Component, free_ports
from dev.control_plane.readiness import answers_http, answers_https

ADMINISTRATORS = "system:masters"
READY_PATHS = ("/readyz", "/api/v1/namespaces/default")


@dataclass(frozen=True, slots=True)
class Installation:
    server: Server
    admin: Path
    audit_log: Path
    etcd: Component
    etcd_data: Path
    etcd_answers: Callable[[], bool]
    api_server: Component
    api_server_answers: Callable[[], bool]
    controller_manager: Component | None


def install(
    binaries: Binaries, directory: Path, *, api_server_flags: Sequence[str]
) -> Installation:
    """On free ports, with an authority of its own, below the directory."""
    ports = free_ports()
    etcd_port, peer_port, port = next(ports), next(ports), next(ports)
    authority = Authority(directory / "certificates")
    admin = authority.client("admin", group=ADMINISTRATORS)
    server = Server(f"https://{commands.HOST}:{port}", authority.certificate)
    token_key = authority.signing_key("service-accounts")
    audit_policy = directory / "audit-policy.yaml"
    audit_policy.write_text(commands.AUDIT_POLICY)
    audit_log = directory / "audit.log"
    etcd_data = directory / "etcd"
    etcd = commands.etcd(binaries.etcd, data=etcd_data, client_port=etcd_port, peer_port=peer_port)
    api_server = commands.kube_apiserver(
        binaries.kube_apiserver,
        port=port,
        etcd_port=etcd_port,
        authority=authority.certificate,
        serving=authority.server("kube-apiserver"),
        token_key=token_key,
        audit_policy=audit_policy,
        audit_log=audit_log,
        more=api_server_flags,
    )
    return Installation(
        server=server,
        admin=write_private(directory / "kubeconfig", server.kubeconfig_for_client(admin)),
        audit_log=audit_log,
        etcd=_component("etcd", etcd, directory),
        etcd_data=etcd_data,
        etcd_answers=answers_http(etcd_port, "/health"),
        api_server=_component("kube-apiserver", api_server, directory),
        api_server_answers=answers_https(
            port, READY_PATHS, authority=authority.certificate, client=admin
        ),
        controller_manager=_controller_manager(binaries, directory, server, authority, token_key),
    )


def _controller_manager(
    binaries: Binaries, directory: Path, server: Server, authority: Authority, token_key: Path
) -> Component | None:
    if binaries.kube_controller_manager is None:
        return None
    # A name of its own, so that the audit log tells its calls from the admin's.
    client = authority.client("system:kube-controller-manager", group=ADMINISTRATORS)
    kubeconfig = directory / "kube-controller-manager.kubeconfig"
    command = commands.kube_controller_manager(
        binaries.kube_controller_manager,
        kubeconfig=write_private(kubeconfig, server.kubeconfig_for_client(client)),
        authority=authority.certificate,
        token_key=token_key,
    )
    return _component("kube-controller-manager", command, directory)


def _component(name: str, command: Sequence[str], directory: Path) -> Component:
    return Component(name, command, log=directory / f"{name}.log")
