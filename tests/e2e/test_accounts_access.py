"""Whose objects may use the operator's own credentials is the operator's setting."""

import pytest

from tests.support.cluster.scene_audios import conditions_of, scene_of
from tests.support.running.stage import Stage

pytestmark = pytest.mark.control_plane

ALLOWED = "LIVEPRODUCER_POST-cn-allowed"
STUDIO_SECRET = "the-secret-of-the-studio"


def denied(stage: Stage, name: str) -> str:
    """The message, once the object is Stalled for want of a permission."""
    shown = stage.objects.until(name, "AccessDenied")
    return str(conditions_of(shown["status"])["Stalled"]["message"])


def test_a_namespace_that_is_not_allowed_is_told_the_setting_and_calls_only_with_a_secret(
    stage: Stage,
) -> None:
    stage.operator.flags = ("--own-credentials=somewhere-else",)
    stage.live.put_key("studio", secret=STUDIO_SECRET, account="studio")
    stage.secrets.create("studio", "studio", STUDIO_SECRET)
    stage.operator.start()

    stage.objects.create("own")
    stage.objects.create("theirs", credentialsSecretRef={"name": "studio"})
    message = denied(stage, "own")
    stage.objects.until_applied("theirs")

    assert f"--own-credentials doesn't let namespace {stage.namespace} use" in message
    assert stage.live.calls(scene_of("own"), action=None) == []
    assert {call["accessKeyId"] for call in stage.live.calls(action=None)} == {"studio"}


def test_a_namespace_may_be_bound_to_patterns_of_casters(stage: Stage) -> None:
    stage.operator.flags = (f"--own-credentials={stage.namespace}=LIVEPRODUCER_*-allowed",)
    stage.operator.start()

    stage.objects.create("allowed", casterId=ALLOWED)
    stage.objects.create("other", casterId="LIVEPRODUCER_POST-cn-other")
    message = denied(stage, "other")
    stage.objects.until_applied("allowed")

    assert "--own-credentials doesn't let caster LIVEPRODUCER_POST-cn-other use" in message
    assert {call["parameters"]["CasterId"] for call in stage.live.calls(action=None)} == {ALLOWED}
