"""Which way leads to the API server: the rules of Go's net/http, which kubectl follows.

Each row was tried with kubectl 1.36, on names and addresses that lead nowhere.
"""

import pytest
from yarl import URL

from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.proxies import is_excepted, proxy_of

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("server", "no_proxy"),
    [
        ("https://api.example.invalid:6443", "api.example.invalid"),
        ("https://api.example.invalid:6443", "example.invalid"),
        ("https://api.example.invalid:6443", ".example.invalid"),
        ("https://api.example.invalid:6443", "*.example.invalid"),
        ("https://api.example.invalid:6443", "EXAMPLE.invalid"),
        ("https://API.example.invalid:6443", "other, example.invalid"),
        ("https://api.example.invalid:6443", "example.invalid:6443"),
        ("https://api.example.invalid", "example.invalid:443"),
        ("https://api.example.invalid", "*"),
        ("https://240.1.2.3:6443", "240.1.2.3"),
        ("https://240.1.2.3:6443", "240.0.0.0/8"),
        ("https://240.1.2.3:6443", "240.1.2.3:6443"),
        ("https://[fd00::1]:6443", "fd00::/8"),
        ("https://[fd00::1]:6443", "[fd00::1]:6443"),
        ("https://[fd00::1]:6443", "fd00::1"),
        ("https://localhost:6443", ""),
        ("https://127.0.0.1:6443", ""),
        ("https://127.1.2.3:6443", ""),
        ("https://[::1]:6443", ""),
    ],
)
def test_an_exception_holds(server: str, no_proxy: str) -> None:
    assert is_excepted(URL(server), no_proxy)
    assert proxy_of(URL(server), None, {"HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy}) is None


@pytest.mark.parametrize(
    ("server", "no_proxy"),
    [
        ("https://api.example.invalid:6443", ""),
        ("https://api.example.invalid:6443", "ample.com"),
        ("https://example.invalid:6443", ".example.invalid"),
        ("https://example.invalid:6443", "*.example.invalid"),
        ("https://api.example.invalid:6443", "example.invalid:443"),
        ("https://api.example.invalid:6443", "240.0.0.0/8, ,:6443"),
        ("https://api.example.invalid:6443", "api.*.com"),
        ("https://241.1.2.3:6443", "240.0.0.0/8"),
        ("https://240.1.2.3:6443", "240.1.2.3:443"),
        ("https://240.1.2.3:6443", "fd00::/8"),
        ("https://240.1.2.3:6443", "1.2.3"),
        ("https://240.1.2.3:6443", "240.0.0.0/8:6443"),
        ("https://240.1.2.3:6443", "[240.1.2.3]"),
        ("https://240.1.2.3:6443", "240.1/none"),
        ("https://[fd00::1]:6443", "[fd00::1]"),
        ("https://api.example.invalid:6443", "*example.invalid"),
        ("https://api.example.invalid.:6443", "example.invalid"),
        ("https://localhost.example:6443", "localhost"),
    ],
)
def test_no_exception_holds(server: str, no_proxy: str) -> None:
    assert not is_excepted(URL(server), no_proxy)
    assert f"{proxy_of(URL(server), None, {'HTTPS_PROXY': PROXY, 'NO_PROXY': no_proxy})}" == PROXY


@pytest.mark.parametrize(
    ("server", "environ", "proxy"),
    [
        ("https://x", {"HTTPS_PROXY": PROXY, "https_proxy": "http://other"}, PROXY),
        ("https://x", {"HTTPS_PROXY": "", "https_proxy": PROXY}, PROXY),
        ("https://x", {"HTTPS_PROXY": "proxy.example:3128"}, PROXY),
        ("https://x", {"HTTP_PROXY": PROXY, "ALL_PROXY": PROXY}, None),
        ("http://x", {"HTTP_PROXY": PROXY, "HTTPS_PROXY": "http://other"}, PROXY),
        ("https://x", {"HTTPS_PROXY": PROXY, "no_proxy": "x"}, None),
        ("https://x", {"HTTPS_PROXY": PROXY, "NO_PROXY": "y", "no_proxy": "x"}, PROXY),
    ],
)
def test_the_environment_names_the_proxy(
    server: str, environ: dict[str, str], proxy: str | None
) -> None:
    found = proxy_of(URL(server), None, environ)

    assert (found and f"{found}") == proxy


def test_the_kubeconfigs_own_proxy_goes_first_and_knows_no_exception() -> None:
    environ = {"HTTPS_PROXY": "http://other", "NO_PROXY": "*"}

    assert f"{proxy_of(URL('https://127.0.0.1'), PROXY, environ)}" == PROXY


@pytest.mark.parametrize(
    "text", ["socks5://u:hidden@proxy:1", "http://:hidden@", "http://[::hidden"]
)
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(text: str) -> None:
    with pytest.raises(ConfigException, match="HTTPS_PROXY") as caught:
        proxy_of(URL("https://x"), None, {"HTTPS_PROXY": text})

    assert "hidden" not in str(caught.value)
