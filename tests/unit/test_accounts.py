import asyncio
from bisect import bisect_left
from collections import deque
from dataclasses import replace

import pytest

from caster_scene_audio.domain.access import AccessPolicy, Grant
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.failure import Failure
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.status import ConditionType, Status
from caster_scene_audio.reconciler.lanes import LOOK_S
from tests.support.simulation.fakes import KEY, key
from tests.support.simulation.house import House, scenario
from tests.support.simulation.objects import IN_CHANNEL, THROTTLED, failure, scene_audio, spec

EXPIRED = failure("InvalidSecurityToken.Expired", 400)
MISMATCH = failure("SignatureDoesNotMatch")
SECRET = SecretRef(namespace="studio", name="studio-key")


def using(name: str, secret: SecretRef, *, generation: int = 1) -> SceneAudio:
    return scene_audio(name, generation=generation, credentialsSecretRef={"name": secret.name})


def secret(name: str) -> SecretRef:
    return SecretRef(namespace="studio", name=name)


def most_in_a_second(times: list[float]) -> int:
    return max(bisect_left(times, start + 1.0) - number for number, start in enumerate(times))


def times_of(house: House, access_key_id: str) -> list[float]:
    return [
        at for at, used in zip(house.live.at, house.live.keys, strict=True) if used == access_key_id
    ]


def last_status(house: House, name: str) -> Status:
    return next(status for ref, status in reversed(house.cluster.statuses) if ref.name == name)


def message(status: Status) -> str:
    ready = status.condition(ConditionType.READY)
    assert ready is not None
    return ready.message


def test_a_secrets_credentials_sign_the_calls_of_the_objects_that_name_it() -> None:
    async def story(house: House) -> None:
        house.secrets.held[SECRET] = key("from-secret")
        house.controller.see(using("one", SECRET))
        house.controller.see(scene_audio("other"))

        await asyncio.sleep(10)

        assert sorted(house.live.keys) == ["from-secret", KEY.access_key_id]

    scenario(story)


def test_a_missing_secret_stalls_and_one_that_appears_wakes_at_once() -> None:
    async def story(house: House) -> None:
        house.controller.see(using("waiting", SECRET))
        await asyncio.sleep(5)
        stalled = house.cluster.last()
        assert stalled.reason == Reason.CREDENTIALS_UNAVAILABLE
        assert stalled.condition(ConditionType.STALLED)
        assert "studio/studio-key" in message(stalled)
        assert house.live.updates == []

        house.write_secret(SECRET, key("late"))
        await asyncio.sleep(2)

        assert house.cluster.last().is_ready
        assert house.live.keys == ["late"]

    scenario(story)


def test_a_secret_that_loses_its_key_is_told_to_those_who_wait_on_it() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([IN_CHANNEL] * 3)
        house.secrets.held[SECRET] = key("soon gone")
        house.controller.see(using("retried", SECRET))
        await asyncio.sleep(1)

        house.write_secret(SECRET, None)
        await asyncio.sleep(2)

        assert house.cluster.last().reason == Reason.CREDENTIALS_UNAVAILABLE
        assert len(house.live.updates) == 1

    scenario(story)


def test_a_secret_that_changes_leaves_those_alone_who_are_done() -> None:
    async def story(house: House) -> None:
        house.secrets.held[SECRET] = key("first")
        house.controller.see(using("done", SECRET))
        await asyncio.sleep(5)

        house.write_secret(SECRET, key("second"))
        await asyncio.sleep(60)

        assert house.live.keys == ["first"]
        assert len(house.cluster.statuses) == 1

    scenario(story)


def test_a_woken_object_that_is_seen_again_before_its_turn_goes_all_the_same() -> None:
    async def story(house: House) -> None:
        house.secrets.held[SECRET] = key("mistyped")
        house.live.failures = deque([failure("SignatureDoesNotMatch")])
        house.controller.see(using("one", SECRET))
        await asyncio.sleep(2)

        house.write_secret(SECRET, key("correct"))
        house.controller.see(using("one", SECRET))
        await asyncio.sleep(2)

        assert house.live.keys == ["mistyped", "correct"]

    scenario(story)


def test_a_secret_that_changes_during_a_call_still_wakes_its_object() -> None:
    async def story(house: House) -> None:
        house.live.gate = asyncio.Event()
        house.live.failures = deque([failure("SignatureDoesNotMatch")])
        house.secrets.held[SECRET] = key("mistyped")
        house.controller.see(using("one", SECRET))
        await asyncio.sleep(1)

        house.write_secret(SECRET, key("correct"))
        house.live.gate.set()
        await asyncio.sleep(2)

        assert house.live.keys == ["mistyped", "correct"]
        assert house.cluster.last().is_ready

    scenario(story)


