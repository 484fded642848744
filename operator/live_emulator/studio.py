"""The studios: scenes by caster, and what the service lets one do with them. No I/O."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live_emulator.answers import Refused
from live_emulator.audio import Audio, AudioChange
from live_emulator.document import Document
from live_emulator.parameters import CASTER_ID, LOCATION_ID, SCENE_ID

# What a take copies in any case: which locations there are goes with the layout.
CONFIGURATION = ("layout_id", "component_ids", "locations", "invalid_locations")

Location = Annotated[str, StringConstraints(pattern=rf"^{LOCATION_ID.pattern}$")]


class Scene(Document):
    """A scene. `status` 0 (off), `configError` and `inChannel` make it refuse updates.

    `locations` None takes any well-formed location. A location that is also in
    `invalidLocations` holds a resource that can't be used. With an `account`, only that
    account's keys may touch the scene. Reads leave out the members named in `untold`.
    """

    caster_id: Annotated[str, StringConstraints(pattern=rf"^{CASTER_ID.pattern}$")]
    scene_id: Annotated[str, StringConstraints(pattern=rf"^{SCENE_ID.pattern}$")]
    scene_name: str = ""
    locations: tuple[Location, ...] | None = None
    invalid_locations: tuple[Location, ...] = ()
    output_type: Literal["0", "1"] = "1"
    status: Annotated[int, Field(ge=0, le=1, strict=True)] = 1
    config_error: bool = False
    in_channel: bool = False
    account: str | None = None
    layout_id: str | None = None
    component_ids: tuple[str, ...] = ()
    stream_url: str | None = None
    untold: tuple[str, ...] = ()
    audio: Audio = Audio()

    def check_update(self, change: AudioChange) -> None:
        if self.in_channel:
            raise Refused("ResourceInChannel.PreConditionFailed")
        if self.config_error:
            raise Refused("IncorrectSceneStatus.ConfigError")
        if self.status == 0:
            raise Refused("IncorrectSceneStatus")
        self._check_places([layer.location_id for layer in change.layers or ()])

    def _check_places(self, places: list[str]) -> None:
        too_many = self.locations is not None and len(places) > len(self.locations)
        if too_many or len(set(places)) < len(places):
            raise Refused("InvalidMixList.ExceedNorm")
        if self.locations is not None and not set(places) <= set(self.locations):
            raise Refused("ResourceInChannel.NotFound")
        if not set(places).isdisjoint(self.invalid_locations):
            raise Refused("ResourceInChannel.Invalid")


class Studio:
    """Every scene by caster and scene ID. A caster is there while it has a scene."""

    def __init__(self) -> None:
        self._casters: dict[str, dict[str, Scene]] = {}

    def __iter__(self) -> Iterator[Scene]:
        for scenes in self._casters.values():
            yield from scenes.values()

    def __len__(self) -> int:
        return sum(len(scenes) for scenes in self._casters.values())

    def clear(self) -> None:
        self._casters.clear()

    def put(self, scene: Scene) -> None:
        self._casters.setdefault(scene.caster_id, {})[scene.scene_id] = scene

    def get(self, caster_id: str, scene_id: str) -> Scene | None:
        return self._casters.get(caster_id, {}).get(scene_id)

    def remove(self, caster_id: str, scene_id: str) -> bool:
        scenes = self._casters.get(caster_id, {})
        if scenes.pop(scene_id, None) is None:
            return False
        if not scenes:
            del self._casters[caster_id]
        return True

    def scenes_of(self, caster_id: str) -> tuple[Scene, ...]:
        """Raises Refused when there is no such caster."""
        if caster_id not in self._casters:
            raise Refused("InvalidCaster.NotFound")
        return tuple(self._casters[caster_id].values())

    def find(self, caster_id: str, scene_id: str, *, create: bool = False) -> Scene:
        """The scene, made on the spot with `create`; or Refused."""
        scene = self.get(caster_id, scene_id)
        if scene is not None:
            return scene
        if create:
            scene = Scene(caster_id=caster_id, scene_id=scene_id, scene_name=scene_id)
            self.put(scene)
            return scene
        self.scenes_of(caster_id)
        raise Refused("InvalidScene.NotFound")

    def update(self, scene: Scene, change: AudioChange) -> None:
        """Sets the audio, or raises Refused and changes nothing."""
        scene.check_update(change)
        self.put(scene.model_copy(update={"audio": change.applied_to(scene.audio)}))

    def take(self, preview: Scene, programme: Scene, *, with_audio: bool) -> None:
        """Copies the preview's configuration onto the programme scene, or raises Refused."""
        if preview.output_type != "0":
            raise Refused("InvalidParameter.Malformed", "FromSceneId is not a preview scene.")
        if programme.output_type != "1":
            raise Refused("InvalidParameter.Malformed", "ToSceneId is not a programme scene.")
        names = CONFIGURATION + (("audio",) if with_audio else ())
        self.put(programme.model_copy(update={name: getattr(preview, name) for name in names}))


DEMO_CASTER = "LIVEPRODUCER_POST-cn-demo"
DEMO_LOCATIONS = tuple(f"RV{number:02d}" for number in range(1, 9))


def demo_scenes() -> tuple[Scene, ...]:
    """A small studio to try things on: an opening on air, an interview in preview."""
    common = {"caster_id": DEMO_CASTER, "locations": DEMO_LOCATIONS, "layout_id": "layout-demo"}
    return (
        Scene(
            **common, scene_id="scene-opening", scene_name="Opening", component_ids=("title-demo",)
        ),
        Scene(**common, scene_id="scene-interview", scene_name="Interview", output_type="0"),
    )
