"""The control API under /emulator, all but the scenes: faults, calls, keys, dials."""

from collections.abc import Callable

from aiohttp import web

from live_emulator.bodies import AccessKeyBody, DialsBody
from live_emulator.calls import Call, Calls
from live_emulator.dials import Dials
from live_emulator.exchange import gone, json_object
from live_emulator.faults import FaultOrder, Faults
from live_emulator.keys import KeyRing
from live_emulator.tally import tally


class Control:
    """Handlers, grouped by what they work on."""

    def __init__(
        self,
        *,
        faults: Faults,
        calls: Calls,
        keys: KeyRing,
        dials: Dials,
        reset: Callable[[], None],
    ) -> None:
        self._faults = faults
        self._calls = calls
        self._keys = keys
        self._dials = dials
        self._reset = reset

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/emulator/health", self.health),
            web.post("/emulator/reset", self.reset),
            web.get("/emulator/faults", self.list_faults),
            web.post("/emulator/faults", self.order_fault),
            web.delete("/emulator/faults", self.clear_faults),
            web.delete("/emulator/faults/{id:[0-9]+}", self.delete_fault),
            web.get("/emulator/calls", self.list_calls),
            web.get("/emulator/calls/tally", self.tally_calls),
            web.delete("/emulator/calls", self.clear_calls),
            web.get("/emulator/access-keys", self.list_keys),
            web.put("/emulator/access-keys/{id}", self.put_key),
            web.delete("/emulator/access-keys/{id}", self.delete_key),
            web.get("/emulator/dials", self.get_dials),
            web.patch("/emulator/dials", self.patch_dials),
        ]

    async def health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def reset(self, _: web.Request) -> web.Response:
        self._reset()
        return web.Response(status=204)

    async def list_faults(self, _: web.Request) -> web.Response:
        return web.json_response({"faults": [fault.as_json() for fault in self._faults.listed()]})

    async def order_fault(self, request: web.Request) -> web.Response:
        fault = self._faults.order(FaultOrder.read(await json_object(request)))
        return web.json_response(fault.as_json(), status=201)

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._faults.clear()
        return web.Response(status=204)

    async def delete_fault(self, request: web.Request) -> web.Response:
        return gone(found=self._faults.remove(int(request.match_info["id"])))

    async def list_calls(self, request: web.Request) -> web.Response:
        calls = _chosen(self._calls, request)
        limit = int(request.query.get("limit", "0"))
        return web.json_response({"calls": [call.as_json() for call in calls[-limit:]]})

    async def tally_calls(self, request: web.Request) -> web.Response:
        return web.json_response(tally(_chosen(self._calls, request)))

    async def clear_calls(self, _: web.Request) -> web.Response:
        self._calls.clear()
        return web.Response(status=204)

    async def list_keys(self, _: web.Request) -> web.Response:
        keys = [AccessKeyBody.described(key) for key in self._keys]
        return web.json_response({"accessKeys": keys})

    async def put_key(self, request: web.Request) -> web.Response:
        body = AccessKeyBody.read(await json_object(request))
        key = body.as_key(request.match_info["id"], self._calls.clock.now())
        self._keys.put(key)
        return web.json_response(AccessKeyBody.described(key))

    async def delete_key(self, request: web.Request) -> web.Response:
        return gone(found=self._keys.remove(request.match_info["id"]))

    async def get_dials(self, _: web.Request) -> web.Response:
        return web.json_response(DialsBody.of(self._dials).as_json())

    async def patch_dials(self, request: web.Request) -> web.Response:
        DialsBody.read(await json_object(request)).turn(self._dials)
        return web.json_response(DialsBody.of(self._dials).as_json())


def _chosen(calls: Calls, request: web.Request) -> list[Call]:
    query = request.query
    after = int(query.get("after", "0"))
    wanted = {
        "action": query.get("action"),
        "caster_id": query.get("casterId"),
        "scene_id": query.get("sceneId"),
        "access_key_id": query.get("accessKeyId"),
        "account": query.get("account"),
        "code": query.get("code"),
    }
    filters = {name: value for name, value in wanted.items() if value is not None}
    return [
        call
        for call in calls
        if call.id > after and all(getattr(call, name) == v for name, v in filters.items())
    ]
