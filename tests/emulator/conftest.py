"""One emulator for each test, and the environment in which the official SDK stays on the machine."""

from collections.abc import AsyncIterator

import pytest

from live_emulator.server import Emulator, serving
from tests.emulator.caller import Caller
from tests.emulator.timepiece import Timepiece


@pytest.fixture(autouse=True)
def without_outside_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def timepiece() -> Timepiece:
    return Timepiece()


@pytest.fixture
async def emulator(timepiece: Timepiece) -> AsyncIterator[Emulator]:
    """On a clock that stands still until a test moves it."""
    async with serving(clock=timepiece.clock()) as served:
        yield served


@pytest.fixture
async def caller(emulator: Emulator, timepiece: Timepiece) -> AsyncIterator[Caller]:
    async with Caller.of(emulator, timepiece) as made:
        yield made
