"""Which proxy leads to the API server, by the rules that kubectl follows.

They are those of Go's net/http, which differ from Python's: exceptions may be networks and ports, the
loopback needs none, and the variables in capitals go first.
"""

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

from caster_scene_audio.adapters.cluster.config_exception import ConfigException

SCHEMES = ("http", "https")

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def proxy_of(server: URL, proxy_url: str | None, environ: Mapping[str, str]) -> URL | None:
    """The kubeconfig's `proxy_url`, to which no exception applies, else the environment's.

    None: there is none, or an exception holds. Raises ConfigException for one that can't be used.
    """
    if proxy_url:
        return _usable(proxy_url, "proxy-url of the kubeconfig")
    name = f"{server.scheme.upper()}_PROXY"
    given = _variable(environ, name)
    if not given or is_excepted(server, _variable(environ, "NO_PROXY")):
        return None
    return _usable(given if "://" in given else f"http://{given}", name)


def is_excepted(server: URL, no_proxy: str) -> bool:
    """Whether the server is reached without a proxy, by what NO_PROXY holds."""
    host = server.host or ""
    address = _address(host)
    if host == "localhost" or (address and address.is_loopback):
        return True
    rules = filter(None, (each.strip().lower() for each in no_proxy.split(",")))
    return any(_holds(each, host, address, f"{server.port}") for each in rules)


def _holds(rule: str, host: str, address: Address | None, port: str) -> bool:
    """`*`, a network; or an address, or a domain with all below it, and perhaps a port."""
    if rule == "*":
        return True
    if "/" in rule:
        network = _network(rule)
        return address is not None and network is not None and address in network
    named, only_port = _split(rule)
    if only_port not in {None, port}:
        return False
    return _names(named, host) if address is None else _address(named) == address


def _split(rule: str) -> tuple[str, str | None]:
    """An IPv6 address stands in brackets only where a port follows."""
    if found := re.fullmatch(r"(?:\[(.+)\]|([^:]*)):([^:]*)", rule):
        return found[1] or found[2], found[3]
    return rule, None


def _names(domain: str, host: str) -> bool:
    """`example.com` is that and all below it, `.example.com` and `*.example.com` only those."""
    below = domain.removeprefix("*") if domain.startswith("*.") else domain
    if below.startswith("."):
        return host.endswith(below)
    return bool(below) and (host == below or host.endswith(f".{below}"))


def _variable(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name) or environ.get(name.lower()) or ""


def _usable(text: str, name: str) -> URL:
    """Without repeating the text, which may hold a password."""
    try:
        url = URL(text)
    except ValueError:
        raise ConfigException(f"{name} is no URL") from None
    if url.scheme not in SCHEMES:
        raise ConfigException(
            f"{name} is a {url.scheme or 'nameless'} proxy, which isn't supported: only http:// and"
            " https:// are"
        )
    if not url.host:
        raise ConfigException(f"{name} names no host")
    return url


def _address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
