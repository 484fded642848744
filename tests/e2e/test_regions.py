"""Each region is called where the operator was told to, and one without an endpoint not at all."""

import pytest

from tests.support.cluster.scene_audios import conditions_of, scene_of
from tests.support.running.stage import Stage

pytestmark = pytest.mark.control_plane


def test_a_region_with_an_endpoint_is_called_there_and_an_unknown_one_not_at_all(
    stage: Stage,
) -> None:
    stage.operator.live_endpoint = f"cn-nanjing={stage.live.url}"
    stage.operator.flags = (f"--sts-endpoint={stage.live.url}",)
    stage.objects.create("here", regionId="cn-nanjing")
    stage.objects.create("a-bucket", regionId="oss-cn-hangzhou")

    stage.operator.start()
    stage.objects.until_applied("here")
    refused = stage.objects.until("a-bucket", "InvalidSpec")

    conditions = conditions_of(refused["status"])
    assert conditions["Stalled"]["status"] == "True"
    assert "spec.regionId oss-cn-hangzhou" in conditions["Ready"]["message"]
    assert "--live-endpoint oss-cn-hangzhou=URL" in conditions["Ready"]["message"]
    assert refused["status"]["lastError"]["code"] == "UnknownRegion"
    assert "httpStatus" not in refused["status"]["lastError"]
    assert not stage.live.calls(scene_of("a-bucket"), action=None)
