"""What keeps `make e2e` from its tests; each message says what to do."""


class NoClusterError(Exception):
    """There is no cluster, and nothing that could bring one up."""


class StepError(Exception):
    """A command that brings the cluster up, fills it or takes it down has failed."""
