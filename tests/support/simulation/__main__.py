"""The state machines with many examples: `python -m tests.support.simulation --examples 2000`."""

import argparse
import sys
import time
from random import SystemRandom

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.support.simulation.studios import CalmStudio, Studios

MACHINES: dict[str, type[RuleBasedStateMachine]] = {"studios": Studios, "calm": CalmStudio}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32))
    parser.add_argument("--machine", choices=MACHINES, default="studios")
    arguments = parser.parse_args()
    sys.stdout.write(f"{arguments.machine}: {arguments.examples} examples, seed {arguments.seed}\n")
    sys.stdout.flush()
    began = time.monotonic()
    run_state_machine_as_test(
        seed(arguments.seed)(MACHINES[arguments.machine]),
        settings=settings(
            max_examples=arguments.examples,
            stateful_step_count=30,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            verbosity=Verbosity.normal,
            suppress_health_check=list(HealthCheck),
        ),
    )
    sys.stdout.write(f"nothing was wrong, in {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
