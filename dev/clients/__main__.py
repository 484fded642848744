"""Tries the clients that are named, or all of them."""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence

from dev.clients.client import CLIENTS
from dev.clients.failure import NoClientError
from dev.clients.installation import installed
from dev.clients.trial import tried
from dev.progress import to_stderr


def main(names: Sequence[str]) -> int:
    if unknown := set(names) - set(CLIENTS):
        to_stderr(f"No such client: {', '.join(sorted(unknown))}. There are {', '.join(CLIENTS)}.")
        return 2
    logging.disable(logging.WARNING)
    passed = True
    for name in names or CLIENTS:
        try:
            folder = installed(CLIENTS[name], os.environ, say=to_stderr)
            passed &= asyncio.run(tried(CLIENTS[name], folder, say=to_stderr))
        except NoClientError as error:
            to_stderr(f"{error}")
            passed = False
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