def test_a_secret_is_followed_for_as_long_as_an_object_names_it() -> None:
    async def story(house: House) -> None:
        house.controller.see(using("one", secret("a")))
        house.controller.see(using("two", secret("a")))
        house.controller.see(using("three", secret("b")))
        assert house.secrets.followed == {secret("a"), secret("b")}

        house.controller.forget("uid-one")
        house.controller.see(using("three", secret("c"), generation=2))
        assert house.secrets.followed == {secret("a"), secret("c")}

        house.controller.forget("uid-two")
        house.controller.see(scene_audio("three", generation=3))
        assert house.secrets.followed == set()
        await asyncio.sleep(0)

    scenario(story)


def test_an_expired_token_is_renewed_and_tried_once_more_before_it_counts() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([EXPIRED])
        house.controller.see(scene_audio())

        await asyncio.sleep(5)

        assert house.live.keys == [KEY.access_key_id, "renewed-1"]
        assert [status.reason for _, status in house.cluster.statuses] == [Reason.APPLIED]
        assert house.own.renewals == 1

    scenario(story)


def test_a_token_that_is_refused_even_when_renewed_stalls() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([EXPIRED] * 2)
        house.controller.see(scene_audio())

        await asyncio.sleep(5)

        assert house.cluster.last().reason == Reason.CREDENTIALS_UNAVAILABLE
        assert house.cluster.last().attempts == 1
        assert house.own.renewals == 1

    scenario(story)


def test_an_expired_token_in_a_secret_waits_for_another_secret() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([EXPIRED])
        house.secrets.held[SECRET] = key("expired")
        house.controller.see(using("one", SECRET))
        await asyncio.sleep(5)
        assert house.cluster.last().reason == Reason.CREDENTIALS_UNAVAILABLE
        assert house.live.keys == ["expired"]

        house.write_secret(SECRET, key("fresh"))
        await asyncio.sleep(2)

        assert house.cluster.last().is_ready

    scenario(story)


@pytest.mark.parametrize(
    ("known", "together"),
    [({"key-a": "1001", "key-b": "1001"}, True), ({}, False)],
    ids=["one account", "accounts unknown"],
)
def test_access_keys_of_one_account_share_its_quota(known: dict[str, str], together: bool) -> None:
    async def story(house: House) -> None:
        house.accounts.known = known
        for name in ("a", "b"):
            house.secrets.held[secret(name)] = key(f"key-{name}")
            for number in range(50):
                house.controller.see(using(f"{name}-{number}", secret(name)))

        await asyncio.sleep(60)

        assert len(house.live.updates) == 100
        assert (most_in_a_second(house.live.at) <= 10) == together
        assert most_in_a_second(times_of(house, "key-a")) <= 10

    scenario(story)


def finished_at(objects_of: dict[str, int], refusal: object = None) -> dict[str, float]:
    """When the last object of each account was applied, in virtual seconds."""
    ends: dict[str, float] = {}

    async def story(house: House) -> None:
        if callable(refusal):
            house.live.refusal = refusal
        for name, count in objects_of.items():
            house.secrets.held[secret(name)] = key(name)
            for number in range(count):
                house.controller.see(using(f"{name}-{number}", secret(name)))
        await asyncio.sleep(120)
        ends.update({name: times_of(house, name)[-1] for name in objects_of})

    scenario(story)
    return ends


def test_two_accounts_finish_together_in_the_time_that_one_takes_alone() -> None:
    alone = finished_at({"a": 300})["a"]

    both = finished_at({"a": 300, "b": 300})

    assert max(both.values()) / alone <= 1.1


def test_an_account_that_is_throttled_hard_does_not_slow_another() -> None:
    def refusal(credentials: Credentials) -> Failure | None:
        return THROTTLED if credentials.access_key_id == "b" else None

    alone = finished_at({"a": 300})["a"]

    beside_a_throttled_one = finished_at({"a": 300, "b": 300}, refusal)["a"]

    assert beside_a_throttled_one / alone <= 1.1


