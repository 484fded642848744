"""An object as the desk shows it: what is declared beside what the scene has."""

import asyncio
from typing import Any

from caster_scene_audio.commands.desk.board import Board
from caster_scene_audio.commands.desk.scene_view import view_of

SPEC = {
    "casterId": "caster-1",
    "sceneId": "scene-1",
    "layers": [{"locationId": "RV01", "volumeRate": 0.5, "filter": {"noiseReduction": "Music"}}],
}


def body(*, generation: int = 1, **status: Any) -> dict[str, Any]:
    return {
        "metadata": {
            "namespace": "studio",
            "name": "show",
            "uid": "uid-1",
            "generation": generation,
            "resourceVersion": "7",
            "creationTimestamp": "2026-08-15T12:00:00Z",
        },
        "spec": SPEC,
        "status": {"observedGeneration": 1, **status},
    }


def ready(reason: str, *, status: str = "True") -> list[dict[str, Any]]:
    condition = {
        "type": "Ready",
        "status": status,
        "reason": reason,
        "message": "So it is.",
        "lastTransitionTime": "2026-08-15T12:00:00Z",
        "observedGeneration": 1,
    }
    return [condition]


def volumes(layers: list[dict[str, Any]]) -> list[float]:
    return [each["volume"] for each in layers]


def test_what_was_sent_and_is_declared_is_the_same() -> None:
    view = view_of(
        body(
            conditions=ready("Applied"),
            applied={"layers": SPEC["layers"]},
            requestId="R1",
            lastAppliedTime="2026-08-15T12:00:00Z",
        )
    )

    assert view["layers"] == view["declared"]["layers"]
    assert view["layers"][0]["filters"] == ["noise reduction: music"]
    assert view["state"] == {"ready": True, "reason": "Applied", "message": "So it is."}
    assert view["last"] == {"time": "2026-08-15 12:00:00 UTC", "requestId": "R1"}
    assert view["marks"] == []


def test_what_was_read_stands_beside_what_is_declared() -> None:
    observed = {"layers": [{"locationId": "RV01", "volumeRate": 2}]}

    view = view_of(
        body(
            conditions=ready("Drifted", status="False"),
            applied={"layers": SPEC["layers"]},
            observed=observed,
        )
    )

    assert (volumes(view["layers"]), volumes(view["declared"]["layers"])) == ([2], [0.5])
    assert view["layers"][0]["filters"] == view["declared"]["layers"][0]["filters"]


def test_a_changed_spec_differs_from_what_was_sent_until_it_is_answered() -> None:
    sent = {"layers": [{"locationId": "RV01", "volumeRate": 1}]}

    view = view_of(body(generation=2, conditions=ready("Applied"), applied=sent))

    assert (volumes(view["layers"]), volumes(view["declared"]["layers"])) == ([1], [0.5])
    assert view["state"]["reason"] == "Waiting"


def test_what_was_never_sent_says_so() -> None:
    view = view_of(body(conditions=ready("CredentialsUnavailable", status="False")))

    assert volumes(view["layers"]) == [0.5]
    assert view["marks"] == ["not sent yet"]


def test_a_spec_that_can_not_be_read_is_told() -> None:
    made = body()
    made["spec"] = {"casterId": 7}

    view = view_of(made)

    assert view["state"]["reason"] == "InvalidSpec"
    assert view["layers"] == []


def test_whoever_is_slow_gets_the_newest_of_each_once() -> None:
    async def story() -> None:
        board = Board()
        board.put({"key": "a", "volume": 1})
        watcher = board.watcher()
        assert (await watcher.news())["put"] == [{"key": "a", "volume": 1}]

        board.put({"key": "a", "volume": 2})
        board.put({"key": "a", "volume": 3})
        board.put({"key": "b", "volume": 1})
        board.remove("b")
        assert await watcher.news() == {
            "all": False,
            "put": [{"key": "a", "volume": 3}],
            "removed": ["b"],
        }

        board.keep(set())
        assert (await watcher.news())["removed"] == ["a"]
        board.leave(watcher)
        assert len(board) == 0

    asyncio.run(story())
