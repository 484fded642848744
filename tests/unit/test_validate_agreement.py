"""`validate` takes what the operator's own model takes, and nothing else."""

import json

from hypothesis import HealthCheck, example, given, settings

from caster_scene_audio.commands.manifest.source_files import SourceFile
from caster_scene_audio.commands.validate.inspection import inspect
from caster_scene_audio.domain.body import spec_from
from caster_scene_audio.domain.spec import SceneAudioSpec
from tests.support.specs.generated_specs import doubtful_specs
from tests.support.specs.written_specs import SCENE, following, layered


def is_taken(spec: object) -> bool:
    body = {
        "apiVersion": "live.alibabacloud.com/v1alpha1",
        "kind": "CasterSceneAudio",
        "metadata": {"name": "wanted"},
        "spec": spec,
    }
    return not inspect([SourceFile("wanted.json", json.dumps(body).encode())]).findings


@settings(max_examples=400, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(spec=doubtful_specs())
@example(spec=following(unknown=None))
@example(spec=layered(filter={}))
@example(spec=following(layers=[]))
@example(spec=following(layers=[None]))
@example(spec={**SCENE, "layers": None})
@example(spec=layered(volumeRate=-0.0))
@example(spec=layered(volumeRate=10**400))
@example(spec=layered(volumeRate=10**30))
@example(spec=layered(volumeRate=True))
@example(spec=layered(fixedDelayMilliseconds=100.0))
@example(spec=layered(fixedDelayMilliseconds=100 + 1e-13))
@example(spec=following(casterId="LIVEPRODUCER_POST-cn-demo\n"))
@example(spec=following(regionId="cn-shanghai\n"))
@example(spec=None)
def test_a_doubtful_spec_is_taken_by_both_or_by_neither(spec: object) -> None:
    assert is_taken(spec) == isinstance(spec_from(spec), SceneAudioSpec)
