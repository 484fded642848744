"""The API server and the operator's model take the same specs, and read them alike."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings

from caster_scene_audio.domain.body import spec_from
from caster_scene_audio.domain.objects import UnreadableSpec
from caster_scene_audio.domain.spec import SceneAudioSpec
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.admission import Admission, Rejected, Taken, admission_of
from tests.support.specs.generated_specs import doubtful_specs, good_specs
from tests.support.specs.written_specs import SCENE, following, layered

pytestmark = pytest.mark.control_plane


def thorough(max_examples: int) -> settings:
    """The same examples each time; the server's time is not the generator's."""
    return settings(
        max_examples=max_examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )


@pytest.fixture(scope="module")
def admission(crds: ControlPlane) -> Iterator[Admission]:
    with admission_of(crds) as asked:
        yield asked


@thorough(150)
@given(spec=good_specs)
def test_a_good_spec_is_taken_by_both_and_reads_the_same(
    admission: Admission, spec: object
) -> None:
    verdict = admission.verdict(spec)
    read = spec_from(spec)

    assert isinstance(verdict, Taken), verdict
    assert isinstance(read, SceneAudioSpec), read
    assert spec_from(verdict.spec) == read


@thorough(450)
@given(spec=doubtful_specs())
@example(spec=following(unknown=None))
@example(spec=layered(filter={"unknown": None}))
@example(spec=layered(filter={}))
@example(spec=following(layers=[]))
@example(spec=following(layers=[None]))
@example(spec={**SCENE, "layers": None})
@example(spec=layered(volumeRate=-0.0))
@example(spec=layered(volumeRate=10**400))
@example(spec=layered(volumeRate=True))
@example(spec=layered(fixedDelayMilliseconds=100.0))
@example(spec=layered(fixedDelayMilliseconds=100 + 1e-13))
@example(spec=layered(filter={"automaticGainControl": 1}))
@example(spec=following(casterId="LIVEPRODUCER_POST-cn-demo\n"))
@example(spec=following(regionId="cn-shanghai\n"))
@example(spec=None)
def test_a_doubtful_spec_is_taken_by_both_or_by_neither_and_reads_the_same(
    admission: Admission, spec: object
) -> None:
    verdict = admission.verdict(spec)
    read = spec_from(spec)

    match verdict:
        case Taken(stored):
            assert spec_from(stored) == read
            assert isinstance(read, SceneAudioSpec), read
        case Rejected():
            assert isinstance(read, UnreadableSpec), verdict
