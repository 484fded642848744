"""Where calls go: the URLs that a user gives, and the HTTP proxy to reach them through."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yarl import URL

from caster_scene_audio.adapters.live.regions import CENTRAL_HOST, Network, host_of_region

ALL_REGIONS = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where calls go: to the URL given for a region, else that for all, else the service's host."""

    given: Mapping[str | None, URL] = field(default_factory=dict)
    """By region; ALL_REGIONS stands for those that have none of their own."""
    network: Network = Network.PUBLIC

    def origin(self, region_id: str | None) -> URL:
        """Raises CallFailed where there is none: a region that isn't known is not guessed at."""
        for region in (region_id, ALL_REGIONS):
            if region in self.given:
                return self.given[region]
        return URL.build(scheme="https", host=host_of_region(region_id, self.network))


def parse_endpoint(
    texts: str | Sequence[str] | None, network: Network = Network.PUBLIC
) -> Endpoint:
    """The endpoints that a user wrote, each as URL or REGION=URL; none for None or nothing.

    Raises ValueError with what to write instead. It doesn't repeat the text, which may hold a
    password.
    """
    given: dict[str | None, URL] = {}
    for text in filter(None, [texts] if isinstance(texts, str) else texts or ()):
        region, url = _parts(text)
        if region in given:
            raise ValueError(f"two are given for {region or 'all regions'}: leave one out")
        given[region] = _origin(url)
    return Endpoint(given, network)


def _parts(text: str) -> tuple[str | None, str]:
    """The region and its URL; in a URL alone no = comes before the ://."""
    if found := re.fullmatch(r"([a-z0-9][a-z0-9-]{0,63})=(.*)", text, re.DOTALL):
        return found[1], found[2]
    return ALL_REGIONS, text


def _origin(text: str) -> URL:
    try:
        url = URL(text)
        trouble = _trouble(url)
    except ValueError:
        trouble = "it is not a URL"
    if trouble is not None:
        raise ValueError(
            "the Live endpoint must be http:// or https://, a host and nothing more than a port,"
            f" for example https://{CENTRAL_HOST}, or REGION= before it: {trouble}"
        )
    return url.origin()


def _trouble(url: URL) -> str | None:
    if url.scheme not in {"http", "https"}:
        return "it starts with neither http:// nor https://"
    if not url.host:
        return "it names no host"
    if url.user is not None or url.password is not None:
        return "it holds a user or a password; credentials are given apart from it"
    if url.path not in {"", "/"} or url.query_string or url.fragment:
        return "it holds a path, a query or a fragment"
    return None


def parse_proxy(text: str | None) -> URL | None:
    """The proxy that a user wrote; None for None or nothing.

    Raises ValueError with what to write instead. It doesn't repeat the text, which may hold a
    password.
    """
    if not text:
        return None
    try:
        url = URL(text)
        is_proxy = url.scheme == "http" and bool(url.host) and url.path in {"", "/"}
    except ValueError:
        is_proxy = False
    if not is_proxy:
        raise ValueError(
            "the proxy must be http://, a host and a port, and where it asks for them a user and a"
            " password before the host, for example http://proxy.example:3128"
        )
    return url
