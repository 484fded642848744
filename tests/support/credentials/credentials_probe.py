"""Run as a process: what this environment's credentials are, ours or the official SDK's.

Ours are asked with every logger wide open: what the process writes to standard error is what the
operator could ever log.
"""

import asyncio
import json
import logging
import os
import sys

from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CredentialsUnavailable


async def ours() -> Credentials:
    logging.basicConfig(level=logging.DEBUG)
    async with DefaultChainCredentials(os.environ) as own:
        return await own.credentials()


def official() -> Credentials:
    from alibabacloud_credentials.client import Client  # noqa: PLC0415 (ours must import it itself)

    model = Client().get_credential()
    return Credentials(
        access_key_id=model.access_key_id,
        access_key_secret=model.access_key_secret,
        security_token=model.security_token or None,
    )


def told(found: Credentials) -> dict[str, str | None]:
    return {
        "id": found.access_key_id,
        "secret": found.access_key_secret,
        "token": found.security_token,
    }


def main() -> dict[str, str | None]:
    if sys.argv[1] == "official":
        return told(official())
    try:
        return told(asyncio.run(ours()))
    except CredentialsUnavailable as missing:
        return {"missing": str(missing)}


if __name__ == "__main__":
    print(json.dumps(main()))  # noqa: T201 (what the test reads)
