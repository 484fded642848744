"""What keeps a program from being there."""


class NoBinariesError(Exception):
    """Nothing to run and no way to build it; the message says what to do."""
