"""Who may have calls made for a scene, where that changes while something is under way."""

import asyncio
import gc
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest

from caster_scene_audio.domain.access import AccessPolicy, Grant
from caster_scene_audio.domain.audio import ObservedAudio
from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.objects import SceneAudio, UnreadableSpec
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import FollowMode
from caster_scene_audio.domain.status import ConditionType
from caster_scene_audio.reconciler.claims import NAMED
from tests.support.simulation.fakes import KEY, key
from tests.support.simulation.house import House, scenario
from tests.support.simulation.objects import INTERNAL_ERROR, THROTTLED, scene_audio

SHARED = "shared"
FOLLOWS = ObservedAudio(request_id="READ", follow_mode=FollowMode.AUDIO_FOLLOWS_VIDEO, layers=())
MIXES = replace(FOLLOWS, follow_mode=FollowMode.AUDIO_MIXING)


def born(year: int, name: str, **fields: Any) -> SceneAudio:
    seen = scene_audio(name, sceneId=SHARED, **fields)
    return replace(seen, created=f"{year}-01-01T00:00:00Z")


def test_a_holder_whose_spec_can_not_be_read_any_more_lets_the_next_take_over() -> None:
    async def story(house: House) -> None:
        holder = born(2001, "older")
        house.controller.see(holder)
        house.controller.see(born(2002, "younger", followMode="AudioFollowsVideo"))
        await asyncio.sleep(5)

        unreadable = replace(holder, generation=2, spec=UnreadableSpec("spec.future: unknown"))
        house.controller.see(unreadable)
        await asyncio.sleep(5)
        house.controller.forget("uid-older")
        await asyncio.sleep(5)

        by_name = {ref.name: status.reason for ref, status in house.cluster.statuses}
        assert by_name == {"older": Reason.INVALID_SPEC, "younger": Reason.APPLIED}
        assert house.live.audio[SHARED].follow_mode == FollowMode.AUDIO_FOLLOWS_VIDEO

    scenario(story)


def test_an_object_that_can_be_read_again_takes_its_scene_back() -> None:
    async def story(house: House) -> None:
        holder = born(2001, "older")
        unreadable = replace(holder, spec=UnreadableSpec("spec.future: unknown"))
        house.controller.see(unreadable)
        house.controller.see(born(2002, "younger"))
        await asyncio.sleep(5)

        house.controller.see(replace(holder, generation=2))
        await asyncio.sleep(5)

        by_name = {ref.name: status.reason for ref, status in house.cluster.statuses}
        assert by_name == {"older": Reason.IN_SYNC, "younger": Reason.CONFLICT}

    scenario(story)


def test_no_call_is_made_for_an_object_that_turns_out_the_younger_while_its_turn_waits() -> None:
    async def story(house: House) -> None:
        house.own.gate = asyncio.Event()
        house.controller.see(born(2002, "younger", followMode="AudioFollowsVideo"))
        await asyncio.sleep(5)  # its turn has begun, and waits for credentials

        house.controller.see(born(2001, "older"))
        house.own.gate.set()
        await asyncio.sleep(5)

        assert [wanted.follow_mode for wanted in house.live.updates] == [FollowMode.AUDIO_MIXING]
        assert len(house.live.reads) == 1
        by_name = {ref.name: status.reason for ref, status in house.cluster.statuses}
        assert by_name == {"older": Reason.APPLIED, "younger": Reason.CONFLICT}

    scenario(story)


def test_a_requested_reading_that_fails_is_told_and_waits_for_its_retry() -> None:
    async def story(house: House) -> None:
        observer = scene_audio(mode="Observe")
        house.controller.see(observer)
        await asyncio.sleep(5)
        house.live.read_failures = deque([INTERNAL_ERROR, THROTTLED] * 2)

        house.controller.see(replace(observer, reconcile_request="now"))
        await asyncio.sleep(60)

        told = [status.reason for _, status in house.cluster.statuses]
        assert told[1] == Reason.SERVICE_UNAVAILABLE
        assert told[-1] == Reason.OBSERVED
        assert house.cluster.statuses[1][1].last_handled_reconcile_at == "now"
        tries = house.live.reads_at[1:3]
        assert tries[1] - tries[0] >= 1  # the backoff, and not the pace of the account

    scenario(story)


