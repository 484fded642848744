"""With the kubeconfig and environment with which kubectl works, the operator is the same user."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from caster_scene_audio.adapters.cluster import connection
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import OPERATOR_NAMESPACE, SERVICE_ACCOUNT
from tests.support.cluster.kubeconfigs import Body, Folder, config
from tests.support.live.authority import Authority
from tests.support.live.connect_proxy import ConnectProxy, connect_proxy

pytestmark = pytest.mark.control_plane

NAME = "kubernetes"
"""The API server's certificate is for it, and only a proxy knows where it is."""


@pytest.fixture
def folder(crds: ControlPlane, tmp_path: Path) -> Folder:
    return Folder(crds, tmp_path)


def everywhere(folder: Folder) -> str:
    """An address that is none of the loopback's to a proxy's rules, and leads there all the same."""
    return f"https://0.0.0.0:{folder.port}"


def plugin(folder: Folder, status: Body, name: str = "plugin") -> Path:
    """A program that prints these credentials."""
    answer = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": status,
    }
    credentials = folder.file(f"{name}.json", json.dumps(answer))
    return folder.file(name, f'#!/bin/sh\ncat "{credentials}"\n', mode=0o700)


def executed(command: str, **more: object) -> Body:
    return {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": command,
            "interactiveMode": "Never",
            **more,
        }
    }


def pem_of(folder: Folder, name: str) -> str:
    return base64.b64decode(folder.admin[name]).decode()


def pem_of_cluster(folder: Folder) -> str:
    return base64.b64decode(folder.cluster["certificate-authority-data"]).decode()


def a_token(folder: Folder) -> None:
    folder.write({"token": folder.token()})


def a_token_in_a_file_that_ends_with_a_line_break(folder: Folder) -> None:
    folder.file("keys/token", f"{folder.token()}\n")
    folder.write({"tokenFile": "keys/token"})


def a_token_and_a_file_of_another(folder: Folder) -> None:
    folder.file("token", folder.token("default"))
    folder.write({"token": folder.token(), "tokenFile": "token"})


def a_client_certificate_as_data(folder: Folder) -> None:
    folder.write(folder.admin)


def a_client_certificate_in_files(folder: Folder) -> None:
    folder.pem("keys/client.crt", folder.admin["client-certificate-data"])
    folder.pem("keys/client.key", folder.admin["client-key-data"])
    folder.write({"client-certificate": "keys/client.crt", "client-key": "keys/client.key"})


def an_authority_in_a_file(folder: Folder) -> None:
    folder.pem("ca.crt", folder.cluster["certificate-authority-data"])
    folder.write(folder.admin, certificate_authority="ca.crt", certificate_authority_data=None)


def a_server_s_name_in_tls(folder: Folder) -> None:
    folder.write(folder.admin, server=everywhere(folder), tls_server_name=NAME)


def no_look_at_the_server_s_certificate(folder: Folder) -> None:
    folder.write(
        folder.admin,
        server=everywhere(folder),
        insecure_skip_tls_verify=True,
        certificate_authority_data=None,
    )


def a_plugin_that_gives_a_token(folder: Folder) -> None:
    program = plugin(folder, {"token": folder.token()})
    folder.write(executed(f"{program}"))


def a_plugin_by_a_relative_path_that_gives_a_certificate(folder: Folder) -> None:
    status = {
        "clientCertificateData": pem_of(folder, "client-certificate-data"),
        "clientKeyData": pem_of(folder, "client-key-data"),
    }
    plugin(folder, status)
    folder.write(executed("./plugin"))


def a_plugin_that_wants_arguments_variables_and_facts_of_the_cluster(folder: Folder) -> None:
    plugin(folder, {"token": folder.token()}, "inner")
    folder.file(
        "bin/outer",
        f"""#!/bin/sh
[ "$1 $VARIABLE" = "argument value" ] || exit 3
case "$KUBERNETES_EXEC_INFO" in
    *'"server":'*'"{folder.plane.server}"'*) exec "{folder.path}/inner" ;;
esac
exit 4
""",
        mode=0o700,
    )
    folder.environ["PATH"] = f"{folder.path}/bin:{folder.environment['PATH']}"
    folder.write(
        executed(
            "outer",
            args=["argument"],
            env=[{"name": "VARIABLE", "value": "value"}],
            provideClusterInfo=True,
        )
    )


def a_token_beside_a_plugin(folder: Folder) -> None:
    program = plugin(folder, {"token": folder.token("default")})
    folder.write({"token": folder.token(), **executed(f"{program}")})


