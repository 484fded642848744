"""Namespaces that go, come late or lose their rights, beside others that are served all the while.

On a control plane of its own: the operator has no right there but what each namespace grants.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from dev.control_plane.processes import free_ports
from tests.support.cluster.scene_audios import scene_of
from tests.support.cluster.tenants import Tenant, make_ready_for_tenants, tenant
from tests.support.running.stage import Stage, set_stage
from tests.support.running.web import OperatorWeb
from tests.support.tools.patience import eventually

REFUSED = "list castersceneaudios.live.alibabacloud.com tenant-*"

pytestmark = [pytest.mark.control_plane, pytest.mark.provokes_refusal(REFUSED)]

NOTICED_WITHIN_S = 60


@pytest.fixture(scope="module")
def own_plane(control_plane: ControlPlane) -> Iterator[ControlPlane]:
    with ControlPlane(control_plane.binaries) as plane:
        make_ready_for_tenants(plane)
        yield plane


@pytest.fixture
def tenants(own_plane: ControlPlane) -> Iterator[tuple[Tenant, Tenant]]:
    """Not there yet."""
    with ExitStack() as stack:
        names = (f"tenant-{secrets.token_hex(4)}" for _ in range(2))
        one, two = (stack.enter_context(tenant(own_plane, name)) for name in names)
        yield one, two


@pytest.fixture
def own_stage(
    own_plane: ControlPlane, tenants: tuple[Tenant, Tenant], tmp_path: Path
) -> Iterator[Stage]:
    """Its operator serves both tenants, and not the stage's own namespace."""
    with set_stage(own_plane, tmp_path) as made:
        made.operator.namespace = tenants[0].namespace
        made.operator.flags = (f"--namespace={tenants[1].namespace}", "--watch-silence=20s")
        yield made


@pytest.fixture
def web(own_stage: Stage) -> OperatorWeb:
    port = next(free_ports())
    own_stage.operator.flags = (*own_stage.operator.flags, f"--http-port={port}")
    return OperatorWeb(port)


def is_served(web: OperatorWeb, each: Tenant) -> bool:
    return web.metric("namespace_served", watched_namespace=each.namespace) == 1


def test_a_namespace_that_is_deleted_with_its_rights_harms_no_other_and_is_served_when_it_returns(
    own_stage: Stage, web: OperatorWeb, tenants: tuple[Tenant, Tenant]
) -> None:
    steady, gone = tenants
    steady.create()
    gone.create()
    own_stage.operator.start()
    gone.objects.create("before")
    gone.objects.until_applied("before")

    gone.delete()
    eventually(lambda: not is_served(web, gone), within_s=NOTICED_WITHIN_S)
    steady.objects.create("show")
    steady.objects.until_applied("show")
    meanwhile = web.ask("/readyz")
    gone.create()
    gone.objects.create("after")
    gone.objects.until_applied("after", within_s=NOTICED_WITHIN_S)

    assert meanwhile[0] == 200
    assert f"[-] namespace {gone.namespace}: HTTP 403 Forbidden" in meanwhile[1]
    assert is_served(web, gone)
    assert web.metric("objects") == 2
    assert own_stage.operator.stop() == 0


def test_a_namespace_that_comes_later_is_served_from_then_on_and_holds_up_no_other(
    own_stage: Stage, web: OperatorWeb, tenants: tuple[Tenant, Tenant]
) -> None:
    there, later = tenants
    there.create()
    there.objects.create("show")

    own_stage.operator.launch()
    there.objects.until_applied("show", within_s=30)
    eventually(web.is_ready)
    meanwhile = is_served(web, later)
    later.create()
    later.objects.create("late")
    later.objects.until_applied("late", within_s=NOTICED_WITHIN_S)

    assert not meanwhile
    assert own_stage.operator.stop() == 0


def test_rights_that_are_taken_are_noticed_and_those_given_back_bring_what_changed_meanwhile(
    own_stage: Stage, web: OperatorWeb, tenants: tuple[Tenant, Tenant]
) -> None:
    steady, robbed = tenants
    steady.create()
    robbed.create()
    own_stage.operator.start()
    robbed.objects.create("kept")
    robbed.objects.create("deleted")
    robbed.objects.until_applied("kept")
    robbed.objects.until_applied("deleted")

    robbed.take_rights()
    eventually(lambda: not is_served(web, robbed), within_s=NOTICED_WITHIN_S)
    remembered = web.metric("objects")
    robbed.objects.delete("deleted")
    robbed.objects.change("kept", followMode="AudioFollowsVideo")
    robbed.grant()
    robbed.objects.until_applied("kept", within_s=NOTICED_WITHIN_S)
    eventually(lambda: web.metric("objects") == 1)

    assert remembered == 2
    assert len(own_stage.live.calls(scene_of("kept"))) == 2
    assert own_stage.operator.log.count('"A namespace can\'t be watched"') == 1
