"""Requests to the API server that are made often: JSON there and back, by one session.

The generated client does the same with three times the work: it checks each argument by a model, copies
the body, and builds an object of each answer.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from kubernetes.aio.client import ApiException
from yarl import URL

JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"


@dataclass(frozen=True, slots=True)
class ApiServer:
    """Where it is, and the session that leads there, which is somebody else's to close."""

    session: aiohttp.ClientSession
    host: str

    async def get(
        self, path: str, query: Mapping[str, str] | None = None, *, timeout_s: float
    ) -> dict[str, Any]:
        return await self._asked("GET", path, query, timeout_s=timeout_s)

    async def post(self, path: str, body: object, *, timeout_s: float) -> dict[str, Any]:
        return await self._asked("POST", path, None, body, JSON, timeout_s=timeout_s)

    async def patch(
        self,
        path: str,
        body: object,
        query: Mapping[str, str] | None = None,
        *,
        kind: str,
        timeout_s: float,
    ) -> dict[str, Any]:
        """`kind`: JSON_PATCH or MERGE_PATCH."""
        return await self._asked("PATCH", path, query, body, kind, timeout_s=timeout_s)

    async def _asked(  # noqa: PLR0913 (what a request consists of)
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: object = None,
        kind: str | None = None,
        *,
        timeout_s: float,
    ) -> dict[str, Any]:
        """The answer. Raises ApiException for a refusal, or one of UNANSWERED.

        `path` is of names that the API server takes, which need no quoting. An answer that is no JSON
        object, such as a proxy's, is told as a refusal: the exception of a parser would quote it.
        """
        url = URL(f"{self.host}{path}", encoded=True)
        async with self.session.request(
            method,
            url.with_query(query) if query else url,
            data=None if body is None else json.dumps(body, separators=(",", ":")).encode(),
            headers={"Accept": JSON, "Content-Type": kind} if kind else {"Accept": JSON},
            timeout=aiohttp.ClientTimeout(total=timeout_s),
        ) as response:
            content = await response.read()
        if not 200 <= response.status < 300:
            raise ApiException(status=response.status, reason=response.reason)
        return _object(content)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ApiException(reason="no JSON object in the answer")
    return found
