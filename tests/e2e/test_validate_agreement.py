"""The API server and `validate` take the same specs."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.admission import Admission, Taken, admission_of
from tests.support.specs.generated_specs import doubtful_specs
from tests.unit.test_validate_agreement import is_taken

pytestmark = pytest.mark.control_plane


@pytest.fixture(scope="module")
def admission(crds: ControlPlane) -> Iterator[Admission]:
    with admission_of(crds) as asked:
        yield asked


@settings(
    max_examples=450,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(spec=doubtful_specs())
def test_a_doubtful_spec_is_taken_by_both_or_by_neither(admission: Admission, spec: object) -> None:
    assert is_taken(spec) == isinstance(admission.verdict(spec), Taken)
