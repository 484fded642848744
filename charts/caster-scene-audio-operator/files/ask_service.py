"""What `helm test` runs: asks the operator's Service whether it is ready and has metrics."""

import sys
import time
from urllib.error import HTTPError
from urllib.request import urlopen

WITHIN_S = 60.0
EVERY_S = 2.0
METRIC = "caster_scene_audio_build_info"


def asked(url: str) -> tuple[bool, str]:
    """Whether it answered 200, and what it said."""
    try:
        with urlopen(url, timeout=5) as answer:
            return True, answer.read().decode()
    except HTTPError as error:
        return False, f"{error.code}: {error.read().decode(errors='replace')}"
    except OSError as error:
        return False, f"{error}"


def waited_for(url: str, word: str, within_s: float) -> bool:
    """Until its answer holds the word; says what it saw at the end."""
    deadline = time.monotonic() + within_s
    while True:
        well, said = asked(url)
        if well and word in said:
            print(f"{url}: well")
            return True
        if time.monotonic() > deadline:
            print(f"{url}: not well.\n{said[:2000]}")
            return False
        time.sleep(EVERY_S)


def main(service: str, within_s: float = WITHIN_S) -> int:
    ready = waited_for(f"{service}/readyz", "ok", within_s)
    measured = ready and waited_for(f"{service}/metrics", METRIC, within_s)
    return 0 if measured else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
