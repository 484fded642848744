"""An API server's error in words, for a log line and a probe."""

import aiohttp
from kubernetes.aio.client import ApiException

UNANSWERED = (aiohttp.ClientError, TimeoutError, OSError)
"""What is raised where no answer came."""

FAILED = (ApiException, *UNANSWERED)
"""What a request to the API server raises, by the official client."""


def words_of(error: Exception) -> str:
    """The status and its reason where the API server answered, else the kind of failure.

    A library's own message is not passed on: it may quote the request.
    """
    if isinstance(error, ApiException):
        return " ".join(filter(None, (error.status and f"HTTP {error.status}", error.reason)))
    return type(error).__name__
