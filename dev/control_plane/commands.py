"""The command lines of the components."""

from collections.abc import Sequence
from pathlib import Path

from dev.control_plane.certificates import KeyPair

HOST = "127.0.0.1"

# Events are left in: they are what the operator tells its users.
AUDIT_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
omitManagedFields: true
rules:
  - level: None
    nonResourceURLs: ["/healthz*", "/livez*", "/readyz*"]
  - level: Metadata
"""

# What objects of the operator and its users' kubectl depend on; the rest is about nodes and pods.
CONTROLLERS = (
    "clusterrole-aggregation-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "root-ca-certificate-publisher-controller",
    "serviceaccount-controller",
    "serviceaccount-token-controller",
)


def etcd(binary: Path, *, data: Path, client_port: int, peer_port: int) -> list[str]:
    clients, peers = f"http://{HOST}:{client_port}", f"http://{HOST}:{peer_port}"
    return [
        f"{binary}",
        f"--data-dir={data}",
        f"--listen-client-urls={clients}",
        f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
        "--unsafe-no-fsync",  # the data needn't outlive the machine
        "--heartbeat-interval=20",  # alone it has nobody to wait for when it elects itself
        "--election-timeout=200",
        "--log-level=warn",
    ]


def kube_apiserver(  # noqa: PLR0913 (one for each file that it is told of)
    binary: Path,
    *,
    port: int,
    etcd_port: int,
    authority: Path,
    serving: KeyPair,
    token_key: Path,
    audit_policy: Path,
    audit_log: Path,
    more: Sequence[str] = (),
) -> list[str]:
    return [
        f"{binary}",
        f"--bind-address={HOST}",
        f"--advertise-address={HOST}",
        f"--secure-port={port}",
        f"--etcd-servers=http://{HOST}:{etcd_port}",
        "--authorization-mode=RBAC",
        f"--client-ca-file={authority}",
        f"--tls-cert-file={serving.certificate}",
        f"--tls-private-key-file={serving.key}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={token_key}",
        f"--service-account-signing-key-file={token_key}",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--endpoint-reconciler-type=none",  # an endpoint may not be on the loopback
        f"--audit-policy-file={audit_policy}",
        f"--audit-log-path={audit_log}",
        "--audit-log-maxsize=0",  # one file, however long
        "--profiling=false",
        *more,
    ]


def kube_controller_manager(
    binary: Path, *, kubeconfig: Path, authority: Path, token_key: Path
) -> list[str]:
    return [
        f"{binary}",
        f"--kubeconfig={kubeconfig}",
        "--leader-elect=false",
        "--secure-port=0",
        f"--controllers={','.join(CONTROLLERS)}",
        f"--root-ca-file={authority}",
        f"--service-account-private-key-file={token_key}",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        "--profiling=false",
    ]