def test_what_is_replaced_is_what_was_there_when_the_scene_left_the_air() -> None:
    async def story(house: House) -> None:
        house.live.on_air = {SHARED}
        house.live.audio[SHARED] = MIXES
        house.controller.see(born(2001, "show", onAir="Wait", layers=[{"locationId": "A"}]))
        await asyncio.sleep(60)

        house.live.audio[SHARED] = FOLLOWS  # somebody at the console, during the show
        await asyncio.sleep(60)
        house.live.on_air.clear()
        await asyncio.sleep(60)

        assert house.cluster.last().reason == Reason.APPLIED
        assert house.cluster.last().replaced == {"followMode": "AudioFollowsVideo"}

    scenario(story)


def test_what_is_replaced_after_a_conflict_is_what_the_holder_left() -> None:
    async def story(house: House) -> None:
        house.live.audio[SHARED] = FOLLOWS
        house.live.on_air = {SHARED}
        house.controller.see(born(2002, "younger", onAir="Wait", layers=[{"locationId": "A"}]))
        await asyncio.sleep(5)
        house.live.on_air.clear()
        house.controller.see(born(2001, "older"))
        await asyncio.sleep(5)
        house.controller.forget("uid-older")
        await asyncio.sleep(5)

        assert house.cluster.statuses[-1][0].name == "younger"
        assert house.cluster.last().replaced == {"followMode": "AudioMixing"}

    scenario(story)


def test_an_older_object_that_comes_while_a_turn_waits_for_its_token_stops_the_call() -> None:
    async def story(house: House) -> None:
        house.controller.see(scene_audio("first"))
        await asyncio.sleep(5)
        house.own.gate = asyncio.Event()
        house.controller.see(born(2002, "younger"))
        await asyncio.sleep(5)  # its turn has begun, and waits for credentials
        house.controller.see(born(2001, "older"))

        house.own.gate.set()
        await asyncio.sleep(30)

        assert house.live.reads.count(SHARED) == 1
        assert [each.scene_id for each in house.live.updates].count(SHARED) == 1
        by_name = {ref.name: status.reason for ref, status in house.cluster.statuses}
        assert by_name["younger"] == Reason.CONFLICT
        assert by_name["older"] == Reason.APPLIED

    scenario(story)


def reasons(house: House) -> dict[str, str | None]:
    return {ref.name: status.reason for ref, status in house.cluster.statuses}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"suspend": True}, id="is suspended"),
        pytest.param({"mode": "Observe"}, id="only observes"),
        pytest.param({"credentialsSecretRef": {"name": "missing"}}, id="has no Secret"),
        pytest.param({"credentialsSecretRef": {"name": "other"}}, id="is of another account"),
        pytest.param({"casterId": "barred"}, id="may not use the operator's own credentials"),
    ],
)
def test_an_older_object_that_could_not_write_holds_no_scene(fields: dict[str, Any]) -> None:
    async def story(house: House) -> None:
        house.secrets.held[SecretRef(namespace="studio", name="other")] = key("other")
        house.controller.see(born(2001, "older", **fields))
        house.controller.see(born(2002, "younger", casterId=fields.get("casterId", "caster-1")))
        if "casterId" in fields:
            house.controller.see(
                born(
                    2002, "younger", generation=2, credentialsSecretRef={"name": "other"}, **fields
                )
            )
        await asyncio.sleep(5)

        assert reasons(house)["younger"] == Reason.APPLIED

    scenario(story, access=AccessPolicy((Grant.parse("studio=caster-?"),)))


def test_the_older_object_takes_its_scene_back_once_its_secret_is_there() -> None:
    async def story(house: House) -> None:
        secret = SecretRef(namespace="studio", name="late")
        house.accounts.known = {"late": "1", KEY.access_key_id: "1"}
        house.controller.see(born(2001, "older", credentialsSecretRef={"name": "late"}))
        house.controller.see(born(2002, "younger", followMode="AudioFollowsVideo"))
        await asyncio.sleep(5)
        assert reasons(house)["younger"] == Reason.IN_SYNC

        house.write_secret(secret, key("late"))
        await asyncio.sleep(5)

        assert reasons(house) == {"older": Reason.APPLIED, "younger": Reason.CONFLICT}
        assert house.live.audio[SHARED].follow_mode == FollowMode.AUDIO_MIXING

    scenario(story)


def test_what_was_sent_before_another_wrote_the_scene_is_sent_again() -> None:
    async def story(house: House) -> None:
        older = born(2001, "older", drift="Ignore")
        house.controller.see(older)
        house.controller.see(born(2002, "younger", followMode="AudioFollowsVideo"))
        await asyncio.sleep(5)
        house.controller.see(born(2001, "older", drift="Ignore", generation=2, suspend=True))
        await asyncio.sleep(5)
        assert house.live.audio[SHARED].follow_mode == FollowMode.AUDIO_FOLLOWS_VIDEO

        house.controller.see(replace(older, generation=3))
        await asyncio.sleep(5)

        assert house.live.audio[SHARED].follow_mode == FollowMode.AUDIO_MIXING
        assert reasons(house) == {"older": Reason.APPLIED, "younger": Reason.CONFLICT}

    scenario(story)


