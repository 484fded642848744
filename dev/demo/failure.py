"""What ends a demonstration before its time."""


class StepError(Exception):
    """A step did not hold; the message says what was expected and what came instead."""


def expect(holds: bool, otherwise: str) -> None:  # noqa: FBT001 (reads as a sentence)
    """Raise StepError with the sentence unless it holds."""
    if not holds:
        raise StepError(otherwise)
