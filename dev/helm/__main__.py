"""Gets both Helms and prints where they are."""

import sys

from dev.go_programs.telling import tell_where
from dev.helm.binaries import find_helm
from dev.helm.go_modules import MAJORS, variable

if __name__ == "__main__":
    sys.exit(
        tell_where(lambda say: {variable(each): find_helm(each, say=say).path for each in MAJORS})
    )
