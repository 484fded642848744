"""The steps of the demonstration, in the order in which they are shown."""

import json
from pathlib import Path

from dev.control_plane.failure import KubectlError
from dev.demo import audio
from dev.demo.declaration import read_file
from dev.demo.failure import expect
from dev.demo.scene import Scene
from dev.demo.shell import Shell
from dev.demo.stage import Stage
from dev.demo.terminal import Terminal

EXAMPLES = Path("examples")
MISTAKE = Path(__file__).with_name("mistake.yaml")
REHEARSAL = {"RV01": 0.2, "RV04": 3.0}
BUSY = "ResourceInChannel.PreConditionFailed"
SERVED_WITHIN_S = 30.0
RETRY_WITHIN_S = 60.0
COLUMNS = {
    "CONDITIONS": ".status.conditions[*].type",
    "ATTEMPTS": ".status.attempts",
    "ERROR": ".status.lastError.code",
    "NEXT": ".status.nextRetryTime",
}


class Script:
    """Each step shows something and then checks it: StepError or KubectlError end the play."""

    def __init__(self, stage: Stage, terminal: Terminal) -> None:
        self._stage = stage
        self._terminal = terminal
        self._shell = Shell(stage.plane, terminal)
        self._say, self._passed = terminal.say, terminal.passed
        self._interview, self._opening = (
            Scene(read_file(EXAMPLES / name), shell=self._shell, studio=stage.studio)
            for name in ("interview.yaml", "opening.yaml")
        )

    def play(self) -> None:
        steps = (
            ("The operator moves in", self._install),
            ("The wanted audio is applied", self._apply),
            ("A change is followed", self._change),
            ("A scene is in use", self._retry),
            ("A mistake is caught at once", self._refuse),
            ("What happened is on record", self._tell),
            ("An object is deleted", self._delete),
        )
        for number, (title, step) in enumerate(steps, start=1):
            self._terminal.heading(f"{number}. {title}")
            step()
            self._stage.check_programs()

    def _install(self) -> None:
        self._say("The definition of the object, and a ServiceAccount that may do what is needed:")
        self._shell.kubectl("apply", "-f", "crds/", "-f", "deploy/rbac.yaml")
        self._stage.until(self._is_served, "The API server serves the new kind", SERVED_WITHIN_S)
        self._say("The operator runs as that ServiceAccount; its access key is in its environment:")
        self._terminal.command(self._stage.operator_command())
        operator = self._stage.start_operator()
        self._terminal.output(operator.log.read_text())
        self._passed("The operator serves.")

    def _apply(self) -> None:
        self._opening.leave_mixed(REHEARSAL)
        self._show_studio("The studio as a rehearsal left it:", self._opening, self._interview)
        before = self._opening.audio, self._interview.audio
        self._shell.kubectl("apply", "-f", f"{EXAMPLES}/")
        self._shell.kubectl("wait", "--for=condition=Ready", "csa", "--all", "--timeout=30s")
        table = self._shell.kubectl("get", "csa")
        expect(table.count("Applied") == len(before), "Both objects were to be Applied.")
        self._show_studio("The studio now:", self._opening, self._interview)
        for scene, had in zip((self._opening, self._interview), before, strict=True):
            scene.expect_followed(had, answers=[])
        self._passed("Both scenes sound as declared, after one call for each.")

    def _change(self) -> None:
        before, answers = self._interview.audio, self._interview.answers
        self._say("The first layer of the interview gets quieter:")
        half = float(before.layers[0].volume) / 2
        quieter = json.dumps([{"op": "add", "path": "/spec/layers/0/volumeRate", "value": half}])
        self._shell.kubectl("patch", "csa", self._interview.name, "--type=json", "-p", quieter)
        self._wait_until_ready(self._interview)
        self._show_studio("The studio now:", self._interview)
        self._interview.expect_followed(before, answers)
        self._passed("The studio followed, after one more call.")

    def _retry(self) -> None:
        before, answers = self._opening.audio, self._opening.answers
        self._say("A channel takes the opening: from now on the studio answers a change with 412.")
        self._put_in_channel(self._opening, in_channel=True)
        mixed = json.dumps({"spec": {"followMode": "AudioMixing"}})
        self._shell.kubectl("patch", "csa", self._opening.name, "--type=merge", "-p", mixed)
        self._stage.until(
            lambda: self._opening.attempts() >= 2, "A second attempt is refused", RETRY_WITHIN_S
        )
        self._say("The operator tries again and again, further and further apart, and says so:")
        table = self._shell.kubectl("get", "csa", self._opening.name)
        expect("ResourceInChannel" in table, "The object was to be ResourceInChannel.")
        columns = "custom-columns=" + ",".join(f"{name}:{path}" for name, path in COLUMNS.items())
        table = self._shell.kubectl("get", "csa", self._opening.name, "-o", columns)
        for words in ("Ready,Reconciling", BUSY):
            expect(words in table, f"The status was to have {words}.")
        expect(self._opening.audio == before, "The audio was to stay as it was.")
        self._say("The channel lets the scene go, and nobody need do anything:")
        self._put_in_channel(self._opening, in_channel=False)
        self._wait_until_ready(self._opening)
        refusals = len(self._opening.answers) - len(answers) - 1
        self._opening.expect_followed(before, [*answers, *[BUSY] * refusals])
        self._opening.expect_no_trace_of_failure()
        self._passed(f"It succeeded after {refusals} answers of 412.")

    def _refuse(self) -> None:
        self._say("A volume out of range and a location named twice never reach the operator:")
        refusal = self._shell.refused("apply", "-f", "-", stdin=MISTAKE.read_text())
        for words in ("less than or equal to 10", "each locationId may stand in one layer only"):
            expect(words in refusal, f"The refusal was to say: {words}.")
        self._passed("The API server refused it, and said what to write instead.")

    def _tell(self) -> None:
        self._say("Each turn that the opening took is an Event:")
        events = self._shell.kubectl("events", f"--for=csa/{self._opening.name}")
        for reason in ("Applied", "ResourceInChannel"):
            expect(reason in events, f"There was to be an Event {reason}.")
        self._passed("The same words stand in the Events, in the status and in the operator's log.")

    def _delete(self) -> None:
        before, answers = self._interview.audio, self._interview.answers
        self._say("The service has no way to unset a mix, so a deletion leaves it as it is:")
        self._shell.kubectl("delete", "csa", self._interview.name)
        table = self._shell.kubectl("get", "csa")
        expect(self._interview.name not in table.split(), "The object was to be gone.")
        self._show_studio("The studio after that:", self._interview)
        expect(self._interview.audio == before, "The audio was to stay as it was.")
        self._interview.expect_answers(answers)
        self._passed("The object went at once, and the studio kept its audio.")

    def _is_served(self) -> bool:
        """The definition is taken a moment before its objects are."""
        try:
            self._stage.plane.kubectl("get", "csa")
        except KubectlError:
            return False
        return True

    def _wait_until_ready(self, scene: Scene) -> None:
        self._shell.kubectl("wait", "--for=condition=Ready", f"csa/{scene.name}", "--timeout=30s")

    def _put_in_channel(self, scene: Scene, *, in_channel: bool) -> None:
        body = json.dumps({"inChannel": in_channel})
        self._terminal.command(
            ("curl", "-sS", "-o", "/dev/null", "-X", "PATCH", "-d", body, scene.url)
        )
        scene.put_in_channel(in_channel=in_channel)

    def _show_studio(self, title: str, *scenes: Scene) -> None:
        self._say(title)
        rows = [row for scene in scenes for row in audio.rows(scene.id, scene.audio)]
        self._terminal.table(audio.HEADER, rows)
