"""What each Helm is built from: a module that names Helm's own command as its tool."""

from pathlib import Path

from dev.go_programs.program import GoProgram, go_mod_line, required_version

MAJORS = (3, 4)


def helm_version(major: int) -> str:
    """As go.mod requires it, with its v."""
    return required_version(_module(major), f"helm.sh/helm/v{major}")


def helm_program(major: int) -> GoProgram:
    return GoProgram(
        title=f"Helm {helm_version(major)}",
        cache=f"helm{major}",
        module=_module(major),
        package=go_mod_line(_module(major), r"^tool (\S+)$"),
        ldflags=_ldflags(major),
        binary="helm",
        takes="about 3 minutes",
        instead=f"set {variable(major)} to a helm of that version or a near one",
    )


def variable(major: int) -> str:
    """Of the environment, to name a ready-made one."""
    return f"HELM{major}"


def _module(major: int) -> Path:
    return Path(__file__).parent / f"helm{major}"


def _ldflags(major: int) -> str:
    """As Helm's own releases; Helm 3 is told which Kubernetes it knows, Helm 4 finds out."""
    root = f"helm.sh/helm/v{major}"
    values = {f"{root}/internal/version.version": helm_version(major)}
    if major == 3:
        _, minor, _ = required_version(_module(major), "k8s.io/client-go").split(".")
        for package in ("chartutil", "lint/rules"):
            values[f"{root}/pkg/{package}.k8sVersionMajor"] = "1"
            values[f"{root}/pkg/{package}.k8sVersionMinor"] = minor
    return " ".join(["-s -w", *(f"-X {name}={value}" for name, value in values.items())])
