"""One scene of the demonstration: its object in the cluster and its audio in the studio."""

from collections.abc import Mapping

from dev.demo.audio import Audio
from dev.demo.declaration import Declaration, from_object
from dev.demo.failure import expect
from dev.demo.shell import Shell
from dev.demo.studio import Studio


class Scene:
    """Looks at both sides; the checks raise StepError."""

    def __init__(self, declaration: Declaration, *, shell: Shell, studio: Studio) -> None:
        self._declared = declaration
        self._shell = shell
        self._studio = studio

    @property
    def name(self) -> str:
        """Of the object."""
        return self._declared.name

    @property
    def id(self) -> str:
        return self._declared.scene

    @property
    def url(self) -> str:
        """Where the emulator's control API has it."""
        return self._studio.scene_url(self._declared.caster, self._declared.scene)

    @property
    def audio(self) -> Audio:
        """As the studio has it now."""
        return self._studio.audio(self._declared.caster, self._declared.scene)

    @property
    def answers(self) -> list[str]:
        """What the studio answered to each update so far."""
        return self._studio.answers_given(self._declared.caster, self._declared.scene)

    def leave_mixed(self, volumes: Mapping[str, float]) -> None:
        """Behind the operator's back, with these locations at these volumes."""
        self._studio.mix(self._declared.caster, self._declared.scene, volumes)

    def put_in_channel(self, *, in_channel: bool) -> None:
        self._studio.put_in_channel(
            self._declared.caster, self._declared.scene, in_channel=in_channel
        )

    def attempts(self) -> int:
        """Failed calls, as the object's status tells."""
        attempts: int = self._shell.object(self.name)["status"].get("attempts", 0)
        return attempts

    def expect_followed(self, before: Audio, answers: list[str]) -> None:
        """The studio has what the object asks for, changed by one more call than before."""
        wanted, found = from_object(self._shell.object(self.name)).asks_for(before), self.audio
        expect(wanted != before, f"{self.id} was to change, but asks for what it had: {before}.")
        expect(found == wanted, f"{self.id} was to be {wanted}, and is {found}.")
        self.expect_answers([*answers, "OK"])

    def expect_answers(self, wanted: list[str]) -> None:
        found = self.answers
        expect(found == wanted, f"The answers for {self.id} were to be {wanted}, not {found}.")

    def expect_no_trace_of_failure(self) -> None:
        status = self._shell.object(self.name)["status"]
        left = [name for name in ("lastError", "attempts", "nextRetryTime") if name in status]
        expect(not left, f"The status of {self.name} still has {', '.join(left)}.")
