"""Requests recorded from the official SDK, with their signatures, by name."""

import json
from typing import Any

from tests.support.cluster.cluster import ROOT

_RECORDED = ROOT / "tests" / "contract" / "acs3-vectors.json"

VECTORS: dict[str, dict[str, Any]] = {
    each["name"]: each for each in json.loads(_RECORDED.read_text())["vectors"]
}
