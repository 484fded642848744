"""Of several replicas one serves, and another follows it, whatever way it ends."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dev.control_plane.kubeconfig import write_private
from tests.support.cluster.cluster import OPERATOR_NAMESPACE, SERVICE_ACCOUNT
from tests.support.cluster.relay import relay_to
from tests.support.cluster.scene_audios import scene_of
from tests.support.live.loop_thread import in_a_thread
from tests.support.running.replicas import LEASE, Replicas, replicas_on
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

LEASE_S = 5


@pytest.fixture
def replicas(stage: Stage, tmp_path: Path) -> Iterator[Replicas]:
    with replicas_on(stage, tmp_path, lease_duration_s=LEASE_S) as made:
        yield made


def in_lease(stage: Stage, field: str) -> str:
    return stage.plane.kubectl(
        "get", "lease", LEASE, "-n", OPERATOR_NAMESPACE, "-o", f"jsonpath={{.spec.{field}}}"
    )


def holder(stage: Stage) -> str:
    return in_lease(stage, "holderIdentity")


def time_in_lease(stage: Stage, field: str) -> datetime:
    return datetime.fromisoformat(in_lease(stage, field))


def apply(stage: Stage, *names: str) -> None:
    for name in names:
        stage.objects.create(name)
    for name in names:
        stage.objects.until_applied(name)


def test_one_serves_and_the_other_is_ready_and_calls_nothing(
    stage: Stage, replicas: Replicas
) -> None:
    one, two = replicas.pair()

    apply(stage, "show", "talk")
    eventually(two.web.is_ready)

    assert [len(each.calls(stage)) for each in (one, two)] == [2, 0]
    assert one.web.ask("/readyz")[1].splitlines()[-1] == "[+] calls ok"
    assert two.web.ask("/readyz")[1].splitlines() == ["[+] lease ok"]
    assert [each.web.metric("leader") for each in (one, two)] == [1, 0]
    assert "_" in holder(stage)
    assert one.lines("Leading")[0]["identity"] == holder(stage)


def test_after_a_crash_the_other_serves_when_the_lease_is_over_and_no_sooner(
    stage: Stage, replicas: Replicas
) -> None:
    one, two = replicas.pair()
    apply(stage, "done")
    stage.live.fail(scene_of("show"), kind="hang", delaySeconds=None)
    stage.objects.create("show")
    stage.live.call_in_flight(scene_of("show"))

    one.process.kill()
    renewed = time_in_lease(stage, "renewTime")
    stage.objects.create("later")
    eventually(two.is_serving)
    waited = time_in_lease(stage, "acquireTime") - renewed
    stage.objects.until_applied("show")
    stage.objects.until_applied("later")

    assert waited >= timedelta(seconds=LEASE_S)
    called = {name: len(stage.live.calls(scene_of(name))) for name in ("done", "show", "later")}
    assert called == {"done": 1, "show": 2, "later": 1}
    assert len(two.calls(stage, scene=scene_of("done"))) == 0


def test_a_clean_stop_hands_over_before_the_lease_is_over_and_nothing_is_called_twice(
    stage: Stage, tmp_path: Path
) -> None:
    lease_s = 60
    with replicas_on(stage, tmp_path, lease_duration_s=lease_s) as replicas:
        one, two = replicas.pair()
        apply(stage, "show")

        exit_code = one.process.stop()
        eventually(two.is_serving)
        apply(stage, "later")

        assert exit_code == 0
        waited = two.last_said("Leading") - one.last_said("Stopped")
        assert waited < timedelta(seconds=lease_s / 2)  # given, and not waited for
        assert [len(each.calls(stage)) for each in (one, two)] == [1, 1]


def test_a_stopping_leader_keeps_the_lease_until_its_calls_have_ended(
    stage: Stage, replicas: Replicas
) -> None:
    one, two = replicas.pair()
    stage.live.fail(scene_of("show"), kind="hang", delaySeconds=LEASE_S + 2)
    stage.objects.create("show")
    stage.live.call_in_flight(scene_of("show"))

    exit_code = one.process.stop()
    eventually(two.is_serving)

    (call,) = stage.live.calls(scene_of("show"))
    assert exit_code == 0
    assert call["accessKeyId"] == "one"
    assert stage.objects.until_applied("show")["status"]["requestId"] == call["requestId"]


def test_a_leader_that_is_cut_off_ends_before_the_other_begins(
    stage: Stage, replicas: Replicas, tmp_path: Path
) -> None:
    api_server = urlsplit(stage.plane.server)
    with in_a_thread(lambda: relay_to(api_server.port or 443)) as relay:
        kubeconfig = stage.operator.kubeconfig.read_text()
        through = re.sub(rf":{api_server.port}\b", f":{relay.port}", kubeconfig)
        one = replicas.make(
            "one", kubeconfig=write_private(tmp_path / "through-relay.kubeconfig", through)
        )
        two = replicas.make("two")
        one.start()
        eventually(one.is_serving)
        two.start()
        apply(stage, "show")

        relay.cut()
        stage.objects.create("later")
        exit_code = one.process.ended()
        stage.objects.until_applied("later")

    assert exit_code == 1
    assert one.last_said("Leadership lost: the process ends") < two.last_said("Leading")
    assert [len(each.calls(stage)) for each in (one, two)] == [1, 1]


def test_a_leader_that_slept_past_its_lease_ends_when_it_wakes_and_calls_nothing(
    stage: Stage, replicas: Replicas
) -> None:
    one, two = replicas.pair()
    apply(stage, "show")

    with one.process.paused():
        eventually(two.is_serving)
        stage.objects.change("show", followMode="AudioFollowsVideo")
        stage.objects.until_applied("show")

    assert one.process.ended() == 1
    assert [len(each.calls(stage)) for each in (one, two)] == [1, 1]


@pytest.mark.provokes_refusal("get leases.coordination.k8s.io default/caster-scene-audio-operator")
def test_without_the_right_to_the_lease_it_says_so_and_is_not_ready(
    stage: Stage, replicas: Replicas
) -> None:
    one = replicas.make("one")
    one.process.flags = (*one.process.flags, "--lease-namespace=default")

    one.start()
    eventually(lambda: one.said("Lease not read"))

    assert "403" in one.lines("Lease not read")[0]["error"]
    assert "403" in one.web.ask("/readyz")[1]
    assert one.web.is_alive()
    assert one.process.stop() == 0


def grant(stage: Stage, *verbs: str) -> None:
    """Rights to Leases in the stage's namespace, beside those that were granted before."""
    name = "-".join(verbs)
    role = (name, f"--namespace={stage.namespace}")
    rights = (f"--verb={','.join(verbs)}", "--resource=leases.coordination.k8s.io")
    stage.plane.kubectl("create", "role", *role, *rights)
    account = f"--serviceaccount={OPERATOR_NAMESPACE}:{SERVICE_ACCOUNT}"
    stage.plane.kubectl("create", "rolebinding", *role, f"--role={name}", account)