def somebody_else(folder: Folder) -> None:
    folder.write(
        {
            **folder.admin,
            "as": "producer",
            "as-uid": "4711",
            "as-groups": ["studio", "night shift"],
            "as-user-extra": {"example.com/Room": ["a", "b"], "scopes": ["all"]},
        }
    )


def several_files(folder: Folder) -> None:
    """The first that says something of a thing counts; one is empty and one isn't there."""
    folder.pem("two/client.crt", folder.admin["client-certificate-data"])
    folder.pem("two/client.key", folder.admin["client-key-data"])
    user = {"client-certificate": "client.crt", "client-key": "client.key"}
    unreachable = {"server": "https://127.0.0.1:1"}
    context = {"cluster": "c", "user": "u"}
    folder.use(
        folder.file("empty", ""),
        folder.path / "not-there",
        folder.file(
            "one/config",
            config(clusters={"c": folder.cluster}, users={}, contexts={"x": context}, current="x"),
        ),
        folder.file(
            "two/config",
            config(
                clusters={"c": unreachable},
                users={"u": user},
                contexts={"other": {"cluster": "c"}},
                current="other",
            ),
        ),
    )


def the_file_at_home_as_no_other_is_named(folder: Folder) -> None:
    folder.write(folder.admin, name=".kube/config")
    folder.environ["KUBECONFIG"] = ""


def a_proxy_that_the_api_server_on_the_loopback_needs_not(folder: Folder) -> None:
    folder.write(folder.admin)
    folder.environ["HTTPS_PROXY"] = "http://127.0.0.1:1"


def a_proxy_with_an_exception(folder: Folder) -> None:
    folder.write(folder.admin, server=everywhere(folder), tls_server_name=NAME)
    folder.environ["HTTPS_PROXY"] = "http://127.0.0.1:1"
    folder.environ["NO_PROXY"] = "example.com, 0.0.0.0/8"


def a_netrc_that_has_another_key_for_the_api_server(folder: Folder) -> None:
    folder.write({"token": folder.token()})
    netrc = folder.file(".netrc", "machine 127.0.0.1 login somebody password else\n")
    folder.environ["NETRC"] = f"{netrc}"


