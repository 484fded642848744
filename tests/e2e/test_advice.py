"""What kubectl prints of `deploy/advice.yaml` when an object is written, and that it refuses none."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from kubernetes import config
from kubernetes.client import CustomObjectsApi

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.admission_policies import actions_taken, warnings
from tests.support.cluster.cluster import ROOT
from tests.support.cluster.desk import THREE, Desk, mix
from tests.support.cluster.scene_audios import GROUP, PLURAL, VERSION, manifest
from tests.support.specs.generated_specs import good_specs
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

ADVICE = ROOT / "deploy" / "advice.yaml"
POLICY = "caster-scene-audio-operator-advice"

LEAVING = (
    "This edit takes layers out of the mix: {}. A list is replaced as a whole, by a merge patch as "
    "well. To keep these layers, write all of them."
)
LOUD = "volumeRate is a multiple of the original, not decibels: +6 dB is 2. Above 4 (+12 dB): {}."
UNHEARD = (
    "Layers are set, but not heard: {}. With followMode AudioFollowsVideo the sound follows the "
    "picture. To hear them, write followMode: AudioMixing."
)


AFV = {"followMode": "AudioFollowsVideo"}
LARGEST = [f"{number:064d}" for number in range(64)]


@pytest.fixture(scope="module")
def advised(crds: ControlPlane) -> Iterator[ControlPlane]:
    """The control plane, once it gives advice."""
    crds.kubectl("apply", "-f", f"{ADVICE}")
    asking = ("create", "--dry-run=server", "-f", "-")
    loud = json.dumps(manifest("loud", **mix("RV01=9")))
    eventually(lambda: warnings(crds, *asking, stdin=loud))
    yield crds
    crds.kubectl("delete", "-f", f"{ADVICE}")


Edit = Callable[[Desk, dict[str, Any]], list[str]]
WAYS: dict[str, Edit] = {
    "apply": Desk.apply,
    "apply on the server": Desk.apply_on_the_server,
    "replace": Desk.replace,
    "a merge patch": Desk.patch,
    "a merge patch of Kustomize": Desk.apply_by_kustomize,
}


@pytest.fixture
def desk(advised: ControlPlane, namespace: str, tmp_path: Path) -> Desk:
    return Desk(advised, namespace, tmp_path)


@pytest.mark.parametrize("edit", WAYS.values(), ids=WAYS)
def test_an_edit_that_takes_layers_out_of_the_mix_is_told_which(desk: Desk, edit: Edit) -> None:
    desk.apply(THREE)

    told = edit(desk, mix("RV02=0.5"))

    assert told == [LEAVING.format("RV01, RV03")]


@pytest.mark.parametrize("edit", WAYS.values(), ids=WAYS)
def test_an_edit_that_keeps_every_layer_is_told_nothing(desk: Desk, edit: Edit) -> None:
    desk.apply(THREE)

    told = edit(desk, mix("RV03=0.5", "RV01=4", "RV02=1", "RV04"))

    assert told == []


NEW = {
    "decibels": (mix("RV01=6", "RV02=4"), [LOUD.format("RV01 has 6")]),
    "a little above": (mix("RV01=4.5", "RV02=10"), [LOUD.format("RV01 has 4.5, RV02 has 10")]),
    "layers that follow": (mix("RV01", "RV02", **AFV), [UNHEARD.format("RV01, RV02")]),
    "both": (mix("RV01=6", **AFV), [LOUD.format("RV01 has 6"), UNHEARD.format("RV01")]),
    "neither": (mix("RV01=4", followMode="AudioMixing"), []),
    "only following": (AFV, []),
    "null for layers": ({**AFV, "layers": None}, []),
}


@pytest.mark.parametrize(("spec", "expected"), NEW.values(), ids=NEW)
def test_a_new_object_is_told_of_its_volumes_and_of_layers_that_are_not_heard(
    desk: Desk, spec: dict[str, Any], expected: list[str]
) -> None:
    assert desk.apply(spec) == expected


CHANGED = {
    "a layer made loud": (THREE, mix("RV01", "RV02=6", "RV03"), [LOUD.format("RV02 has 6")]),
    "one that was loud, louder": (mix("RV01=5"), mix("RV01=6"), [LOUD.format("RV01 has 6")]),
    "one more, loud": (mix("RV01=5"), mix("RV01=5", "RV02=6"), [LOUD.format("RV02 has 6")]),
    "another location": (
        mix("RV01=5"),
        mix("RV02=5"),
        [LEAVING.format("RV01"), LOUD.format("RV02 has 5")],
    ),
    "follow now": (THREE, {**THREE, **AFV}, [UNHEARD.format("RV01, RV02, RV03")]),
    "follows already, layers now": (AFV, mix("RV01", **AFV), [UNHEARD.format("RV01")]),
    "no longer only observed": (
        {**THREE, "mode": "Observe"},
        mix("RV01", mode="Manage"),
        [LEAVING.format("RV02, RV03")],
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), CHANGED.values(), ids=CHANGED)
def test_an_edit_is_told_what_it_brings_in(
    desk: Desk, before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    desk.apply(before)

    assert desk.apply(after) == expected


DOUBTFUL = mix("RV01=6", "RV02", **AFV)
ORDINARY = {
    "the same again": (DOUBTFUL, DOUBTFUL),
    "the order": (DOUBTFUL, mix("RV02", "RV01=6", followMode="AudioMixing")),
    "another field": (DOUBTFUL, {**DOUBTFUL, "interval": "5m"}),
    "a volume lowered": (DOUBTFUL, mix("RV01=3", "RV02=2", followMode="AudioMixing")),
    "one more layer": (THREE, mix("RV01", "RV02", "RV03", "RV04")),
    "layers where none were": (AFV, mix("RV01", followMode="AudioMixing")),
    "no layers any more: the studio keeps its own": (THREE, {"followMode": "AudioMixing"}),
    "the mix of a scene that is only observed": (THREE, mix("RV01", mode="Observe")),
}


@pytest.mark.parametrize(("before", "after"), ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_edit_is_told_nothing(
    desk: Desk, before: dict[str, Any], after: dict[str, Any]
) -> None:
    desk.apply(before)

    assert desk.apply(after) == []


OUTSIDE_THE_SPEC = {
    "an annotation": ({"metadata": {"annotations": {"a": "b"}}}, ()),
    "a label": ({"metadata": {"labels": {"a": "b"}}}, ()),
    "a finalizer": ({"metadata": {"finalizers": ["example.com/held"]}}, ()),
    "the status": ({"status": {"requestId": "16A96B9A"}}, ("--subresource=status",)),
}


@pytest.mark.parametrize(("patch", "how"), OUTSIDE_THE_SPEC.values(), ids=OUTSIDE_THE_SPEC)
def test_what_is_not_the_spec_is_written_without_advice(
    desk: Desk, patch: dict[str, Any], how: tuple[str, ...]
) -> None:
    desk.apply(DOUBTFUL)

    told = desk.patch_all(patch, *how)

    assert told == []
    assert desk.patch_all({"metadata": {"finalizers": None}}) == []


def test_the_largest_objects_are_advised_as_well(advised: ControlPlane, desk: Desk) -> None:
    desk.apply(mix(*LARGEST))

    [leaving] = desk.apply(mix(*(f"x{location[1:]}" for location in LARGEST)))
    [loud] = desk.apply(mix(*(f"x{location[1:]}=9.123456789012345" for location in LARGEST)))

    assert leaving == LEAVING.format(", ".join(LARGEST))[: len(leaving)]
    assert loud.endswith("not decibels: +6 dB is 2. Layers are above 4 (+12 dB).")
    assert actions_taken(advised, POLICY) == {"warn"}


def test_whatever_is_written_is_taken_and_every_check_could_be_made(
    advised: ControlPlane, namespace: str
) -> None:
    place = (GROUP, VERSION, namespace, PLURAL)

    with config.new_client_from_config(f"{advised.kubeconfig}") as client:
        written = CustomObjectsApi(client)
        made = written.create_namespaced_custom_object(*place, manifest("show"))

        @settings(
            max_examples=80,
            deadline=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        )
        @given(spec=good_specs)
        def each_is_taken(spec: dict[str, Any]) -> None:
            its = {name: made["spec"][name] for name in ("casterId", "sceneId")}
            body = manifest("show", **{**spec, **its, "regionId": None})
            written.create_namespaced_custom_object(
                *place, {**body, "metadata": {"name": "other"}}, dry_run="All"
            )
            body["metadata"]["resourceVersion"] = written.get_namespaced_custom_object(
                *place, "show"
            )["metadata"]["resourceVersion"]
            written.replace_namespaced_custom_object(*place, "show", body)

        each_is_taken()

    assert actions_taken(advised, POLICY) <= {"warn"}
