"""The operator as a first draft has it: kopf's handlers, the official SDK, no reading, no Event.

    python -m dev.bench.first_draft NAMESPACE STUDIO_URL

It is here to be measured beside the real one, and serves what the benchmark makes: objects with one
layer, of one studio.
"""

import logging
import os
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import kopf
from alibabacloud_live20161101.client import Client
from alibabacloud_live20161101.models import (
    UpdateCasterSceneAudioRequest,
    UpdateCasterSceneAudioRequestAudioLayer,
)
from alibabacloud_tea_openapi.models import Config

RESOURCE = ("live.alibabacloud.com", "v1alpha1", "castersceneaudios")


def main(namespace: str, studio_url: str) -> None:
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("kopf").setLevel(logging.WARNING)
    url = urlsplit(studio_url)
    live = Client(
        Config(
            access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            region_id="cn-shanghai",
            endpoint=url.netloc,
            protocol=url.scheme,
        )
    )

    @kopf.on.startup()
    def configure(settings: kopf.OperatorSettings, **_: Any) -> None:
        settings.posting.enabled = False
        logging.getLogger(__name__).info("Serving")

    @kopf.on.create(*RESOURCE)
    @kopf.on.update(*RESOURCE, field="spec")
    async def apply(body: kopf.Body, spec: kopf.Spec, patch: kopf.Patch, **_: Any) -> None:
        answer = await live.update_caster_scene_audio_async(_request(spec))
        patch.status["requestId"] = answer.body.request_id
        patch.status["conditions"] = [_ready(body.metadata["generation"])]

    kopf.run(namespaces=[namespace], standalone=True)


def _request(spec: kopf.Spec) -> UpdateCasterSceneAudioRequest:
    return UpdateCasterSceneAudioRequest(
        caster_id=spec["casterId"],
        scene_id=spec["sceneId"],
        audio_layer=[
            UpdateCasterSceneAudioRequestAudioLayer(volume_rate=layer["volumeRate"])
            for layer in spec["layers"]
        ],
        mix_list=[layer["locationId"] for layer in spec["layers"]],
    )


def _ready(generation: int) -> dict[str, object]:
    return {
        "type": "Ready",
        "status": "True",
        "reason": "Applied",
        "message": "The scene's audio is as declared.",
        "observedGeneration": generation,
        "lastTransitionTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
