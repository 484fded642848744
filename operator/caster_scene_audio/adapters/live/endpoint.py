"""Which host serves a region, and the HTTP proxy that it may have to be reached through."""

from dataclasses import dataclass

from yarl import URL

CENTRAL_HOST = "live.aliyuncs.com"

# The endpoint map of the official SDK (alibabacloud_live20161101 3.0.2).
CENTRAL_REGIONS = frozenset(
    [
        "ap-northeast-1",
        "ap-northeast-2-pop",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-5",
        "cn-beijing",
        "cn-beijing-finance-1",
        "cn-beijing-finance-pop",
        "cn-beijing-gov-1",
        "cn-beijing-nu16-b01",
        "cn-chengdu",
        "cn-edge-1",
        "cn-fujian",
        "cn-haidian-cm12-c01",
        "cn-hangzhou",
        "cn-hangzhou-bj-b01",
        "cn-hangzhou-finance",
        "cn-hangzhou-internal-prod-1",
        "cn-hangzhou-internal-test-1",
        "cn-hangzhou-internal-test-2",
        "cn-hangzhou-internal-test-3",
        "cn-hangzhou-test-306",
        "cn-hongkong",
        "cn-hongkong-finance-pop",
        "cn-huhehaote",
        "cn-huhehaote-nebula-1",
        "cn-north-2-gov-1",
        "cn-qingdao",
        "cn-qingdao-nebula",
        "cn-shanghai",
        "cn-shanghai-et15-b01",
        "cn-shanghai-et2-b01",
        "cn-shanghai-finance-1",
        "cn-shanghai-inner",
        "cn-shanghai-internal-test-1",
        "cn-shenzhen",
        "cn-shenzhen-finance-1",
        "cn-shenzhen-inner",
        "cn-shenzhen-st4-d01",
        "cn-shenzhen-su18-b01",
        "cn-wuhan",
        "cn-wulanchabu",
        "cn-yushanfang",
        "cn-zhangbei",
        "cn-zhangbei-na61-b01",
        "cn-zhangjiakou",
        "cn-zhangjiakou-na62-a01",
        "cn-zhengzhou-nebula-1",
        "eu-central-1",
        "eu-west-1",
        "eu-west-1-oxs",
        "me-central-1",
        "me-east-1",
        "rus-west-1-pop",
        "us-east-1",
        "us-west-1",
    ]
)


def host_of_region(region_id: str | None) -> str:
    """The public host; an object that names no region is served by the central one."""
    if region_id is None or region_id in CENTRAL_REGIONS:
        return CENTRAL_HOST
    return f"live.{region_id}.aliyuncs.com"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where calls go: to each region's host, or, with `override`, all to one."""

    override: URL | None = None

    def origin(self, region_id: str | None) -> URL:
        if self.override is not None:
            return self.override
        return URL.build(scheme="https", host=host_of_region(region_id))


def parse_endpoint(text: str | None) -> Endpoint:
    """The endpoint that a user wrote, or the regions' own for None or nothing.

    Raises ValueError with what to write instead. It doesn't repeat the text, which may hold a
    password.
    """
    return Endpoint() if not text else Endpoint(_origin(text))


def _origin(text: str) -> URL:
    try:
        url = URL(text)
        trouble = _trouble(url)
    except ValueError:
        trouble = "it is not a URL"
    if trouble is not None:
        raise ValueError(
            "the Live endpoint must be http:// or https://, a host and nothing more than a port,"
            f" for example https://{CENTRAL_HOST}: {trouble}"
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
