import asyncio

from hypothesis import given
from hypothesis import strategies as st

from caster_scene_audio.domain.decision import Priority
from caster_scene_audio.reconciler.queue import BusyScenes, SceneKey, WorkQueue


def put(
    queue: WorkQueue,
    key: str,
    *,
    priority: Priority = Priority.CHANGED,
    scene: SceneKey | None = None,
    namespace: str = "",
) -> None:
    queue.put(key, scene=scene or (key, key), priority=priority, namespace=namespace)


def take_all(queue: WorkQueue) -> list[str]:
    taken = []
    while (key := queue.take()) is not None:
        taken.append(key)
    return taken


def test_among_equals_first_come_first_served() -> None:
    queue = WorkQueue(BusyScenes())

    for key in "bca":
        put(queue, key)

    assert take_all(queue) == ["b", "c", "a"]


def test_namespaces_take_turns_and_each_keeps_its_order() -> None:
    queue = WorkQueue(BusyScenes())
    for key in ("a1", "a2", "a3", "b1", "a4", "c1", "b2"):
        put(queue, key, namespace=key[0])

    assert take_all(queue) == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


def test_a_namespace_does_not_go_before_anothers_change_with_its_retries() -> None:
    queue = WorkQueue(BusyScenes())
    put(queue, "a1", namespace="a")
    put(queue, "b1", namespace="b", priority=Priority.RETRY)
    put(queue, "a2", namespace="a")

    assert take_all(queue) == ["a1", "a2", "b1"]


def test_a_changed_spec_goes_before_retries() -> None:
    queue = WorkQueue(BusyScenes())

    put(queue, "retried", priority=Priority.RETRY)
    put(queue, "changed", priority=Priority.CHANGED)

    assert take_all(queue) == ["changed", "retried"]


def test_however_many_edits_there_is_one_entry_and_it_keeps_its_place() -> None:
    queue = WorkQueue(BusyScenes())

    put(queue, "edited")
    put(queue, "other")
    for _ in range(5):
        put(queue, "edited")

    assert take_all(queue) == ["edited", "other"]


def test_a_change_overtakes_the_same_objects_retry() -> None:
    queue = WorkQueue(BusyScenes())
    put(queue, "object", priority=Priority.RETRY)
    put(queue, "other", priority=Priority.RETRY)

    put(queue, "object", priority=Priority.CHANGED)

    assert take_all(queue) == ["object", "other"]


def test_a_dropped_entry_is_never_taken() -> None:
    queue = WorkQueue(BusyScenes())
    put(queue, "deleted")

    queue.drop("deleted")

    assert take_all(queue) == []
    assert len(queue) == 0


async def test_who_waits_for_the_queue_goes_on_when_there_is_one_to_take() -> None:
    scenes = BusyScenes()
    queue = WorkQueue(scenes)
    scenes.occupy(("caster", "scene"))
    waiting = asyncio.create_task(queue.until_due())
    put(queue, "object", scene=("caster", "scene"))
    await asyncio.sleep(0)
    assert not waiting.done()

    scenes.free(("caster", "scene"))

    await waiting
    assert take_all(queue) == ["object"]


def test_a_busy_scene_lets_others_pass_and_keeps_its_order() -> None:
    scenes = BusyScenes()
    queue = WorkQueue(scenes)
    scene = ("caster", "scene")
    for key in ("first", "second", "third"):
        put(queue, key, scene=scene)
    put(queue, "other")

    assert take_all(queue) == ["first", "other"]

    scenes.free(scene)
    assert take_all(queue) == ["second"]


def test_an_entry_dropped_behind_a_busy_scene_stays_dropped() -> None:
    scenes = BusyScenes()
    queue = WorkQueue(scenes)
    scene = ("caster", "scene")
    put(queue, "first", scene=scene)
    put(queue, "second", scene=scene)
    take_all(queue)

    queue.drop("second")
    scenes.free(scene)

    assert take_all(queue) == []


async def test_a_scene_that_is_busy_in_one_line_is_busy_in_every_line() -> None:
    scenes = BusyScenes()
    scene = ("caster", "scene")
    one, other = WorkQueue(scenes), WorkQueue(scenes)
    put(one, "first", scene=scene)
    put(other, "second", scene=scene)

    assert take_all(one) == ["first"]
    assert take_all(other) == []
    waiting = asyncio.create_task(other.until_due())

    scenes.free(scene)

    await waiting
    assert take_all(other) == ["second"]


SCENES = {"a": "s1", "b": "s1", "c": "s1", "d": "s2", "e": "s2", "f": "s3"}

OPERATIONS = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"),
            st.sampled_from(sorted(SCENES)),
            st.sampled_from(list(Priority)),
        ),
        st.tuples(st.just("drop"), st.sampled_from(sorted(SCENES))),
        st.tuples(st.just("take")),
        st.tuples(st.just("release"), st.sampled_from(["s1", "s2", "s3"])),
    ),
    max_size=80,
)


class Model:
    """The queue without its order: what is wanted, and which scenes are busy."""

    def __init__(self) -> None:
        self.scenes = BusyScenes()
        self.queue = WorkQueue(self.scenes)
        self.wanted: set[str] = set()
        self.busy: set[str] = set()

    def put(self, key: str, priority: Priority) -> None:
        scene = (SCENES[key], SCENES[key])
        self.queue.put(key, scene=scene, priority=priority)
        self.wanted.add(key)

    def take(self) -> str | None:
        key = self.queue.take()
        if key is not None:
            assert key in self.wanted
            assert SCENES[key] not in self.busy
            self.wanted.discard(key)
            self.busy.add(SCENES[key])
        return key

    def release(self, scene: str) -> None:
        self.scenes.free((scene, scene))
        self.busy.discard(scene)

    def drop(self, key: str) -> None:
        self.queue.drop(key)
        self.wanted.discard(key)


@given(OPERATIONS)
def test_no_entry_is_lost_or_doubled_and_no_scene_is_taken_twice(
    operations: list[tuple[object, ...]],
) -> None:
    model = Model()

    for operation in operations:
        match operation:
            case ("put", str(key), Priority() as priority):
                model.put(key, priority)
            case ("drop", str(key)):
                model.drop(key)
            case ("release", str(scene)):
                model.release(scene)
            case _:
                model.take()

    assert len(model.queue) == len(model.wanted)
    for scene in list(model.busy):
        model.release(scene)
    while (taken := model.take()) is not None:
        model.release(SCENES[taken])
    assert not model.wanted
