"""Gets kstatus and prints where it is."""

import sys

from dev.go_programs.telling import tell_where
from dev.kstatus.program import NAMED, find_kstatus

if __name__ == "__main__":
    sys.exit(tell_where(lambda say: {NAMED: find_kstatus(say=say)}))
