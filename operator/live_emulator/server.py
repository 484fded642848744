"""The composition: one emulator, served over HTTP while a context lasts."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from live_emulator.admission import Admission
from live_emulator.calls import Calls
from live_emulator.claim import is_call
from live_emulator.clock import SYSTEM_CLOCK, Clock
from live_emulator.control import Control
from live_emulator.desk import Desk
from live_emulator.dials import Dials
from live_emulator.exchange import explained, own_pages_only
from live_emulator.faults import Faults
from live_emulator.gateway import Gateway
from live_emulator.keys import FALLBACK_KEY, KeyRing
from live_emulator.quota import Quota
from live_emulator.scene_control import SceneControl
from live_emulator.service import Service
from live_emulator.settings import Settings
from live_emulator.studio import Studio, demo_scenes

log = logging.getLogger(__name__)
# A stop doesn't wait for calls that hang on a fault.
SHUTDOWN_S = 0.5
LARGEST_BODY = 64 * 2**20
# 64 layers with every member make a line of 22 kB.
LONGEST_LINE = 256 * 2**10
DIALS_AT_START = (
    "update_qps",
    "copy_qps",
    "read_qps",
    "latency_ms",
    "longest_line_bytes",
    "any_scene",
    "take_audio",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """A running emulator, and its parts for a test in the same process."""

    host: str
    port: int
    studio: Studio
    calls: Calls
    faults: Faults
    keys: KeyRing
    dials: Dials

    @property
    def endpoint(self) -> str:
        """As the official SDK's Config takes it, with protocol http."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.endpoint}"


@asynccontextmanager
async def serving(
    settings: Settings | None = None, *, clock: Clock = SYSTEM_CLOCK
) -> AsyncIterator[Emulator]:
    """Listens while the context lasts; calls that still hang at its end are dropped."""
    wanted = settings or Settings()
    parts = _Parts(wanted, clock)
    runner = web.AppRunner(
        parts.application(),
        access_log=None,
        shutdown_timeout=SHUTDOWN_S,
        max_line_size=LONGEST_LINE,
        max_field_size=LONGEST_LINE,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, wanted.host, wanted.port).start()
        yield parts.emulator(wanted.host, runner.addresses[0][1])
    finally:
        await runner.cleanup()
        await parts.gateway.stop()


class _Parts:
    """The parts, made once and joined."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        if not settings.access_keys:
            log.warning("No access key is given: testid:testsecret is good")
        self._settings = settings
        self.keys = KeyRing(settings.access_keys or (FALLBACK_KEY,))
        self.dials = Dials()
        self.studio = Studio()
        self.faults = Faults()
        self.calls = Calls(clock, settings.keep_calls)
        self.quota = Quota(self.dials)
        self.gateway = Gateway(
            admission=Admission(self.keys, clock),
            quota=self.quota,
            faults=self.faults,
            service=Service(self.studio, self.dials),
            calls=self.calls,
            dials=self.dials,
        )
        self.reset()

    def reset(self) -> None:
        """Everything as at the start."""
        self.keys.reset()
        self.faults.clear()
        self.calls.clear()
        self.quota.reset()
        self.studio.clear()
        for name in DIALS_AT_START:
            setattr(self.dials, name, getattr(self._settings, name))
        self.dials.long_channels = self.dials.whole_volumes = False
        for scene in demo_scenes() if self._settings.demo_studio else ():
            self.studio.put(scene)

    def application(self) -> web.Application:
        control = Control(
            faults=self.faults,
            calls=self.calls,
            keys=self.keys,
            dials=self.dials,
            reset=self.reset,
        )

        scenes = SceneControl(self.studio, self.dials)
        desk = Desk(self.studio, self.calls)

        async def front(request: web.Request) -> web.StreamResponse:
            """A browser gets the page; whatever names an action is a call."""
            if not is_call(request.method, request.headers, request.query):
                return await desk.page(request)
            return await self.gateway.handle(request)

        application = web.Application(
            middlewares=[own_pages_only, explained], client_max_size=LARGEST_BODY
        )
        application.add_routes([web.get("/", front), web.post("/", front), *scenes.routes()])
        application.add_routes([*control.routes(), *desk.routes()])
        application.on_shutdown.append(desk.stop)
        return application

    def emulator(self, host: str, port: int) -> Emulator:
        return Emulator(
            host=host,
            port=port,
            studio=self.studio,
            calls=self.calls,
            faults=self.faults,
            keys=self.keys,
            dials=self.dials,
        )
