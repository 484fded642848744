"""Every kind of fault once, several at a time, on real processes: in the calm after, all is well.

`make chaos` does the same for longer, with faults drawn by any seed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from tests.support.chaos.kinds import KINDS
from tests.support.chaos.storm import Storm, Trouble, told
from tests.support.chaos.theatre import Theatre, theatre_on

RIGHTS_TAKEN = "* chaos-*"
LEASE_RIGHTS_TAKEN = "* leases.coordination.k8s.io caster-scene-audio/*"

# What is refused depends on who asks just then.
pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.timeout(900),
    pytest.mark.provokes_refusal(RIGHTS_TAKEN, perhaps=True),
    pytest.mark.provokes_refusal(LEASE_RIGHTS_TAKEN, perhaps=True),
]

SEED = 7
AT_ONCE = 8
ROUNDS = 5


@pytest.fixture
def theatre(control_plane: ControlPlane, tmp_path: Path) -> Iterator[Theatre]:
    with ControlPlane(control_plane.binaries) as plane, theatre_on(plane, tmp_path) as made:
        yield made


def test_after_every_fault_each_studio_is_as_its_spec_says_and_each_status_is_true(
    theatre: Theatre,
) -> None:
    storm = Storm(
        theatre=theatre,
        seed=SEED,
        kinds=KINDS,
        fewest=AT_ONCE,
        most=AT_ONCE,
        hold_s=(2.0, 4.0),
    )

    try:
        rounds = storm.rage(ROUNDS)
    except Trouble as trouble:
        pytest.fail("\n".join(told(SEED, trouble.ended, theatre)), pytrace=False)

    assert {name for each in rounds for name in each.faults} == {kind.name for kind in KINDS}
