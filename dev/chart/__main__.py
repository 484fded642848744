"""Writes what is made from the chart, or for it."""

import sys
import tempfile
from pathlib import Path

from dev.chart.definition import NoPlaceError
from dev.chart.generated import ROOT, generated
from dev.chart.values_table import UndescribedValueError
from dev.go_programs.failure import NoBinariesError
from dev.helm.binaries import find_helm
from dev.helm.command import Helm, HelmError
from dev.progress import to_stderr


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        try:
            for path, made in generated(Helm(find_helm(4, say=to_stderr), Path(home))).items():
                path.write_text(made())
                print(f"Wrote {path.relative_to(ROOT)}.")
        except (NoBinariesError, HelmError, NoPlaceError, UndescribedValueError) as error:
            to_stderr(f"{error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
