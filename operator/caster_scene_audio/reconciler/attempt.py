"""One attempt for one object: credentials, the call, and the status that follows from its answer."""

import logging
from collections.abc import Callable
from datetime import datetime

from caster_scene_audio.domain.conclusion import applied, credentials_unavailable, failed
from caster_scene_audio.domain.credentials import CredentialsUnavailable
from caster_scene_audio.domain.failure import CallFailed, Failure, FailureClass
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.retry import Jitter, throttled_pause_s
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import CredentialSource, Live
from caster_scene_audio.reconciler.token_bucket import TokenBucket

log = logging.getLogger(__name__)


class Attempt:
    """Calls the service once for an object and says what became of it; raises nothing expected."""

    def __init__(
        self,
        *,
        live: Live,
        credentials: CredentialSource,
        bucket: TokenBucket,
        now: Callable[[], datetime],
        jitter: Jitter,
    ) -> None:
        self._live = live
        self._credentials = credentials
        self._bucket = bucket
        self._now = now
        self._jitter = jitter

    async def apply(self, seen: SceneAudio, spec: SceneAudioSpec) -> Status:
        """The object's status after the call, whichever way it went."""
        try:
            credentials = await self._credentials.credentials()
            request_id = await self._live.update_scene_audio(spec, credentials)
        except CredentialsUnavailable as missing:
            return self._failed(seen, credentials_unavailable(str(missing)))
        except CallFailed as answer:
            return self._failed(seen, answer.failure)
        after = applied(
            seen.status, generation=seen.generation, request_id=request_id, now=self._now()
        )
        log.info("Scene audio applied", extra=_facts(seen, after, request_id))
        return after

    def _failed(self, seen: SceneAudio, failure: Failure) -> Status:
        if failure.failure_class is FailureClass.THROTTLED:
            self._bucket.throttle(throttled_pause_s(failure.retry_after_s))
        after = failed(
            seen.status,
            generation=seen.generation,
            failure=failure,
            now=self._now(),
            jitter=self._jitter,
        )
        log.warning(
            "Scene audio not applied",
            extra=_facts(seen, after, failure.request_id)
            | {
                "code": failure.code,
                "error": failure.message,
                "attempts": after.attempts,
                "nextRetryTime": after.next_retry_time,
            },
        )
        return after


def _facts(seen: SceneAudio, after: Status, request_id: str | None) -> dict[str, object]:
    return {
        "object": str(seen.ref),
        "generation": seen.generation,
        "reason": after.reason,
        "requestId": request_id,
    }
