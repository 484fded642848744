"""What of a kubeconfig is refused at the start, in which words."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.connection import load_connection, own_namespace
from tests.support.cluster.cluster import ROOT

SECRET = "kept-out-of-the-message"
V1 = "client.authentication.k8s.io/v1"


def environ_with(
    folder: Path,
    user: dict[str, Any] | None = None,
    cluster: dict[str, Any] | None = None,
    **changes: Any,
) -> dict[str, str]:
    document = {
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"} | (cluster or {})}],
        "users": [{"name": "u", "user": user or {"token": "t"}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u", "namespace": "n"}}],
        "current-context": "x",
        **changes,
    }
    path = folder / "config"
    path.write_text(yaml.safe_dump(document))
    return {"KUBECONFIG": f"{path}", "HOME": f"{folder}", "PATH": "/usr/bin:/bin"}


def plugin(**more: Any) -> dict[str, Any]:
    return {"exec": {"apiVersion": V1, "command": "./plugin", "interactiveMode": "Never"} | more}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an auth-provider": (
        {"user": {"auth-provider": {"name": "oidc", "config": {"id-token": SECRET}}}},
        "auth-provider isn't supported: use a plugin",
    ),
    "a proxy that speaks SOCKS": (
        {"cluster": {"proxy-url": f"socks5://u:{SECRET}@proxy:1080"}},
        "socks5 proxy, which isn't supported: only http:// and https://",
    ),
    "a plugin that asks a person": (
        {"user": plugin(interactiveMode="Always")},
        "asks a person at a terminal",
    ),
    "a plugin of a version long gone": (
        {"user": plugin(apiVersion="client.authentication.k8s.io/v1alpha1")},
        "v1alpha1, which isn't supported",
    ),
    "a plugin that isn't there": (
        {"user": plugin(command="no-such-plugin", installHint="Install it so.")},
        "no-such-plugin can't be run: No such file or directory. Install it so.",
    ),
    "somebody's groups without somebody": (
        {"user": {"as-groups": ["studio"]}},
        "need the user's `as`",
    ),
    "a certificate without its key": (
        {"user": {"client-certificate-data": "QQ=="}},
        "belong together",
    ),
    "a certificate that is none": (
        {"user": {"client-certificate-data": "QQ==", "client-key-data": "QQ=="}},
        "client-certificate and client-key can't be used",
    ),
    "a certificate that isn't there": (
        {"user": {"client-certificate": "gone.crt", "client-key": "gone.key"}},
        "gone.crt can't be read: No such file or directory",
    ),
    "an authority that is no text": (
        {"cluster": {"certificate-authority-data": f"*{SECRET}*"}},
        "certificate-authority-data is no text in base64",
    ),
    "an authority that is no certificate": (
        {"cluster": {"certificate-authority-data": "QQ=="}},
        "certificate-authority holds no certificate",
    ),
    "a token file that isn't there": ({"user": {"tokenFile": "gone"}}, "tokenFile: .*gone"),
    "a token of two lines": ({"user": {"token": f"a\n{SECRET}"}}, "holds a line break"),
    "a token that is a number": ({"user": {"token": 12345678901}}, "user can't be read: token"),
    "a server that is no URL": ({"cluster": {"server": "ftp://x"}}, "server is no URL"),
    "no server": ({"cluster": {"server": ""}}, "cluster can't be read: server"),
    "no context": ({"current-context": ""}, "names no current-context"),
    "a context that isn't there": ({"current-context": "y"}, "no context y"),
    "a user that isn't there": ({"users": []}, "no user u"),
    "a cluster that isn't there": ({"clusters": None}, "no cluster c"),
    "a nameless user": ({"users": [{"user": {"token": SECRET}}]}, "an item of users has no name"),
}


@pytest.mark.parametrize(("changes", "words"), REFUSED.values(), ids=REFUSED)
async def test_what_cannot_be_served_is_named_at_the_start_and_repeats_no_secret(
    changes: dict[str, Any], words: str, tmp_path: Path
) -> None:
    environ = environ_with(tmp_path, **changes)

    with pytest.raises(ConfigException, match=words) as caught:
        await load_connection(environ)

    assert SECRET not in str(caught.value)
    assert "12345678901" not in str(caught.value)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("exit 3", "exit code 3"),
        (f"echo {SECRET}", "no ExecCredential"),
        (f"""echo '{{"apiVersion": "{V1}", "status": {{}}}}'""", "neither a token nor"),
        (
            f"""echo '{{"apiVersion": "{V1}beta1", "status": {{"token": "{SECRET}"}}}}'""",
            "answered in",
        ),
        (
            f"""echo '{{"apiVersion": "{V1}", "status": {{"clientKeyData": "{SECRET}"}}}}'""",
            "without the other",
        ),
    ],
    ids=["it fails", "no JSON", "nothing", "another version", "half a certificate"],
)
async def test_a_plugin_that_gives_nothing_is_named_at_the_start(
    program: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "plugin").write_text(f"#!/bin/sh\n{program}\n")
    (tmp_path / "plugin").chmod(0o700)

    with pytest.raises(ConfigException, match=f"plugin .*plugin .*{words}") as caught:
        await load_connection(environ_with(tmp_path, plugin()))

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("text", ["a: [1", "- a\n", "\x00", "just text"])
def test_a_file_that_is_no_kubeconfig_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(text)

    with pytest.raises(ConfigException, match=r"config (can't be read|is no kubeconfig)"):
        own_namespace({"KUBECONFIG": f"{path}"})


def test_where_no_kubeconfig_is_there_the_one_that_was_looked_for_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigException, match=f"{tmp_path}/.kube/config doesn't exist"):
        own_namespace({"HOME": f"{tmp_path}"})


def test_the_namespace_is_that_of_the_context(tmp_path: Path) -> None:
    assert own_namespace(environ_with(tmp_path)) == "n"


async def test_a_context_can_be_chosen_in_place_of_the_current_one(tmp_path: Path) -> None:
    contexts = [
        {"name": "x", "context": {"cluster": "c", "user": "u", "namespace": "n"}},
        {"name": "y", "context": {"cluster": "d", "user": "u", "namespace": "m"}},
    ]
    clusters = [
        {"name": "c", "cluster": {"server": "https://one"}},
        {"name": "d", "cluster": {"server": "https://other"}},
    ]
    environ = environ_with(tmp_path, contexts=contexts, clusters=clusters)

    assert (await load_connection(environ, context="y")).host == "https://other"
    assert own_namespace(environ, context="y") == "m"
    with pytest.raises(ConfigException, match="has no context z"):
        own_namespace(environ, context="z")


async def test_a_context_is_chosen_in_a_pod_too(tmp_path: Path) -> None:
    environ = {**environ_with(tmp_path), "KUBERNETES_SERVICE_HOST": "10.0.0.1"}
    (tmp_path / ".kube").mkdir()
    (tmp_path / "config").rename(tmp_path / ".kube" / "config")
    environ.pop("KUBECONFIG")

    assert own_namespace(environ, context="x") == "n"


def test_a_way_to_the_api_server_is_found_without_the_official_client() -> None:
    """It takes long to load, and a command that a person calls needs none of it."""
    module = "caster_scene_audio.adapters.cluster.connection"
    code = f"import sys, {module}; print('kubernetes' in sys.modules)"

    done = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'operator'}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("cluster", "host"),
    [
        ({"server": "127.0.0.1:8080"}, "http://127.0.0.1:8080"),
        ({"server": "cluster", "insecure-skip-tls-verify": True}, "https://cluster"),
        ({"server": "https://cluster/k8s/c-1/"}, "https://cluster/k8s/c-1"),
    ],
)
async def test_a_server_is_taken_as_kubectl_takes_it(
    cluster: dict[str, Any], host: str, tmp_path: Path
) -> None:
    assert (await load_connection(environ_with(tmp_path, cluster=cluster))).host == host


async def test_what_is_null_is_nothing(tmp_path: Path) -> None:
    answer = json.dumps({"apiVersion": V1, "status": {"token": "t"}})
    (tmp_path / "plugin").write_text(f"#!/bin/sh\necho '{answer}'\n")
    (tmp_path / "plugin").chmod(0o700)
    nothing = plugin(args=None, env=None, provideClusterInfo=None) | {"token": None, "as": ""}

    connection = await load_connection(environ_with(tmp_path, nothing))

    assert await connection.identity.authorization() == "Bearer t"
