import pytest

from caster_scene_audio.cli import parse
from caster_scene_audio.settings import Settings


def test_without_flags_the_defaults_hold() -> None:
    assert parse(["run"], {}) == Settings()


def test_every_setting_has_a_flag_and_a_variable() -> None:
    flags = parse(
        [
            "run",
            "--live-endpoint",
            "http://127.0.0.1:8080",
            "--namespace",
            "a",
            "b",
            "--namespace",
            "c",
            "--update-qps",
            "5",
            "--read-qps",
            "7.5",
            "--max-in-flight",
            "3",
            "--live-timeout",
            "4",
            "--stop-timeout",
            "6",
            "--log-format",
            "json",
            "--log-level",
            "debug",
        ],
        {},
    )
    variables = parse(
        ["run"],
        {
            "CASTER_SCENE_AUDIO_LIVE_ENDPOINT": "http://127.0.0.1:8080",
            "CASTER_SCENE_AUDIO_NAMESPACE": "a,b c",
            "CASTER_SCENE_AUDIO_UPDATE_QPS": "5",
            "CASTER_SCENE_AUDIO_READ_QPS": "7.5",
            "CASTER_SCENE_AUDIO_MAX_IN_FLIGHT": "3",
            "CASTER_SCENE_AUDIO_LIVE_TIMEOUT": "4",
            "CASTER_SCENE_AUDIO_STOP_TIMEOUT": "6",
            "CASTER_SCENE_AUDIO_LOG_FORMAT": "json",
            "CASTER_SCENE_AUDIO_LOG_LEVEL": "debug",
        },
    )

    assert flags == variables
    assert flags.namespace == ("a", "b", "c")
    assert set(flags.model_fields_set) == set(Settings.model_fields)


def test_a_flag_beats_its_variable_and_an_empty_variable_is_none() -> None:
    environ = {"CASTER_SCENE_AUDIO_UPDATE_QPS": "5", "CASTER_SCENE_AUDIO_READ_QPS": ""}

    settings = parse(["run", "--update-qps", "8"], environ)

    assert settings.update_qps == 8
    assert settings.read_qps == 15


@pytest.mark.parametrize(
    ("arguments", "environ", "complaint"),
    [
        ("--update-qps 0", {}, "--update-qps (or CASTER_SCENE_AUDIO_UPDATE_QPS)"),
        ("--update-qps many", {}, "not 'many'"),
        ("", {"CASTER_SCENE_AUDIO_READ_QPS": "-1"}, "CASTER_SCENE_AUDIO_READ_QPS"),
        ("--log-format xml", {}, "--log-format"),
        ("--namespace Studio_1", {}, "--namespace"),
        ("--live-endpoint ftp://live", {}, "--live-endpoint"),
        ("--live-endpoint http://live/path", {}, "--live-endpoint"),
        ("--max-in-flight 0", {}, "--max-in-flight"),
        ("--no-such-flag", {}, "--no-such-flag"),
    ],
)
def test_what_is_wrong_is_named_by_its_flag(
    arguments: str,
    environ: dict[str, str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(["run", *arguments.split()], environ)

    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err


def test_the_help_names_each_flag_and_variable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["run", "--help"], {})

    told = capsys.readouterr().out
    for name in Settings.model_fields:
        assert f"--{name.replace('_', '-')}" in told
        assert f"CASTER_SCENE_AUDIO_{name.upper()}" in told
