"""The operator's probes and metrics, as a kubelet and a Prometheus ask for them."""

from dataclasses import dataclass
from http.client import HTTPConnection

from prometheus_client.parser import text_string_to_metric_families

from tests.support.tools.secret_search import RUN


@dataclass(frozen=True)
class OperatorWeb:
    port: int

    def is_alive(self) -> bool:
        return self.ask("/healthz")[0] == 200

    def is_ready(self) -> bool:
        return self.ask("/readyz")[0] == 200

    def ask(self, path: str) -> tuple[int, str]:
        """Status and body; 0 where nothing listens. What is told is searched for secrets."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            status, body = answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()
        RUN.told(f"the operator's answer to {path}", body)
        return status, body

    def metric(self, name: str, **labels: str) -> float:
        """The sum of all samples that have these labels."""
        return sum(
            sample.value
            for family in text_string_to_metric_families(self.ask("/metrics")[1])
            for sample in family.samples
            if sample.name == f"caster_scene_audio_{name}"
            and labels.items() <= sample.labels.items()
        )