WAYS: list[Callable[[Folder], None]] = [
    a_token,
    a_token_in_a_file_that_ends_with_a_line_break,
    a_token_and_a_file_of_another,
    a_client_certificate_as_data,
    a_client_certificate_in_files,
    an_authority_in_a_file,
    a_server_s_name_in_tls,
    no_look_at_the_server_s_certificate,
    a_plugin_that_gives_a_token,
    a_plugin_by_a_relative_path_that_gives_a_certificate,
    a_plugin_that_wants_arguments_variables_and_facts_of_the_cluster,
    a_token_beside_a_plugin,
    somebody_else,
    several_files,
    the_file_at_home_as_no_other_is_named,
    a_proxy_that_the_api_server_on_the_loopback_needs_not,
    a_proxy_with_an_exception,
    a_netrc_that_has_another_key_for_the_api_server,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_the_operator_is_whom_kubectl_is_by(
    way: Callable[[Folder], None], folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(folder)
    for name, value in folder.environ.items():
        monkeypatch.setenv(name, value)  # for what a library may read of it

    theirs = await folder.kubectl_is()

    assert await folder.operator_is() == [theirs, theirs]


def by_kubeconfig(folder: Folder, proxy: ConnectProxy) -> None:
    folder.write(folder.admin, server=f"https://{NAME}:6443", proxy_url=proxy.url)


def by_kubeconfig_with_a_password(folder: Folder, proxy: ConnectProxy) -> None:
    url = proxy.url.replace("://", "://me:a%40b@")
    folder.write(folder.admin, server=f"https://{NAME}:6443", proxy_url=url)


def by_kubeconfig_with_a_name_in_tls(folder: Folder, proxy: ConnectProxy) -> None:
    folder.write(
        folder.admin,
        server="https://cluster.example:6443",
        tls_server_name=NAME,
        proxy_url=proxy.url,
    )


def by_kubeconfig_though_there_is_an_exception(folder: Folder, proxy: ConnectProxy) -> None:
    folder.write(folder.admin, server=f"https://{NAME}:6443", proxy_url=proxy.url)
    folder.environ.update(NO_PROXY="*", HTTPS_PROXY="http://127.0.0.1:1")


def by_environment(folder: Folder, proxy: ConnectProxy) -> None:
    folder.write(folder.admin, server=f"https://{NAME}:6443")
    folder.environ.update(HTTPS_PROXY=proxy.url, NO_PROXY="kubernetes.default,:6443")


def by_environment_in_small_letters_without_a_scheme(folder: Folder, proxy: ConnectProxy) -> None:
    folder.write(folder.admin, server=f"https://{NAME}:6443")
    folder.environ["https_proxy"] = proxy.url.removeprefix("http://")


def by_environment_in_both_spellings(folder: Folder, proxy: ConnectProxy) -> None:
    folder.write(folder.admin, server=f"https://{NAME}:6443")
    folder.environ.update(HTTPS_PROXY=proxy.url, https_proxy="http://127.0.0.1:1")


PROXIED: list[Callable[[Folder, ConnectProxy], None]] = [
    by_kubeconfig,
    by_kubeconfig_with_a_password,
    by_kubeconfig_with_a_name_in_tls,
    by_kubeconfig_though_there_is_an_exception,
    by_environment,
    by_environment_in_small_letters_without_a_scheme,
    by_environment_in_both_spellings,
]


@pytest.mark.parametrize("way", PROXIED, ids=lambda way: way.__name__)
async def test_the_operator_goes_through_the_proxy_that_kubectl_goes_through(
    way: Callable[[Folder, ConnectProxy], None], folder: Folder
) -> None:
    async with connect_proxy(folder.port) as proxy:
        way(folder, proxy)
        theirs = await folder.kubectl_is()
        before = len(proxy.hosts)

        found = await folder.operator_is()

        assert found == [theirs, theirs]
        assert before > 0
        assert len(proxy.hosts) == before + 2
        assert len({*proxy.hosts}) == len({*proxy.credentials}) == 1


async def test_a_proxy_that_speaks_tls_is_gone_through(folder: Folder, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    trusted = pem_of_cluster(folder) + authority.ca_file.read_text()
    tls = authority.server_context("localhost")
    async with connect_proxy(folder.port, tls=tls) as proxy:
        folder.write(
            folder.admin,
            server=f"https://{NAME}:6443",
            certificate_authority_data=base64.b64encode(trusted.encode()).decode(),
            proxy_url=f"https://localhost:{proxy.port}",
        )
        theirs = await folder.kubectl_is()
        before = len(proxy.hosts)

        found = await folder.operator_is()

        assert found == [theirs, theirs]
        assert 0 < before < len(proxy.hosts)


async def test_a_token_that_is_replaced_in_its_file_is_the_next_request_s(folder: Folder) -> None:
    token = folder.file("token", folder.token())
    folder.write({"tokenFile": "token"})
    async with folder.opened() as user:
        before = await user.names()

        token.write_text(folder.token("default"))

        assert before == [f"system:serviceaccount:{OPERATOR_NAMESPACE}:{SERVICE_ACCOUNT}"] * 2
        assert await user.names() == [f"system:serviceaccount:{OPERATOR_NAMESPACE}:default"] * 2


@pytest.mark.parametrize("meanwhile", ["", "no: [YAML", "users: []"])
async def test_what_is_replaced_in_the_kubeconfig_is_the_next_request_s(
    meanwhile: str, folder: Folder
) -> None:
    path = folder.write({"token": folder.token()})
    theirs = f"system:serviceaccount:{OPERATOR_NAMESPACE}"
    async with folder.opened() as user:
        before = await user.names()
        path.write_text(meanwhile)
        in_between = await user.names()
        folder.write({"token": folder.token("default")})
        after = await user.names()

    assert before == in_between == [f"{theirs}:{SERVICE_ACCOUNT}"] * 2
    assert after == [f"{theirs}:default"] * 2


async def test_in_a_pod_it_is_the_pod_s_service_account(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.pem("account/ca.crt", folder.cluster["certificate-authority-data"])
    folder.file("account/token", folder.token())
    folder.file("account/namespace", "studio")
    monkeypatch.setattr(connection, "SERVICE_ACCOUNT", folder.path / "account")
    folder.environ.update(
        KUBERNETES_SERVICE_HOST="127.0.0.1", KUBERNETES_SERVICE_PORT=f"{folder.port}"
    )

    async with folder.opened() as user:
        names = await user.names()

    assert names == [f"system:serviceaccount:{OPERATOR_NAMESPACE}:{SERVICE_ACCOUNT}"] * 2
    assert connection.own_namespace(folder.environment) == "studio"
