"""The regions of ApsaraVideo Live, and which of the service's own hosts serves each."""

from difflib import get_close_matches
from enum import StrEnum

from caster_scene_audio.domain.codes import failure_of
from caster_scene_audio.domain.failure import CallFailed

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

VPC_REGIONS = frozenset(["ap-southeast-1", "cn-shanghai", "me-central-1", "us-east-1"])
"""Those that have a host within a VPC, by the service's list of endpoints."""


class Network(StrEnum):
    """The network that the operator runs in, as far as the service has hosts of its own there."""

    PUBLIC = "public"
    VPC = "vpc"


def host_of_region(region_id: str | None, network: Network) -> str:
    """The service's own host for a region; None is an object that names none.

    Raises CallFailed for a region that has none here. By the SDK's rule a region that is in no map
    would have the host `live.REGION.aliyuncs.com`, and "oss-cn-hangzhou" for a region makes that
    somebody's bucket: the signed call would go there.
    """
    if network is Network.VPC:
        return _vpc_host(region_id)
    if region_id is None or region_id in CENTRAL_REGIONS:
        return CENTRAL_HOST
    near = ", ".join(get_close_matches(region_id, CENTRAL_REGIONS, n=3, cutoff=0))
    raise CallFailed(
        failure_of(
            "UnknownRegion",
            f"spec.regionId {region_id} is no region of ApsaraVideo Live that the operator knows;"
            f" those nearest to it: {near}. Nothing was called. If there is such a region, start the"
            f" operator with --live-endpoint {region_id}=URL",
        )
    )


def _vpc_host(region_id: str | None) -> str:
    if region_id in VPC_REGIONS:
        return f"live-vpc.{region_id}.aliyuncs.com"
    whose = "is not set" if region_id is None else f"is {region_id}"
    remedy = "URL" if region_id is None else f"{region_id}=URL"
    raise CallFailed(
        failure_of(
            "NoVpcEndpoint",
            f"spec.regionId {whose}, and with --live-network vpc only these regions can be called:"
            f" {', '.join(sorted(VPC_REGIONS))}. Nothing was called. For others start the operator"
            f" with --live-endpoint {remedy}, or without --live-network vpc",
        )
    )
