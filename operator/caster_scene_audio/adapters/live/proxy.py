"""The HTTP proxy that the service is reached through, where a cluster has no other way out."""

from yarl import URL


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
