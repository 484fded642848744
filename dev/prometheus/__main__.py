"""Gets Prometheus and prints where it is."""

import sys

from dev.go_programs.telling import tell_where
from dev.prometheus.binaries import NAMED, find_prometheus

if __name__ == "__main__":
    sys.exit(tell_where(lambda say: {NAMED: find_prometheus(say=say).prometheus}))
