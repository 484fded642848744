"""What the tests of the Live client call with."""

from caster_scene_audio.adapters.live.client import LiveClient
from caster_scene_audio.domain.audio import SceneRef
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed, Failure
from caster_scene_audio.domain.spec import SceneAudioSpec

SECRET = "the-very-secret"
TOKEN = "a-temporary-token+/=&"
KEY = Credentials(access_key_id="LTAI-test", access_key_secret=SECRET, security_token=TOKEN)
SCENE = SceneRef(caster_id="CASTER", scene_id="SCENE")
WANTED = SceneAudioSpec.model_validate(
    {"casterId": "CASTER", "sceneId": "SCENE", "layers": [{"locationId": "RV01"}]}
)


async def failed_call(live: LiveClient, wanted: SceneAudioSpec = WANTED) -> CallFailed:
    """The error of an update that is to fail."""
    try:
        request_id = await live.update_scene_audio(wanted, KEY)
    except CallFailed as error:
        return error
    raise AssertionError(f"the call succeeded: {request_id}")


async def failure_from(url: str, *, timeout_s: float = 5) -> Failure:
    async with LiveClient(endpoint=url, timeout_s=timeout_s) as live:
        return (await failed_call(live)).failure
