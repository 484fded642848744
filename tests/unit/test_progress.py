"""How far a command has come: a bar at a terminal, a line now and then elsewhere."""

import io
import re

from typing_extensions import override

from caster_scene_audio.commands.progress import AFTER_S, LINE_EVERY_S, Progress
from caster_scene_audio.commands.terminal import Terminal


class Screen(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_is_done_within_a_second_shows_nothing() -> None:
    screen, clock = Screen(), Clock()
    progress = Progress("Scenes read", screen, clock=clock)
    progress.total = 2

    progress.advance()
    clock.now = AFTER_S / 2
    progress.advance()
    progress.close()

    assert screen.getvalue() == ""


def test_what_takes_longer_shows_a_bar_that_goes_and_words_that_stay() -> None:
    screen, clock = Screen(), Clock()
    progress = Progress("Scenes read", screen, clock=clock)
    progress.total = 1000

    clock.now = AFTER_S
    for _ in range(7):
        progress.advance()
    progress.say("The account's quota is used up; waiting 1 s.")
    progress.close()

    shown = screen.getvalue()
    assert re.search(r"Scenes read .*/1000", shown)
    assert "The account's quota is used up; waiting 1 s.\n" in shown
    assert shown.endswith("\x1b[2K")  # the bar's line is cleared


def test_the_log_of_a_job_gets_a_line_now_and_then() -> None:
    log, clock = io.StringIO(), Clock()
    progress = Progress("Scenes read", log, clock=clock)
    progress.total = 1000

    for number in range(1, 301):
        clock.now = number * LINE_EVERY_S / 100
        progress.advance()
    progress.close()

    assert log.getvalue().splitlines() == [
        "Scenes read: 100 of 1000",
        "Scenes read: 200 of 1000",
        "Scenes read: 300 of 1000",
    ]


def test_data_goes_where_it_went_when_only_the_words_are_on_a_terminal() -> None:
    data, screen = io.StringIO(), Screen()
    terminal = Terminal(data=data, words=screen, environ={})

    with terminal.progress("Answers") as progress:
        progress.advance()
        terminal.put("studio/show Applied")

    assert data.getvalue() == "studio/show Applied\n"
