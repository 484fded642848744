"""What the control plane is built from: one Go program for all of its components."""

from pathlib import Path

from dev.go_programs.program import GoProgram, required_version

MODULE = Path(__file__).parent / "kubernetes"
ASSETS = "KUBEBUILDER_ASSETS"


def kubernetes_version() -> str:
    """As go.mod requires it, with its v."""
    return required_version(MODULE, "k8s.io/kubernetes")


def components() -> GoProgram:
    """All of them in one binary, told apart by the name they are called by."""
    return GoProgram(
        title=f"the control plane (Kubernetes {kubernetes_version()} and etcd)",
        cache="control-plane",
        module=MODULE,
        package=".",
        ldflags=_ldflags(),
        binary="kubernetes",
        aliases=("etcd", "kube-apiserver", "kube-controller-manager", "kubectl"),
        takes="5 to 10 minutes and about 3 GB of disk",
        instead=(
            f"set {ASSETS} to a folder with etcd, kube-apiserver, kube-controller-manager"
            " and kubectl"
        ),
    )


def _ldflags() -> str:
    version = kubernetes_version()
    major, minor, _ = version.removeprefix("v").split(".", 2)
    package = "k8s.io/component-base/version"
    return (
        f"-s -w -X {package}.gitVersion={version}"
        f" -X {package}.gitMajor={major} -X {package}.gitMinor={minor}"
    )
