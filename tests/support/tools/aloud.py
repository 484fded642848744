"""A voice that is heard, however the output of tests is captured."""

from contextlib import nullcontext

import pytest

from dev.progress import Say


def aloud(config: pytest.Config) -> Say:
    capture = config.pluginmanager.getplugin("capturemanager")
    writer = config.get_terminal_writer()

    def say(line: str) -> None:
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            writer.line(line)
            writer.flush()

    return say
