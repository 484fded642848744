"""The library's default chain, behind what we ask of it: loaded late, and silent."""

import logging
from collections.abc import Callable
from typing import Protocol, cast

_TALKERS = ("credentials", "alibabacloud-tea", "urllib3", "apscheduler")
"""Loggers of the library and of what it calls with. They write requests with their query, which
holds the OIDC token, and errors that hold answers; the first two bring handlers of their own."""


class Given(Protocol):
    """What the chain answers with."""

    def get_access_key_id(self) -> str | None: ...
    def get_access_key_secret(self) -> str | None: ...
    def get_security_token(self) -> str | None: ...
    def get_provider_name(self) -> str | None: ...


class Chain(Protocol):
    """Keeps what it got until 15 minutes before it expires, and doesn't tell when that is."""

    def get_credentials(self) -> Given:
        """Blocks, for seconds where it calls; raises whatever it likes, with secrets inside."""
        ...


ChainFactory = Callable[[], Chain]


def default_chain() -> Chain:
    """A new chain, which has kept nothing. Call it in the thread that asks.

    The import takes half a second and reads the environment, once for the process.
    """
    from alibabacloud_credentials.provider import (  # noqa: PLC0415 (half a second of imports)
        DefaultCredentialsProvider,
    )

    silence()
    return cast("Chain", DefaultCredentialsProvider())


def silence() -> None:
    """Cut the library's loggers off. A NullHandler keeps the handler of last resort out, too."""
    for name in _TALKERS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