def a_lease_is_there(stage: Stage) -> None:
    lease = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": LEASE, "namespace": stage.namespace},
    }
    stage.plane.kubectl("create", "-f", "-", stdin=json.dumps(lease))


def leads_once_it_may(stage: Stage, replicas: Replicas, refused: str) -> None:
    """Until then it isn't ready; with every right it serves, by itself."""
    one = replicas.make("one")
    one.process.flags = (*one.process.flags, f"--lease-namespace={stage.namespace}")

    one.start()
    eventually(lambda: one.said(refused))
    status, told = one.web.ask("/readyz")

    assert status == 503
    assert f"[-] lease: the API server can't be asked: {refused}: HTTP 403 Forbidden" in told
    assert one.web.is_alive()
    assert one.web.metric("lease_trouble") == 1
    assert one.web.metric("leader") == 0

    grant(stage, "get", "create", "update")
    eventually(one.is_serving)
    eventually(one.web.is_ready)

    assert one.web.metric("lease_trouble") == 0
    assert one.said(refused) == 1


@pytest.mark.provokes_refusal("create leases.coordination.k8s.io operator-*")
def test_without_the_right_to_create_the_lease_it_says_so_until_it_may(
    stage: Stage, replicas: Replicas
) -> None:
    grant(stage, "get", "update")

    leads_once_it_may(stage, replicas, "Lease not created")


@pytest.mark.provokes_refusal("update leases.coordination.k8s.io operator-*")
def test_with_the_right_to_get_the_lease_alone_it_says_so_until_it_may_update_it(
    stage: Stage, replicas: Replicas
) -> None:
    a_lease_is_there(stage)
    grant(stage, "get")

    leads_once_it_may(stage, replicas, "Lease not updated")
