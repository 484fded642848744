import re

import pytest

from caster_scene_audio.cli import parse
from caster_scene_audio.settings import Settings
from tests.support.cluster.cluster import ROOT


def test_without_flags_the_defaults_hold() -> None:
    assert parse(["run"], {}) == Settings()


FLAGS = {
    "live_endpoint": "http://127.0.0.1:8080 us-east-1=https://live.example",
    "live_network": "vpc",
    "namespace": "a b",
    "update_qps": "5",
    "read_qps": "7.5",
    "own_credentials": "a b=caster-*,other",
    "sts_endpoint": "http://127.0.0.1:8081",
    "live_proxy": "http://127.0.0.1:3128",
    "interval": "90s",
    "interval_floor": "10s",
    "on_air": "Wait",
    "backoff": "busy=1:2 access=9",
    "max_in_flight": "3",
    "live_timeout": "4",
    "connect_timeout": "2",
    "stop_timeout": "6",
    "http_host": "::",
    "http_port": "8081",
    "watch_silence": "2m",
    "leader_elect": "true",
    "lease_name": "studios",
    "lease_namespace": "apsara",
    "lease_duration": "20s",
    "change_log": "/var/log/changes.jsonl",
    "otlp_endpoint": "http://collector:4318",
    "log_format": "json",
    "log_level": "debug",
    "selector": "part=one",
}


def test_every_setting_has_a_flag_and_a_variable() -> None:
    line = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in FLAGS.items())

    flags = parse(["run", *line.split()], {})
    variables = parse(
        ["run"], {f"CASTER_SCENE_AUDIO_{name.upper()}": value for name, value in FLAGS.items()}
    )

    assert flags == variables
    assert flags != Settings()
    assert flags.namespace == ("a", "b")
    assert flags.live_endpoint == ("http://127.0.0.1:8080", "us-east-1=https://live.example")
    assert flags.model_fields_set == set(Settings.model_fields)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_tells_of_every_setting(name: str) -> None:
    row = rf"^\| `--{name.replace('_', '-')}\b.*` \| `CASTER_SCENE_AUDIO_{name.upper()}` \|"

    assert re.search(row, (ROOT / "README.md").read_text(), re.MULTILINE)


def test_a_list_can_be_given_in_parts() -> None:
    settings = parse(["run", "--namespace", "a", "b", "--namespace", "c"], {})

    assert settings.namespace == ("a", "b", "c")


@pytest.mark.parametrize(
    "selector",
    ["part=one", "part == one, tier!=b", "live.example/part in (one, two),!old", "part notin (a)"],
)
def test_a_selector_is_taken_as_kubectl_takes_it(selector: str) -> None:
    assert parse(["run", "--selector", selector], {}).selector == selector


@pytest.mark.parametrize("selector", ["part=one two", "part in one", "=one", "a,,b", "a=b&limit=1"])
def test_a_selector_that_is_none_is_refused_at_the_start(
    selector: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["run", "--selector", selector], {})

    assert ended.value.code == 2
    assert "--selector" in capsys.readouterr().err


def test_a_flag_beats_its_variable_and_an_empty_variable_is_none() -> None:
    environ = {"CASTER_SCENE_AUDIO_UPDATE_QPS": "5", "CASTER_SCENE_AUDIO_READ_QPS": ""}

    settings = parse(["run", "--update-qps", "8"], environ)

    assert settings.update_qps == 8
    assert settings.read_qps == 15


def test_a_switch_needs_no_value_and_can_be_turned_off_again() -> None:
    environ = {"CASTER_SCENE_AUDIO_LEADER_ELECT": "true"}

    assert parse(["run", "--leader-elect"], {}).leader_elect
    assert parse(["run"], environ).leader_elect
    assert not parse(["run", "--leader-elect=false"], environ).leader_elect


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
        ("--live-endpoint us-east-1=live", {}, "--live-endpoint"),
        ("--live-endpoint http://a http://b", {}, "two are given for all regions"),
        ("--live-network lan", {}, "--live-network"),
        ("--sts-endpoint sts", {}, "--sts-endpoint"),
        ("--live-proxy proxy:3128", {}, "--live-proxy (or CASTER_SCENE_AUDIO_LIVE_PROXY)"),
        ("--live-proxy https://proxy", {}, "http://proxy.example:3128"),
        ("--live-proxy http://[::1", {}, "http://proxy.example:3128"),
        ("--http-port 65536", {}, "--http-port"),
        ("--watch-silence 1s", {}, "--watch-silence"),
        ("--leader-elect perhaps", {}, "--leader-elect"),
        ("--lease-duration 1s", {}, "--lease-duration"),
        ("--lease-duration 5.5s", {}, "--lease-duration"),
        ("--lease-name Studio_1", {}, "--lease-name"),
        ("--max-in-flight 0", {}, "--max-in-flight"),
        ("--own-credentials studio=", {}, "NAMESPACE=CASTER"),
        ("--backoff busy=3", {}, "busy=FIRST:CAP"),
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


WRONG = [
    ("run --intervall 5m", "unrecognized arguments: --intervall 5m; did you mean --interval?"),
    ("run --namespce a", "unrecognized arguments: --namespce a; did you mean --namespace?"),
    ("run --live-networks vpc", "did you mean --live-network?"),
    ("rnu", "(choose from 'run', "),
    ("rnu", "); did you mean run?"),
    ("run --log-format xml", "'json' or 'text'"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG, ids=[told for _, told in WRONG])
def test_a_wrong_flag_gets_one_line_and_what_was_meant(
    arguments: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(arguments.split(), {})

    line = capsys.readouterr().err
    assert stopped.value.code == 2
    assert line.count("\n") == 1
    assert told in line


def test_a_proxys_password_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["run"], {"CASTER_SCENE_AUDIO_LIVE_PROXY": "socks://user:hidden@proxy"})

    assert "hidden" not in capsys.readouterr().err


def help_text(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        parse(["run", "--help"], {})
    return capsys.readouterr().out


def test_each_default_that_the_help_tells_can_be_written_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "500")  # else a default may be cut in two at its hyphen

    told = " ".join(help_text(capsys).split())

    defaults = re.findall(r"\(CASTER_SCENE_AUDIO_(\w+); default ([^)]+)\)", told)

    environ = {f"CASTER_SCENE_AUDIO_{name}": value for name, value in defaults}
    assert parse(["run"], environ) == Settings()
    assert {"INTERVAL", "WATCH_SILENCE", "LEASE_DURATION", "ON_AIR"} <= {
        each for each, _ in defaults
    }
    assert dict(defaults)["INTERVAL"] == "10m"


def test_the_help_shows_what_can_be_chosen_and_ends_with_examples_that_are_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = help_text(capsys)

    for chosen in ("{public,vpc}", "{Apply,Wait}", "{json,text}", "{debug,info,warning,error}"):
        assert chosen in told
    joined = told.partition("examples:")[2].replace("\\\n", " ")
    commands = re.findall(r"caster-scene-audio (run .*)", joined)
    assert len(commands) == 3
    for command in commands:
        parse(command.split(), {})


def test_the_help_names_each_flag_and_variable(capsys: pytest.CaptureFixture[str]) -> None:
    told = help_text(capsys)

    for name in Settings.model_fields:
        assert f"--{name.replace('_', '-')}" in told
        assert f"CASTER_SCENE_AUDIO_{name.upper()}" in told
