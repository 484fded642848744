"""Run inside of the image: what it is made of, and what it lets its user do, as JSON."""

import getpass
import json
import os
import sys
from importlib.metadata import distributions
from importlib.util import cache_from_source, find_spec
from pathlib import Path

ROOT = Path(sys.prefix)
UNWANTED = ("pip", "setuptools", "hatchling", "pytest", "mypy", "coverage")


def is_writable(folder: str) -> bool:
    try:
        path = Path(folder, "written")
        path.write_text("")
    except OSError:
        return False
    path.unlink()
    return True


def mib(folder: Path) -> int:
    files = (path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
    return round(sum(files) / 2**20)


modules = list(ROOT.glob("lib/**/*.py"))
found = {
    "uid": os.getuid(),
    "gid": os.getgid(),
    "user": getpass.getuser(),
    "writable": [each for each in ("/", "/tmp", "/opt/operator", "/var") if is_writable(each)],  # noqa: S108 (where programs like to write)
    "distributions": {
        each.name.lower().replace("_", "-"): each.version for each in distributions()
    },
    "importable": [each for each in UNWANTED if find_spec(each)],
    "modules": len(modules),
    "uncompiled": [f"{each}" for each in modules if not Path(cache_from_source(each)).exists()],
    "mib": mib(ROOT),
}
sys.stdout.write(json.dumps(found))