def test_nobody_calls_before_the_account_of_an_older_object_is_known() -> None:
    async def story(house: House) -> None:
        house.own.gate = asyncio.Event()
        house.accounts.known = {"quick": "1", KEY.access_key_id: "1"}
        house.secrets.held[SecretRef(namespace="studio", name="quick")] = key("quick")
        house.controller.see(born(2002, "younger", credentialsSecretRef={"name": "quick"}))
        house.controller.see(born(2001, "older"))
        await asyncio.sleep(5)
        assert (house.live.updates, house.live.reads) == ([], [])

        house.own.gate.set()
        await asyncio.sleep(5)

        assert reasons(house) == {"older": Reason.APPLIED, "younger": Reason.CONFLICT}
        assert len(house.live.updates) == 1

    scenario(story)


def names_another(number: int) -> dict[str, Any]:
    return {"credentialsSecretRef": {"name": f"key-{number}"}, "generation": number + 1}


@pytest.mark.parametrize("holds", [True, False], ids=["of another account", "had none"])
def test_an_older_object_that_names_ever_new_credentials_holds_up_nobody(*, holds: bool) -> None:
    async def story(house: House) -> None:
        house.accounts.known = {KEY.access_key_id: "1"}
        for number in range(0 if holds else 1, 9):
            ref = SecretRef(namespace="studio", name=f"key-{number}")
            house.secrets.held[ref] = key(f"of-others-{number}")
        house.controller.see(born(2001, "older", **names_another(0)))
        house.controller.see(born(2002, "younger"))
        await asyncio.sleep(5)
        assert reasons(house)["younger"] == Reason.APPLIED

        house.accounts.gate = asyncio.Event()
        house.controller.see(born(2001, "older", **names_another(1)))
        house.controller.see(born(2002, "younger", generation=2, followMode="AudioFollowsVideo"))
        house.controller.see(born(2001, "older", **names_another(2)))
        await asyncio.sleep(5)

        assert house.live.audio[SHARED].follow_mode == FollowMode.AUDIO_FOLLOWS_VIDEO

    scenario(story)


def test_nothing_is_kept_of_secrets_that_were_left_while_they_were_asked_for() -> None:
    async def story(house: House) -> None:
        await asyncio.sleep(5)
        for number in range(1000):
            named = {"credentialsSecretRef": {"name": f"left-{number}"}, "generation": number + 1}
            house.controller.see(born(2001, "one", **named))
            await asyncio.sleep(0)
        house.controller.forget("uid-one")
        await asyncio.sleep(5)

        gc.collect()
        refs = [each for each in gc.get_objects() if isinstance(each, SecretRef)]
        kept = [each for each in refs if each.name.startswith("left-")]
        assert len(kept) < 10

    scenario(story)


def work_of_a_start(scene_of: Callable[[int], str]) -> int:
    """How many functions are called, of whichever module, to start with 1,000 objects."""
    calls = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    async def story(house: House) -> None:
        sys.setprofile(count)
        try:
            for number in range(1000):
                seen = scene_audio(f"{number}", sceneId=scene_of(number), drift="Ignore")
                house.controller.see(replace(seen, created=f"{3000 - number}-01-01T00:00:00Z"))
            await asyncio.sleep(300)
        finally:
            sys.setprofile(None)
        assert len({ref.name for ref, _ in house.cluster.statuses}) == 1000

    scenario(story)
    return calls


def test_a_start_with_1000_claims_of_one_scene_costs_at_most_twice_that_of_1000_scenes() -> None:
    apart = work_of_a_start(lambda number: f"scene-{number}")
    together = work_of_a_start(lambda _: SHARED)

    assert together <= 2 * apart


def test_of_a_long_line_only_those_near_its_head_are_told_who_holds_the_scene() -> None:
    async def story(house: House) -> None:
        for year in range(2001, 2021):
            house.controller.see(born(year, f"of-{year}"))
        await asyncio.sleep(5)
        house.cluster.statuses.clear()

        house.controller.forget("uid-of-2001")
        await asyncio.sleep(5)

        told = {ref.name: status for ref, status in house.cluster.statuses}
        ready = {name: status.condition(ConditionType.READY) for name, status in told.items()}
        assert len(told) <= NAMED + 2
        assert all(
            condition and (name == "of-2002" or "object of-2002 " in condition.message)
            for name, condition in ready.items()
        )

    scenario(story)
