"""What the operator itself answers over HTTP: probes and metrics."""
