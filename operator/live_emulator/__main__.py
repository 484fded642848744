"""The command `live-emulator`."""

import asyncio
import logging
import os
import signal
import sys

from live_emulator.server import serving
from live_emulator.settings import Settings, settings_from


async def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serving(settings) as emulator:
        print(f"live-emulator listens on {emulator.url}", flush=True)
        await stop.wait()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    settings = settings_from(sys.argv[1:], os.environ)
    try:
        asyncio.run(serve(settings))
    except OSError as error:
        print(f"live-emulator cannot listen: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
