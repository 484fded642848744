"""The control plane itself is real: it authorizes, keeps, collects and deletes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dev.control_plane.failure import ComponentError, KubectlError
from dev.control_plane.plane import ControlPlane

pytestmark = pytest.mark.control_plane

KIND = {"apiVersion": "v1", "kind": "ConfigMap"}
CONFIG_MAP = json.dumps({**KIND, "metadata": {"name": "kept"}, "data": {"colour": "blue"}})
MAY_READ_CONFIG_MAPS = ("--verb=get", "--resource=configmaps")


def apply(plane: ControlPlane, namespace: str, manifest: str = CONFIG_MAP) -> None:
    plane.kubectl("apply", "-n", namespace, "-f", "-", stdin=manifest)


def colour_of(plane: ControlPlane, namespace: str, kubeconfig: Path | None = None) -> str:
    columns = "jsonpath={.data.colour}"
    return plane.kubectl(
        "get", "configmap", "kept", "-n", namespace, "-o", columns, kubeconfig=kubeconfig
    )


def is_deleted(plane: ControlPlane, what: str) -> bool:
    plane.kubectl("delete", what, "--wait=false")
    return is_gone(plane, what)


def is_gone(plane: ControlPlane, *what: str) -> bool:
    """Within a time in which the controllers do it with ease."""
    try:
        plane.kubectl("wait", *what, "--for=delete", "--timeout=20s")
    except KubectlError as error:
        if "timed out" in error.stderr:
            return False
        raise
    return True


def until(true: Callable[[], bool], *, within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_server_has_the_version_that_was_built(control_plane: ControlPlane) -> None:
    answer = json.loads(control_plane.kubectl("version", "-o", "json"))

    assert answer["serverVersion"]["gitVersion"] == control_plane.binaries.kubernetes_version


def test_deleting_a_namespace_removes_what_is_in_it_where_controllers_run(
    control_plane: ControlPlane, namespace: str
) -> None:
    doomed = f"{namespace}-doomed"
    control_plane.kubectl("create", "namespace", doomed)
    apply(control_plane, doomed)

    deleted = is_deleted(control_plane, f"namespace/{doomed}")

    left = control_plane.kubectl("get", "configmaps", "-n", doomed, "-o", "name")
    assert deleted is control_plane.has_controllers
    assert ("configmap/kept" not in left) is control_plane.has_controllers


def test_an_object_goes_with_its_owner_where_controllers_run(
    control_plane: ControlPlane, namespace: str
) -> None:
    apply(control_plane, namespace)
    uid = control_plane.kubectl(
        "get", "configmap", "kept", "-n", namespace, "-o", "jsonpath={.metadata.uid}"
    )
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "kept", "uid": uid}
    metadata = {"name": "owned", "ownerReferences": [owner]}
    apply(control_plane, namespace, json.dumps({**KIND, "metadata": metadata}))

    control_plane.kubectl("delete", "configmap", "kept", "-n", namespace)

    collected = is_gone(control_plane, "configmap/owned", "-n", namespace)
    assert collected is control_plane.has_controllers


def test_a_service_account_without_rights_is_refused(
    control_plane: ControlPlane, namespace: str
) -> None:
    apply(control_plane, namespace)
    control_plane.kubectl("create", "serviceaccount", "guest", "-n", namespace)
    kubeconfig = control_plane.kubeconfig_for("guest", namespace)

    with pytest.raises(KubectlError) as refused:
        colour_of(control_plane, namespace, kubeconfig)

    assert f'User "system:serviceaccount:{namespace}:guest" cannot get' in refused.value.stderr


def test_a_service_account_may_do_what_a_role_allows_and_no_more(
    control_plane: ControlPlane, namespace: str
) -> None:
    apply(control_plane, namespace)
    control_plane.kubectl("create", "serviceaccount", "guest", "-n", namespace)
    control_plane.kubectl("create", "role", "reader", "-n", namespace, *MAY_READ_CONFIG_MAPS)
    bound = ("--role=reader", f"--serviceaccount={namespace}:guest")
    control_plane.kubectl("create", "rolebinding", "reader", "-n", namespace, *bound)
    kubeconfig = control_plane.kubeconfig_for("guest", namespace)

    colour = colour_of(control_plane, namespace, kubeconfig)

    assert colour == "blue"
    with pytest.raises(KubectlError, match="cannot delete"):
        control_plane.kubectl("delete", "configmap", "kept", kubeconfig=kubeconfig)


def test_the_objects_outlive_a_stop_of_the_api_server(
    control_plane: ControlPlane, namespace: str
) -> None:
    apply(control_plane, namespace)

    control_plane.stop_api_server()
    with pytest.raises(KubectlError, match="refused"):
        colour_of(control_plane, namespace)
    control_plane.start_api_server()

    assert colour_of(control_plane, namespace) == "blue"


def test_the_objects_outlive_a_crash_of_the_api_server(
    control_plane: ControlPlane, namespace: str
) -> None:
    apply(control_plane, namespace)

    control_plane.kill_api_server()
    control_plane.start_api_server()

    assert colour_of(control_plane, namespace) == "blue"


def test_the_audit_log_tells_who_asked_for_what(
    control_plane: ControlPlane, namespace: str
) -> None:
    apply(control_plane, namespace)

    events = [json.loads(line) for line in control_plane.audit_log.read_text().splitlines()]

    asked = {
        (event["user"]["username"], event["verb"], event["objectRef"]["resource"])
        for event in events
        if event.get("objectRef", {}).get("namespace") == namespace
    }
    assert ("admin", "create", "configmaps") in asked


def test_a_flag_that_the_api_server_refuses_is_told_from_its_log(
    control_plane: ControlPlane,
) -> None:
    plane = ControlPlane(control_plane.binaries, api_server_flags=["--no-such-flag"])

    with pytest.raises(ComponentError, match="unknown flag: --no-such-flag"):
        plane.start()

    assert not plane.directory.exists()


def test_the_command_says_how_to_reach_its_control_plane_and_takes_all_down_on_ctrl_c(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    with command(tmp_path) as process:
        kubeconfig = said_kubeconfig(process)
        namespaces = control_plane.kubectl("get", "namespaces", kubeconfig=kubeconfig)
        process.send_signal(signal.SIGINT)

    assert "kube-system" in namespaces
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_a_killed_command_leaves_no_api_server_behind(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    with command(tmp_path) as process:
        kubeconfig = said_kubeconfig(process)
        process.kill()

    until(lambda: refuses_connections(control_plane, kubeconfig))


def command(temporary: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dev.control_plane"],
        env={**os.environ, "TMPDIR": f"{temporary}"},
        stdout=subprocess.PIPE,
        text=True,
    )


def said_kubeconfig(process: subprocess.Popen[str]) -> Path:
    assert process.stdout is not None
    return Path(process.stdout.readline().strip().removeprefix("export KUBECONFIG="))


def refuses_connections(plane: ControlPlane, kubeconfig: Path) -> bool:
    try:
        plane.kubectl("get", "namespaces", kubeconfig=kubeconfig)
    except KubectlError as error:
        return "refused" in error.stderr
    return False
