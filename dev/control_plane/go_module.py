"""The Go module that the control plane is built from."""

import hashlib
import platform
import re
from pathlib import Path

MODULE = Path(__file__).parent / "kubernetes"
SOURCES = ("go.mod", "go.sum", "main.go")
COMPONENTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")
BINARY = "kubernetes"

# Set whatever the user's own Go settings say: a build is to give the same everywhere.
BUILD_ENVIRONMENT = {
    "CGO_ENABLED": "0",
    "GOFLAGS": "-buildvcs=false",
    "GOTOOLCHAIN": "auto",
    "GOWORK": "off",
}


def kubernetes_version() -> str:
    """As go.mod requires it, with its v."""
    return _required(r"^\s*k8s\.io/kubernetes (v\S+)$")


def go_version() -> tuple[int, int]:
    """Oldest Go that builds the module."""
    major, minor, *_ = _required(r"^go (\S+)$").split(".")
    return int(major), int(minor)


def build_arguments(output: Path) -> list[str]:
    """What follows `go`."""
    return ["build", "-v", "-trimpath", "-mod=readonly", "-ldflags", _ldflags(), "-o", f"{output}"]


def fingerprint() -> str:
    """Changes with whatever changes the binary."""
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((MODULE / name).read_bytes())
    digest.update(repr((build_arguments(Path(BINARY)), sorted(BUILD_ENVIRONMENT.items()))).encode())
    digest.update(f"{platform.system()} {platform.machine()}".encode())
    return digest.hexdigest()[:16]


def _ldflags() -> str:
    version = kubernetes_version()
    major, minor, _ = version.removeprefix("v").split(".", 2)
    package = "k8s.io/component-base/version"
    return (
        f"-s -w -X {package}.gitVersion={version}"
        f" -X {package}.gitMajor={major} -X {package}.gitMinor={minor}"
    )


def _required(pattern: str) -> str:
    found = re.search(pattern, (MODULE / "go.mod").read_text(), re.MULTILINE)
    if found is None:
        raise ValueError(f"go.mod has no line like {pattern}")
    return found.group(1)
