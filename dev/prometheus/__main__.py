"""Gets Prometheus and prints where it is."""

import sys

from dev.go_programs.failure import NoBinariesError
from dev.prometheus.binaries import NAMED, find_prometheus


def main() -> int:
    try:
        print(f"{NAMED}={find_prometheus(say=_say).prometheus}", flush=True)
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
