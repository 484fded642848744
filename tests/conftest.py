"""Fixtures that more than one kind of test asks for."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.tools.steady_loop import LoopGuard

pytest_plugins = [
    "tests.support.cluster.control_plane",
    "tests.support.chart.helm",
    "tests.support.tools.prometheus",
    "tests.support.cluster.rights_verdict",
    "tests.support.gitops.waiting_tools",
]

# How long an example takes by the clock, or is made in, says what else the machine does.
settings.register_profile(
    "without a clock", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("without a clock")


@pytest.fixture(scope="session", autouse=True)
def the_operator_blocks_no_loop() -> Iterator[None]:
    """Whatever of it a test runs; the tests themselves may."""
    guard = LoopGuard("caster_scene_audio")
    guard.activate()
    yield
    guard.deactivate()
