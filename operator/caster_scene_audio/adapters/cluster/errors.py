"""An API server's error in words, for a log line and a probe."""

import aiohttp
from kubernetes.aio.client import ApiException

from caster_scene_audio.ports import ClusterUnavailable

UNANSWERED = (aiohttp.ClientError, TimeoutError, OSError)
"""What is raised where no answer came."""

FAILED = (ApiException, *UNANSWERED)
"""What a request to the API server raises, by the official client and by our own."""


class ClusterRefused(ClusterUnavailable):
    """The API server said no, by 403 or 404: what is asked for isn't there, or not for us."""


class ClusterSilent(ClusterUnavailable):
    """Nothing came, neither an answer nor a refusal."""


def unanswered(error: Exception) -> ClusterUnavailable:
    """Of an error that is one of UNANSWERED."""
    silent = isinstance(error, TimeoutError)
    return (ClusterSilent if silent else ClusterUnavailable)(words_of(error))


def unavailable(error: ApiException) -> ClusterUnavailable:
    refused = error.status in {403, 404}
    return (ClusterRefused if refused else ClusterUnavailable)(words_of(error))


def words_of(error: Exception) -> str:
    """The status and its reason where the API server answered, else the kind of failure.

    A library's own message is not passed on: it may quote the request.
    """
    if isinstance(error, ApiException):
        return " ".join(filter(None, (error.status and f"HTTP {error.status}", error.reason)))
    return type(error).__name__
