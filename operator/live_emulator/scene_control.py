"""The scenes under /emulator/scenes: set up, changed behind everybody's back, taken away."""

from aiohttp import web

from live_emulator.bodies import ScenesBody, TakeBody
from live_emulator.dials import Dials
from live_emulator.exchange import gone, json_object
from live_emulator.studio import Scene, Studio


class SceneControl:
    """Handlers that read and write the studio directly, past the service's rules."""

    def __init__(self, studio: Studio, dials: Dials) -> None:
        self._studio = studio
        self._dials = dials

    def routes(self) -> list[web.RouteDef]:
        scene = "/emulator/scenes/{caster}/{scene}"
        return [
            web.get("/emulator/scenes", self.list_scenes),
            web.put("/emulator/scenes", self.put_scenes),
            web.delete("/emulator/scenes", self.clear_scenes),
            web.get(scene, self.get_scene),
            web.put(scene, self.put_scene),
            web.patch(scene, self.patch_scene),
            web.delete(scene, self.delete_scene),
            web.post(f"{scene}/take", self.take_scene),
        ]

    async def list_scenes(self, request: web.Request) -> web.Response:
        caster = request.query.get("casterId")
        scenes = [s.as_json() for s in self._studio if caster in {None, s.caster_id}]
        return web.json_response({"scenes": scenes})

    async def put_scenes(self, request: web.Request) -> web.Response:
        body = ScenesBody.read(await json_object(request))
        scenes = body.all_scenes()
        if body.replace:
            self._studio.clear()
        for scene in scenes:
            self._studio.put(scene)
        return web.json_response({"put": len(scenes), "scenes": len(self._studio)})

    async def clear_scenes(self, _: web.Request) -> web.Response:
        self._studio.clear()
        return web.Response(status=204)

    async def get_scene(self, request: web.Request) -> web.Response:
        return web.json_response(self._scene(request).as_json())

    async def put_scene(self, request: web.Request) -> web.Response:
        given = await json_object(request) if request.can_read_body else {}
        scene = Scene.read({**given, **_names(request)})
        self._studio.put(scene)
        return web.json_response(scene.as_json())

    async def patch_scene(self, request: web.Request) -> web.Response:
        """What is given replaces what was; `audio` by its members, so layers can stay."""
        was = self._scene(request).as_json()
        given = await json_object(request)
        if isinstance(given.get("audio"), dict):
            given["audio"] = {**was["audio"], **given["audio"]}
        scene = Scene.read({**was, **given, **_names(request)})
        self._studio.put(scene)
        return web.json_response(scene.as_json())

    async def delete_scene(self, request: web.Request) -> web.Response:
        names = request.match_info
        return gone(found=self._studio.remove(names["caster"], names["scene"]))

    async def take_scene(self, request: web.Request) -> web.Response:
        """As CopyCasterSceneConfig does it, without a key and a quota."""
        body = TakeBody.read(await json_object(request))
        programme = self._scene(request)
        preview = self._studio.find(programme.caster_id, body.from_)
        self._studio.take(preview, programme, with_audio=self._dials.take_audio)
        return web.json_response(self._scene(request).as_json())

    def _scene(self, request: web.Request) -> Scene:
        names = request.match_info
        scene = self._studio.get(names["caster"], names["scene"])
        if scene is None:
            raise web.HTTPNotFound(text="no such scene")
        return scene


def _names(request: web.Request) -> dict[str, str]:
    return {"casterId": request.match_info["caster"], "sceneId": request.match_info["scene"]}
