"""Whatever users, other writers, failures and crashes do in whatever order: what must hold, holds.

Many more examples of it are run by `python -m tests.support.simulation --examples 2000`.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.support.simulation.studios import CalmStudio, Studios

pytestmark = pytest.mark.timeout(1200)

BOUNDED = settings(
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a failure stands as found: to shrink it takes minutes
    suppress_health_check=list(HealthCheck),
)

TestStudios = Studios.TestCase
TestStudios.settings = settings(BOUNDED, max_examples=30)
TestCalmStudio = CalmStudio.TestCase
TestCalmStudio.settings = settings(BOUNDED, max_examples=15)
