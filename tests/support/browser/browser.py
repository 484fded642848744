"""A real, headless Chromium, driven by its own chromedriver over the WebDriver protocol (W3C)."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from dev.control_plane.processes import free_ports
from tests.support.tools.patience import eventually

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The name by which the protocol tells an element."""

NO_BROWSER = (
    "there is no chromium with its chromedriver on this machine (Debian: chromium, chromium-driver);"
    " tests/emulator/test_emulator_desk.py covers what the page is told"
)
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # which a container and root don't allow
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
)
KEYS = {"up": "\ue013", "down": "\ue015", "tab": "\ue004", "enter": "\ue007"}


def browser_programs() -> tuple[str, str] | None:
    """Chromium and its driver, where the machine has both."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    return (chromium, driver) if chromium and driver else None


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the page that is shown."""

    browser: "Browser"
    id: str

    def click(self) -> None:
        self.browser.ask("POST", f"/element/{self.id}/click", {})

    def type(self, text: str) -> None:
        """Characters, or what KEYS has a name for."""
        self.browser.ask("POST", f"/element/{self.id}/value", {"text": KEYS.get(text, text)})

    def attribute(self, name: str) -> str | None:
        found: str | None = self.browser.ask("GET", f"/element/{self.id}/attribute/{name}")
        return found

    @property
    def text(self) -> str:
        return str(self.browser.ask("GET", f"/element/{self.id}/text"))


@dataclass(frozen=True, slots=True)
class Browser:
    """One window."""

    session: str

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return _asked(method, f"{self.session}{path}", body)

    def open(self, url: str) -> None:
        self.ask("POST", "/url", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """What the JavaScript function body returns."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": [*arguments]})

    def run_until_done(self, script: str) -> Any:
        """Its last argument is to be called with what it gives."""
        return self.ask("POST", "/execute/async", {"script": script, "args": []})

    def all(self, selector: str) -> list[Element]:
        found = self.ask("POST", "/elements", {"using": "css selector", "value": selector})
        return [Element(self, each[ELEMENT]) for each in found]

    def one(self, selector: str) -> Element:
        """Waits for it."""
        eventually(lambda: self.all(selector))
        return self.all(selector)[0]

    def look(self, *, width: int, height: int = 1000, scheme: str = "light") -> None:
        """The size of the page, and whether a dark one is wished for."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._cdp("Emulation.setDeviceMetricsOverride", size)
        wish = {"name": "prefers-color-scheme", "value": scheme}
        self._cdp("Emulation.setEmulatedMedia", {"features": [wish]})

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.ask("GET", "/screenshot")))

    def _cdp(self, command: str, parameters: dict[str, Any]) -> Any:
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """A browser while the context lasts; what it keeps, it keeps in the folder."""
    programs = browser_programs()
    assert programs, NO_BROWSER
    chromium, driver = programs
    port = next(free_ports())
    log = folder / "chromedriver.log"
    process = subprocess.Popen(  # noqa: S603 (the browser's own driver)
        (driver, f"--port={port}", f"--log-path={log}"), stdout=subprocess.DEVNULL
    )
    try:
        root = f"http://127.0.0.1:{port}"
        eventually(lambda: _is_ready(root))
        profile = f"--user-data-dir={folder / 'profile'}"
        options = {"binary": chromium, "args": [*ARGUMENTS, profile]}
        wish = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        session = f"{root}/session/{_asked('POST', f'{root}/session', wish)['sessionId']}"
        try:
            yield Browser(session)
        finally:
            _asked("DELETE", session)
    finally:
        process.terminate()
        process.wait()


def _is_ready(root: str) -> bool:
    try:
        return bool(_asked("GET", f"{root}/status")["ready"])
    except OSError:
        return False


def _asked(method: str, url: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = Request(  # noqa: S310 (the driver's own address)
        url, data=data, method=method, headers={"Content-Type": "application/json"}
    )
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310 (as above)
            return json.load(answer)["value"]
    except HTTPError as error:
        raise AssertionError(json.load(error)["value"]["message"]) from error
