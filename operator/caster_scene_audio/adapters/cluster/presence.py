"""Whether the API server serves our kind yet: a chart may start the operator before its CRD."""

import asyncio
import logging

from kubernetes.aio.client import ApiException

from caster_scene_audio.adapters.cluster.api_server import ApiServer
from caster_scene_audio.adapters.cluster.errors import (
    UNANSWERED,
    ClusterRefused,
    unanswered,
    unavailable,
)
from caster_scene_audio.complaint import Complaint
from caster_scene_audio.domain.objects import GROUP, PLURAL, VERSION
from caster_scene_audio.ports import ClusterUnavailable

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 5.0
TIMEOUT_S = 10.0


async def until_served(api: ApiServer) -> None:
    """Wait for the CRD, and say so meanwhile."""
    complaint = Complaint(
        log,
        "Waiting for the CustomResourceDefinition",
        relief="The CustomResourceDefinition is there",
        facts={},
        clock=asyncio.get_running_loop().time,
    )
    while True:
        try:
            await check_served(api)
        except ClusterUnavailable as problem:
            complaint.met(str(problem))
            await asyncio.sleep(LOOK_AGAIN_S)
        else:
            return complaint.over()


async def check_served(api: ApiServer) -> None:
    """Raises ClusterRefused where the kind isn't served, ClusterUnavailable where nobody says."""
    try:
        served = await api.get(f"/apis/{GROUP}/{VERSION}", timeout_s=TIMEOUT_S)
    except ApiException as error:
        if error.status == 404:
            raise ClusterRefused(
                f"{PLURAL}.{GROUP} is not installed: kubectl apply -f crds/"
            ) from None
        raise unavailable(error) from None
    except UNANSWERED as error:
        raise unanswered(error) from None
    if PLURAL not in {resource.get("name") for resource in served.get("resources", ())}:
        raise ClusterRefused(f"{GROUP}/{VERSION} is served without {PLURAL}")
