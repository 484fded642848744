"""Gets both Helms and prints where they are."""

import sys

from dev.go_programs.failure import NoBinariesError
from dev.helm.binaries import find_helm
from dev.helm.go_modules import MAJORS, variable


def main() -> int:
    try:
        for major in MAJORS:
            print(f"{variable(major)}={find_helm(major, say=_say).path}", flush=True)
    except NoBinariesError as error:
        _say(f"{error}")
        return 1
    except KeyboardInterrupt:
        _say("Interrupted.")
        return 130
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
