"""What keeps a client from being tried."""


class NoClientError(Exception):
    """It can't be installed or doesn't run; the message says why."""
