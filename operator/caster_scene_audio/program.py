"""`caster-scene-audio run`: the operator as a process."""

import asyncio
import logging
import os
import signal
import sys
from functools import partial

from caster_scene_audio import cli, logs
from caster_scene_audio.adapters.change_log import ChangeLogUnusable
from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.web.server import ListenFailed
from caster_scene_audio.composition import serve
from caster_scene_audio.settings import Settings

log = logging.getLogger("caster_scene_audio")


def main() -> None:
    """Run until SIGTERM or SIGINT; exit code 0 for an orderly stop."""
    settings = cli.parse(sys.argv[1:], os.environ)
    logs.configure(settings)
    try:
        asyncio.run(_run(settings))
    except ConfigException as error:
        log.error("No way to the API server; set KUBECONFIG", extra={"error": str(error)})  # noqa: TRY400 (what to do, not where it arose)
        sys.exit(1)
    except ChangeLogUnusable as error:
        log.error("Changes can't be put on record", extra={"error": str(error)})  # noqa: TRY400 (as above)
        sys.exit(1)
    except ListenFailed as error:
        log.error("Probes and metrics can't be served", extra={"error": str(error)})  # noqa: TRY400 (as above)
        sys.exit(1)
    except Exception:
        log.exception("A defect ended the process")
        sys.exit(1)


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, os.environ, stop=stop, abort=partial(os._exit, 1))