class SharedQuota:
    """Ten accepted calls in any second, of which another client takes six."""

    def __init__(self, others_per_s: float) -> None:
        self._accepted: deque[float] = deque()
        self._others_per_s = others_per_s
        self._others_until = 0.0
        self.throttled = 0

    def __call__(self, _: Credentials) -> Failure | None:
        now = asyncio.get_running_loop().time()
        while self._others_until <= now:
            self._accept(self._others_until)
            self._others_until += 1 / self._others_per_s
        if self._accept(now):
            return None
        self.throttled += 1
        return failure("Throttling.User", 400, retry_after_s=0.5)

    def _accept(self, now: float) -> bool:
        while self._accepted and self._accepted[0] <= now - 1.0:
            self._accepted.popleft()
        if len(self._accepted) >= 10:
            return False
        self._accepted.append(now)
        return True


def test_beside_a_client_that_takes_six_of_ten_it_wins_what_is_left() -> None:
    async def story(house: House) -> None:
        quota = SharedQuota(others_per_s=6)
        house.live.refusal = quota
        for number in range(200):
            house.controller.see(scene_audio(f"object-{number}"))

        await asyncio.sleep(200)

        assert sum(status.is_ready for _, status in house.cluster.statuses) == 200
        applied_by = house.live.at[-1]
        assert 200 / applied_by >= 4 / 2  # at least half of the four that are left
        assert 0 < quota.throttled <= 200 / 4

    scenario(story)


