import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from caster_scene_audio.adapters.metrics.collector import PENDING, StateCollector, rendered
from caster_scene_audio.adapters.metrics.instruments import PREFIX, Instruments
from caster_scene_audio.adapters.metrics.labels import MAX_ACCOUNTS, account_label
from caster_scene_audio.adapters.metrics.measured_live import ACTIONS, MeasuredLive
from caster_scene_audio.domain.codes import KNOWN_CODES
from caster_scene_audio.domain.decision import Priority
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.health import Watches
from caster_scene_audio.reconciler.snapshot import AccountPace, Kind, Snapshot
from tests.emulator.patience import until
from tests.support.simulation.fakes import KEY, FakeLive
from tests.support.simulation.house import House, scenario
from tests.support.simulation.objects import IN_CHANNEL, THROTTLED, failure, scene_audio, spec

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def instruments(clock: Callable[[], float] = lambda: 0.0) -> Instruments:
    return Instruments(version="1.2.3", clock=clock)


def samples(registry: CollectorRegistry) -> Samples:
    """As a scraper reads the text."""
    text = rendered(registry, "")[0].decode()
    return {
        (each.name, frozenset(each.labels.items())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float | None:
    return found.get((f"{PREFIX}_{name}", frozenset(labels.items())))


def snapshot(*paces: AccountPace, **reasons: int) -> Snapshot:
    return Snapshot(
        reasons=Counter(reasons),
        due=Counter({Priority.CHANGED: 2}),
        delayed=Counter({Priority.READ: 7}),
        paces=paces,
    )


def pace(account: str, *, rate_per_s: float = 9, throttles: int = 1) -> AccountPace:
    return AccountPace(
        account=account, kind=Kind.UPDATES, rate_per_s=rate_per_s, tokens=1, throttles=throttles
    )


def watches(*namespaces: str) -> Watches:
    """That were heard 1.5 s ago."""
    now_s = 0.0
    made = Watches(namespaces, silence_s=180, clock=lambda: now_s)
    made.begin()
    now_s = 1.5
    return made


def standing(found: Snapshot) -> Samples:
    registry = CollectorRegistry()
    registry.register(StateCollector(lambda: found, watches()))
    return samples(registry)


def measured(live: FakeLive, made: Instruments) -> MeasuredLive:
    return MeasuredLive(live, made, clock=lambda: 0.0)


def test_each_namespace_shows_whether_it_is_watched_and_those_beyond_a_hundred_as_one() -> None:
    made = watches(*(f"team-{number}" for number in range(102)))
    for number in range(101):
        made.served(f"team-{number}")
    made.failed("team-1", "HTTP 403 Forbidden")
    registry = CollectorRegistry()
    registry.register(StateCollector(snapshot, made))

    found = samples(registry)

    assert value(found, "namespace_served", watched_namespace="team-0") == 1
    assert value(found, "namespace_served", watched_namespace="team-1") == 0
    assert value(found, "namespace_served", watched_namespace="other") == 0


def test_every_metric_has_a_help_text_and_our_prefix() -> None:
    made = instruments()
    made.registry.register(StateCollector(lambda: snapshot(pace("1")), watches()))

    text = rendered(made.registry, "")[0].decode()
    families = list(text_string_to_metric_families(text))

    assert len(families) > 15
    assert all(each.documentation.endswith(".") for each in families)
    assert all(each.name.startswith((PREFIX, "process_")) for each in families)
    assert "_created" not in text


def test_two_sets_of_instruments_share_nothing() -> None:
    one, other = instruments(), instruments()

    one.drift_found()

    assert value(samples(one.registry), "drift_found_total") == 1
    assert value(samples(other.registry), "drift_found_total") == 0


def test_the_build_is_told() -> None:
    found = samples(instruments().registry)

    builds = [dict(labels) for name, labels in found if name == f"{PREFIX}_build_info"]
    assert [each["version"] for each in builds] == ["1.2.3"]


async def test_a_call_that_works_is_counted_and_timed_and_its_answer_passed_on() -> None:
    made = instruments()

    request_id = await measured(FakeLive(), made).update_scene_audio(spec(), KEY)

    found = samples(made.registry)
    update = "UpdateCasterSceneAudio"
    assert request_id == "REQUEST-1"
    assert value(found, "calls_total", action=update, code="OK", outcome="Success") == 1
    assert value(found, "call_duration_seconds_count", action=update) == 1
    assert value(found, "calls_in_flight", action=update) == 0


async def test_failures_are_told_apart_by_code_and_by_the_reason_that_objects_show() -> None:
    made = instruments()
    live = FakeLive()
    live.failures.extend([THROTTLED, IN_CHANNEL, failure("Made.Up.By.A.Gateway", 400)])

    for _ in range(3):
        await asyncio.gather(
            measured(live, made).update_scene_audio(spec(), KEY), return_exceptions=True
        )

    found = samples(made.registry)
    counted = {
        (code, outcome): value(
            found, "calls_total", action="UpdateCasterSceneAudio", code=code, outcome=outcome
        )
        for code, outcome in (
            ("Throttling.User", "Throttled"),
            ("ResourceInChannel.PreConditionFailed", "ResourceInChannel"),
            ("other", "Refused"),
        )
    }
    assert set(counted.values()) == {1}


async def test_a_call_that_is_torn_off_is_counted_as_such() -> None:
    made = instruments()
    live = FakeLive(gate=asyncio.Event())
    call = asyncio.create_task(measured(live, made).update_scene_audio(spec(), KEY))
    await until(lambda: live.in_flight == [spec().scene_id])

    call.cancel()
    await asyncio.gather(call, return_exceptions=True)

    found = samples(made.registry)
    update = "UpdateCasterSceneAudio"
    assert value(found, "calls_total", action=update, code="other", outcome="Cancelled") == 1
    assert value(found, "calls_in_flight", action=update) == 0


async def test_whatever_codes_come_the_series_are_bounded() -> None:
    made = instruments()
    live = FakeLive()
    live.failures.extend(failure(f"Code.{number}", 400) for number in range(300))

    for _ in range(300):
        await asyncio.gather(
            measured(live, made).update_scene_audio(spec(), KEY), return_exceptions=True
        )

    labels = [dict(each) for name, each in samples(made.registry) if name.endswith("calls_total")]
    assert {each["code"] for each in labels} <= {*KNOWN_CODES, "OK", "other"}
    assert {each["outcome"] for each in labels} <= {*Reason, "Success", "Cancelled", "Defect"}
    assert {each["action"] for each in labels} == set(ACTIONS)


def test_objects_are_shown_by_reason_with_a_zero_for_each_that_none_has() -> None:
    reasons: Counter[str | None] = Counter({None: 3, "Applied": 2, "Odd": 1})

    found = standing(replace(snapshot(), reasons=reasons))

    assert value(found, "objects", reason="Applied") == 2
    assert value(found, "objects", reason="Throttled") == 0
    assert value(found, "objects", reason=PENDING) == 3
    assert value(found, "objects", reason="other") == 1


def test_lines_are_shown_by_priority() -> None:
    found = standing(snapshot())

    assert value(found, "queue_depth", priority="changed") == 2
    assert value(found, "queue_depth", priority="retry") == 0
    assert value(found, "queue_delayed", priority="read") == 7
    assert value(found, "watch_silence_seconds") == 1.5


@pytest.mark.parametrize(
    ("account", "label"),
    [
        ("1234567890123456", "1234567890123456"),
        ("access key LTAI5tABCDEFGHIJKLMNwxyz", "access key LTAI…wxyz"),
        ("access key LTAI5tABCDEFGHIJKLMNwxyz #0123456789", "access key LTAI…wxyz"),
        ("Secret studio/hush", "temporary keys of Secrets"),
        ("own credentials", "own credentials"),
    ],
)
def test_an_access_key_is_shown_in_part(account: str, label: str) -> None:
    assert account_label(account) == label


def test_accounts_that_look_alike_are_one_series_with_the_slowest_of_their_paces() -> None:
    found = standing(
        snapshot(
            pace("access key LTAI5tABCDwxyz", rate_per_s=9, throttles=2),
            pace("access key LTAI5tEFGHwxyz", rate_per_s=4, throttles=3),
        )
    )

    labels = {"account": "access key LTAI…wxyz", "kind": "updates"}
    assert value(found, "account_rate_limit", **labels) == 4
    assert value(found, "account_throttled_total", **labels) == 5


def test_accounts_beyond_the_bound_share_one_series() -> None:
    found = standing(snapshot(*(pace(f"{number}") for number in range(MAX_ACCOUNTS + 50))))

    accounts = [labels for name, labels in found if name.endswith("account_tokens")]
    assert len(accounts) == MAX_ACCOUNTS + 1
    assert value(found, "account_throttled_total", account="other", kind="updates") == 50


def told(story: Callable[[House, Instruments], object]) -> None:
    """A story with real instruments, in virtual time."""
    made: list[Instruments] = []

    def measures() -> Instruments:
        made.append(instruments(asyncio.get_running_loop().time))
        return made[0]

    async def told_to(house: House) -> None:
        await story(house, made[0])  # type: ignore[misc]

    scenario(told_to, measures=measures)


def test_the_wait_of_a_change_is_counted_once_from_its_sight_to_its_update() -> None:
    async def story(house: House, made: Instruments) -> None:
        house.live.failures.append(IN_CHANNEL)
        house.controller.see(scene_audio())
        await asyncio.sleep(600)
        after_first = samples(made.registry)
        house.controller.see(scene_audio(generation=2, followMode="AudioFollowsVideo"))
        await asyncio.sleep(600)

        found = samples(made.registry)
        assert value(after_first, "change_to_call_seconds_count") == 1
        assert value(found, "change_to_call_seconds_count") == 2
        assert len(house.live.updates) == 3
        assert value(found, "change_to_call_seconds_bucket", le="1.0") == 2

    told(story)


def test_a_change_during_a_call_waits_from_then_on() -> None:
    async def story(house: House, made: Instruments) -> None:
        house.live.gate = asyncio.Event()
        house.controller.see(scene_audio())
        await asyncio.sleep(1)
        house.controller.see(scene_audio(generation=2, followMode="AudioFollowsVideo"))
        await asyncio.sleep(20)
        house.live.gate.set()
        await asyncio.sleep(10)

        found = samples(made.registry)
        waited_s = value(found, "change_to_call_seconds_sum")
        assert waited_s is not None
        assert 20 <= waited_s < 25

    told(story)


def test_a_change_that_is_taken_back_waits_for_nothing() -> None:
    async def story(house: House, made: Instruments) -> None:
        house.controller.see(scene_audio(suspend=True))
        await asyncio.sleep(3600)
        house.controller.see(scene_audio(generation=2, suspend=False))
        await asyncio.sleep(10)

        waited_s = value(samples(made.registry), "change_to_call_seconds_sum")
        assert waited_s is not None
        assert waited_s < 1

    told(story)


def test_drift_that_is_found_and_corrected_is_counted() -> None:
    async def story(house: House, made: Instruments) -> None:
        house.controller.see(scene_audio(followMode="AudioMixing"))
        await asyncio.sleep(5)
        house.live.audio.clear()
        await asyncio.sleep(1200)

        found = samples(made.registry)
        assert value(found, "drift_found_total") == 1
        assert value(found, "drift_corrected_total") == 1

    told(story)


def test_a_throttled_account_shows_its_pace() -> None:
    async def story(house: House, made: Instruments) -> None:
        house.live.failures.append(THROTTLED)
        house.controller.see(scene_audio())
        await asyncio.sleep(1.5)

        updates = [each for each in house.controller.snapshot().paces if each.kind is Kind.UPDATES]
        assert [each.throttles for each in updates] == [1]
        assert updates[0].rate_per_s < 9
        assert updates[0].tokens == 0
        assert house.controller.snapshot().reasons == {"Throttled": 1}

    told(story)
