"""A Secret that Kustomize generates reaches the object that names it."""

import shutil
from pathlib import Path

import pytest
import yaml

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import ROOT
from tests.support.cluster.scene_audios import manifest

pytestmark = pytest.mark.control_plane

CONFIG = ROOT / "gitops" / "kustomize" / "kustomizeconfig.yaml"


def test_the_name_with_its_digest_reaches_the_object(crds: ControlPlane, tmp_path: Path) -> None:
    shutil.copy(CONFIG, tmp_path)
    files = {
        "show.yaml": manifest("show", credentialsSecretRef={"name": "studio-key"}),
        "kustomization.yaml": {
            "resources": ["show.yaml"],
            "configurations": [CONFIG.name],
            "secretGenerator": [{"name": "studio-key", "literals": ["accessKeyId=some"]}],
        },
    }
    for name, content in files.items():
        (tmp_path / name).write_text(yaml.safe_dump(content))

    built = {
        each["kind"]: each for each in yaml.safe_load_all(crds.kubectl("kustomize", f"{tmp_path}"))
    }

    name = built["Secret"]["metadata"]["name"]
    assert name.startswith("studio-key-")
    assert built["CasterSceneAudio"]["spec"]["credentialsSecretRef"] == {"name": name}
    crds.kubectl("apply", "--dry-run=server", "-k", f"{tmp_path}")
