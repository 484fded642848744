"""The command line and the environment."""

import re
from importlib.metadata import version

import pytest

from live_emulator.keys import DEFAULT_ACCOUNT, AccessKey
from live_emulator.settings import Settings, settings_from

KEY_ONE = AccessKey(access_key_id="one", secret="s1")
KEY_TWO = AccessKey(access_key_id="two", secret="s2", account="A")


def test_without_flags_the_documented_defaults_stand() -> None:
    assert settings_from([], {}) == Settings(port=8080)


def test_every_flag_is_read() -> None:
    line = (
        "--host 127.0.0.2 --port 0 --access-key one:s1 two:s2@A --access-key three:s3"
        " --update-qps 5 --copy-qps 4 --read-qps 6 --latency-ms 7 --longest-line-bytes 9 --keep-calls 8"
        " --any-scene --no-take-audio --no-demo-studio"
    )

    settings = settings_from(line.split(), {})

    assert settings == Settings(
        host="127.0.0.2",
        port=0,
        access_keys=(KEY_ONE, KEY_TWO, AccessKey(access_key_id="three", secret="s3")),
        update_qps=5,
        copy_qps=4,
        read_qps=6,
        latency_ms=7,
        longest_line_bytes=9,
        keep_calls=8,
        any_scene=True,
        take_audio=False,
        demo_studio=False,
    )


def test_every_flag_is_read_from_the_environment() -> None:
    environ = {
        "HOST": "127.0.0.2",
        "PORT": "0",
        "ACCESS_KEY": "one:s1 two:s2@A",
        "UPDATE_QPS": "5",
        "COPY_QPS": "4",
        "READ_QPS": "6",
        "LATENCY_MS": "7",
        "LONGEST_LINE_BYTES": "9",
        "KEEP_CALLS": "8",
        "ANY_SCENE": "yes",
        "TAKE_AUDIO": "no",
        "DEMO_STUDIO": "false",
    }

    settings = settings_from([], {f"LIVE_EMULATOR_{name}": text for name, text in environ.items()})

    assert settings == Settings(
        host="127.0.0.2",
        access_keys=(KEY_ONE, KEY_TWO),
        update_qps=5,
        copy_qps=4,
        read_qps=6,
        latency_ms=7,
        longest_line_bytes=9,
        keep_calls=8,
        any_scene=True,
        take_audio=False,
        demo_studio=False,
    )


def test_a_flag_wins_over_the_environment() -> None:
    environ = {"LIVE_EMULATOR_PORT": "1", "LIVE_EMULATOR_ANY_SCENE": "true"}

    settings = settings_from(["--port", "2", "--no-any-scene"], environ)

    assert (settings.port, settings.any_scene) == (2, False)


def test_keys_belong_to_the_one_account_unless_told_otherwise() -> None:
    settings = settings_from(["--access-key", "one:s1", "two:s2@A"], {})

    assert [key.account for key in settings.access_keys] == [DEFAULT_ACCOUNT, "A"]


@pytest.mark.parametrize("text", ["hushhush", ":hushhush", "id:", "id:hushhush@"])
def test_a_key_that_does_not_parse_is_not_repeated(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        settings_from(["--access-key", text], {})
    with pytest.raises(SystemExit):
        settings_from([], {"LIVE_EMULATOR_ACCESS_KEY": text})

    told = capsys.readouterr().err
    assert "ID:SECRET" in told
    assert "hushhush" not in told


@pytest.mark.parametrize(
    ("name", "text"), [("PORT", "http"), ("UPDATE_QPS", "-1"), ("ANY_SCENE", "maybe")]
)
def test_a_variable_that_does_not_parse_is_named(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        settings_from([], {f"LIVE_EMULATOR_{name}": text})

    assert ended.value.code == 2
    assert f"LIVE_EMULATOR_{name}" in capsys.readouterr().err


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        settings_from(arguments, {})
    told = capsys.readouterr()
    return told.out + told.err


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(["--version"], capsys)

    assert told == f"live-emulator {version('caster-scene-audio-operator')}\n"


def test_a_wrong_flag_gets_one_line_and_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(["--acces-key", "a:b"], capsys)

    assert told.count("\n") == 1
    assert "did you mean --access-key?" in told


def test_the_help_ends_with_examples_that_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    examples = printed(["--help"], capsys).partition("examples:")[2]

    commands = re.findall(r"live-emulator (--.*)", examples)
    assert len(commands) == 3
    for command in commands:
        settings_from(command.split(), {})


def test_a_key_shows_no_secret_when_printed() -> None:
    key = AccessKey(access_key_id="one", secret="hushhush", security_token="t0ken")

    assert "hushhush" not in repr(key)
    assert "t0ken" not in repr(key)