def test_two_keys_that_are_throttled_together_settle_without_starving_each_other() -> None:
    async def story(house: House) -> None:
        house.live.refusal = SharedQuota(others_per_s=0.001)
        for name in ("a", "b"):
            house.secrets.held[secret(name)] = key(name)
            for number in range(150):
                house.controller.see(using(f"{name}-{number}", secret(name)))

        await asyncio.sleep(300)

        ready = [ref.name[0] for ref, status in house.cluster.statuses if status.is_ready]
        assert len(ready) == 300
        half = ready[: len(ready) // 2]
        assert min(half.count("a"), half.count("b")) / len(half) >= 0.25

    scenario(story)


def test_a_changed_spec_overtakes_a_backlog_of_retries() -> None:
    async def story(house: House) -> None:
        for number in range(500):
            old = scene_audio(f"retried-{number}")
            house.live.failures.append(IN_CHANNEL)
            house.controller.see(old)
        await asyncio.sleep(100)
        waits = []
        for number in range(10):
            began = house.loop.time()
            house.controller.see(scene_audio(f"changed-{number}"))
            calls = [each.scene_id for each in house.live.updates]
            while f"scene-of-changed-{number}" not in calls:
                await asyncio.sleep(0.01)
                calls = [each.scene_id for each in house.live.updates]
            waits.append(house.loop.time() - began)

        assert sorted(waits)[len(waits) // 2] <= 0.3

    scenario(story)


def test_credentials_that_come_late_do_not_let_many_calls_out_at_once() -> None:
    async def story(house: House) -> None:
        house.controller.see(scene_audio("first"))
        await asyncio.sleep(2)
        house.own.gate = asyncio.Event()
        for number in range(30):
            house.controller.see(scene_audio(f"object-{number}"))
        await asyncio.sleep(20)

        house.own.gate.set()
        await asyncio.sleep(20)

        assert len(house.live.updates) == 31
        assert most_in_a_second(house.live.at) <= 10

    scenario(story)


def test_an_object_deleted_while_its_credentials_are_fetched_is_not_called() -> None:
    async def story(house: House) -> None:
        house.controller.see(scene_audio("first"))
        await asyncio.sleep(2)
        house.own.gate = asyncio.Event()
        house.controller.see(scene_audio("deleted"))
        await asyncio.sleep(2)

        house.controller.forget("uid-deleted")
        house.own.gate.set()
        await asyncio.sleep(60)

        assert len(house.live.updates) == 1

    scenario(story)


def test_a_source_that_hangs_delays_no_object_of_another() -> None:
    async def story(house: House) -> None:
        house.own.gate = asyncio.Event()
        for number in range(100):
            house.controller.see(scene_audio(f"hanging-{number}"))
        house.secrets.held[SECRET] = key("quick")
        house.controller.see(using("quick", SECRET))

        await asyncio.sleep(2)

        assert house.live.keys == ["quick"]

    scenario(story, max_in_flight=4)


def test_who_may_not_use_the_operators_own_credentials_is_told_so_without_a_call() -> None:
    async def story(house: House) -> None:
        house.secrets.held[SECRET] = key("own-secret")
        house.controller.see(scene_audio("refused"))
        house.controller.see(using("allowed", SECRET))

        await asyncio.sleep(3600)

        assert house.live.keys == ["own-secret"]
        refused = last_status(house, "refused")
        assert refused.reason == Reason.ACCESS_DENIED
        assert refused.condition(ConditionType.STALLED)
        assert "--own-credentials" in message(refused)
        assert [ref.name for ref, _ in house.cluster.statuses].count("refused") == 1

    scenario(story, access=AccessPolicy((Grant(namespace="elsewhere"),)))


def test_after_the_setting_is_extended_a_restart_applies_what_was_refused() -> None:
    refused: list[Status] = []

    async def before(house: House) -> None:
        house.controller.see(scene_audio())
        await asyncio.sleep(5)
        refused.append(house.cluster.last())

    async def after(house: House) -> None:
        house.controller.see(scene_audio(status=refused[0]))
        await asyncio.sleep(5)
        assert house.cluster.last().is_ready

    scenario(before, access=AccessPolicy(()))
    scenario(after)


def test_another_secret_is_tried_at_once_by_a_reading() -> None:
    async def story(house: House) -> None:
        house.secrets.held[SECRET] = key("one")
        house.controller.see(using("one", SECRET))
        await asyncio.sleep(5)
        assert house.cluster.last().is_ready

        house.controller.see(using("one", secret("lost"), generation=2))
        await asyncio.sleep(5)

        assert house.cluster.last().reason == Reason.CREDENTIALS_UNAVAILABLE
        assert house.cluster.last().observed_generation == 2
        assert len(house.live.updates) == 1

    scenario(story)


def victims_wait(rivals: int) -> float:
    """How long a change waits beside so many objects that bear its key ID with another secret."""
    found: list[float] = []

    async def story(house: House) -> None:
        mine, theirs = secret("mine"), SecretRef(namespace="elsewhere", name="theirs")
        house.secrets.held[mine] = key("known-to-all")
        wrong = Credentials(access_key_id="known-to-all", access_key_secret="wrong")
        house.secrets.held[theirs] = wrong
        house.live.refusal = lambda used: MISMATCH if used == wrong else None
        for number in range(rivals):
            seen = using(f"rival-{number}", theirs)
            house.controller.see(replace(seen, ref=replace(seen.ref, namespace="elsewhere")))
        house.controller.see(using("victim", mine))
        await asyncio.sleep(300)
        number = [each.scene_id for each in house.live.updates].index("scene-of-victim")
        found.append(house.live.at[number])

    scenario(story)
    return found[0]


def test_who_knows_a_keys_id_does_not_stand_in_its_owners_line() -> None:
    assert victims_wait(300) == victims_wait(0)


def test_lanes_of_keys_that_are_gone_are_closed() -> None:
    async def story(house: House) -> None:
        house.controller.see(using("one", SECRET))
        for number in range(2000):
            house.write_secret(SECRET, key(f"number-{number}"))
            house.controller.see(using("one", SECRET, generation=number + 2))
            await asyncio.sleep(1)
        await asyncio.sleep(3 * LOOK_S)

        assert house.live.keys
        assert len(asyncio.all_tasks()) < 10
        assert len(house.controller.snapshot().paces) <= 2

    scenario(story)


def test_a_change_waits_for_one_call_of_a_namespace_that_has_a_thousand() -> None:
    async def story(house: House) -> None:
        other = scene_audio("other")
        other = replace(other, ref=replace(other.ref, namespace="other"))
        house.controller.see(other)
        await asyncio.sleep(10)
        for number in range(1000):
            house.controller.see(scene_audio(f"{number}", drift="Ignore"))
        await asyncio.sleep(10)
        before = len(house.live.updates)

        changed = spec(sceneId="scene-of-other", followMode="AudioFollowsVideo")
        house.controller.see(replace(other, generation=2, spec=changed))
        await asyncio.sleep(200)

        since = [each.scene_id for each in house.live.updates[before:]]
        assert since.index("scene-of-other") <= 2  # one turn had begun before, and one goes first

    scenario(story)


def test_a_secret_is_followed_only_for_objects_that_may_call() -> None:
    async def story(house: House) -> None:
        house.controller.see(using("one", secret("a")))
        house.controller.see(scene_audio("two", credentialsSecretRef={"name": "b"}, suspend=True))
        assert house.secrets.followed == {secret("a")}

        house.controller.see(
            scene_audio("one", generation=2, credentialsSecretRef={"name": "a"}, suspend=True)
        )
        house.controller.see(using("two", secret("b"), generation=2))
        assert house.secrets.followed == {secret("b")}

    scenario(story)
