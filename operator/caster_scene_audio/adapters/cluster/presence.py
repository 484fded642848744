"""Whether the API server serves our kind yet: a chart may start the operator before its CRD."""

import asyncio
import logging

from kubernetes.aio.client import ApiClient, ApiException, CustomObjectsApi

from caster_scene_audio.adapters.cluster.errors import UNANSWERED, words_of
from caster_scene_audio.domain.objects import GROUP, PLURAL, VERSION

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 5.0
TIMEOUT_S = 10.0


async def until_served(client: ApiClient) -> None:
    """Wait for the CRD, and say so meanwhile."""
    while problem := await _problem(client):
        log.warning("Waiting for the CustomResourceDefinition", extra={"error": problem})
        await asyncio.sleep(LOOK_AGAIN_S)


async def _problem(client: ApiClient) -> str | None:
    try:
        served = await CustomObjectsApi(client).get_api_resources(
            GROUP, VERSION, _request_timeout=TIMEOUT_S
        )
    except ApiException as error:
        if error.status == 404:
            return f"{PLURAL}.{GROUP} is not installed: kubectl apply -f crds/"
        return words_of(error)
    except UNANSWERED as error:
        return f"the API server can't be reached: {words_of(error)}"
    names = {resource.name for resource in served.resources}
    return None if PLURAL in names else f"{GROUP}/{VERSION} is served without {PLURAL}"
