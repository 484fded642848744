"""What is agreed on about the Lease."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTerms:
    """Which Lease, who asks for it, and for how many seconds it lasts unrenewed."""

    name: str
    namespace: str
    identity: str
    duration_s: int

    @property
    def renew_deadline_s(self) -> float:
        """Unrenewed for so long, its holder stops; the others wait for the rest, too."""
        return self.duration_s * 2 / 3

    @property
    def request_timeout_s(self) -> float:
        """So that several tries fit into the deadline."""
        return self.renew_deadline_s / 4
