"""The emulator in a thread of the tests' own process, and its control API for tests that wait."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from live_emulator.dials import UPDATE
from live_emulator.keys import AccessKey
from live_emulator.server import serving
from live_emulator.settings import Settings
from tests.support.live.loop_thread import in_a_thread
from tests.support.running.operator_process import ACCESS_KEY_ID, ACCESS_KEY_SECRET
from tests.support.tools.patience import eventually

GOOD_KEY = AccessKey(access_key_id=ACCESS_KEY_ID, secret=ACCESS_KEY_SECRET, account="e2e")
ANY_SCENE = Settings(access_keys=(GOOD_KEY,), any_scene=True, demo_studio=False)
"""Knows the operator's key, and whatever scene is asked for."""

CASTER = "LIVEPRODUCER_POST-cn-e2e"

Call = dict[str, Any]


@dataclass(frozen=True)
class LiveService:
    """A running emulator as a test sees it: what it got, and what shall go wrong."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def calls(
        self, scene: str | None = None, *, action: str | None = UPDATE, account: str | None = None
    ) -> list[Call]:
        """The calls of an action (None: of any), oldest first; of one scene or account, if named."""
        wanted = {"action": action, "sceneId": scene, "account": account}
        query = {name: value for name, value in wanted.items() if value}
        calls: list[Call] = self._ask("GET", f"calls?{urlencode(query)}")["calls"]
        return calls

    def call_in_flight(self, scene: str, *, action: str = UPDATE) -> Call:
        """Wait until a call for the scene is under way."""
        return eventually(
            lambda: next(
                (
                    call
                    for call in self.calls(scene, action=action)
                    if call["finishedMonotonic"] is None
                ),
                None,
            )
        )

    def call_finished(self, scene: str) -> None:
        """Wait until the last call for the scene is answered."""
        eventually(lambda: self.calls(scene)[-1]["finishedMonotonic"] is not None)

    def tally(self, **match: str) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("GET", f"calls/tally?{urlencode(match)}")
        return found

    def forget_calls(self) -> None:
        """From now on the record is empty again."""
        self._ask("DELETE", "calls")

    def put_key(self, access_key_id: str, **members: Any) -> None:
        self._ask("PUT", f"access-keys/{access_key_id}", members)

    def fail(self, scene: str, **order: Any) -> None:
        """Order a fault for updates of the scene; `times` is 1 unless told otherwise."""
        self.strike({"sceneId": scene, "action": order.pop("action", UPDATE)}, **order)

    def strike(self, match: dict[str, str], **order: Any) -> int:
        """Order a fault for the calls that match, `times` is 1 unless told otherwise; gives its ID."""
        ordered: int = self._ask("POST", "faults", {"match": match, **order})["id"]
        return ordered

    def lift(self, fault: int) -> None:
        """Take a fault back that is there; the calls that hang on it go on."""
        self._ask("DELETE", f"faults/{fault}")

    def clear_faults(self) -> None:
        """Calls that hang on one go on."""
        self._ask("DELETE", "faults")

    def put_scene(self, scene: str, **members: Any) -> None:
        self._ask("PUT", f"scenes/{CASTER}/{scene}", members)

    def put_scenes(self, *, prefix: str, count: int, **audio: Any) -> None:
        """Scenes in a row, numbered from 1, with the same audio."""
        template = {"audio": {"layers": [], **audio}}
        row = {"casterId": CASTER, "prefix": prefix, "count": count, "template": template}
        self._ask("PUT", "scenes", {"series": [row]})

    def clear_scenes(self) -> None:
        """Those too that it begins with."""
        self._ask("DELETE", "scenes")

    def patch_scene(self, scene: str, *, caster: str = CASTER, **members: Any) -> None:
        """Behind everybody's back; `audio` by its members."""
        self._ask("PATCH", f"scenes/{caster}/{scene}", members)

    def turn(self, **dials: Any) -> None:
        self._ask("PATCH", "dials", dials)

    def scene(self, scene: str, *, caster: str = CASTER) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("GET", f"scenes/{caster}/{scene}")
        return found

    def scenes(self, caster: str) -> dict[str, Any]:
        """All that the caster has, by their IDs."""
        found: list[dict[str, Any]] = self._ask("GET", f"scenes?casterId={caster}")["scenes"]
        return {each["sceneId"]: each for each in found}

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        connection = HTTPConnection(self.host, self.port, timeout=10)
        try:
            connection.request(
                method, f"/emulator/{path}", None if body is None else json.dumps(body)
            )
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        assert response.status < 300, f"{method} {path}: {response.status} {answer!r}"
        return json.loads(answer) if answer else None


@contextmanager
def live_service(settings: Settings = ANY_SCENE) -> Iterator[LiveService]:
    with in_a_thread(lambda: serving(settings)) as emulator:
        yield LiveService(emulator.host, emulator.port)
