"""The API server's audit log, and what is kept of it when its control plane is gone."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

KEPT = "CONTROL_PLANE_AUDIT_LOGS"
"""Names a folder, if it is set: each control plane leaves its audit log there at its end, and beside
it, as JSON lines, when the server was starting."""
STARTS = ".starts"


@dataclass(frozen=True, slots=True)
class AuditTrail:
    log: Path

    @property
    def _starts(self) -> Path:
        return self.log.with_suffix(STARTS)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Until it is ready the server knows no roles yet, and refuses what they allow."""
        began = datetime.now(UTC)
        yield
        span = {"from": f"{began}", "until": f"{datetime.now(UTC)}"}
        with self._starts.open("a") as starts:
            starts.write(f"{json.dumps(span)}\n")

    def keep(self, name: str) -> None:
        if folder := os.environ.get(KEPT):
            for path in (self.log, self._starts):
                if path.exists():
                    shutil.move(path, Path(folder) / f"{name}{path.suffix}")
