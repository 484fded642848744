"""Traces by OpenTelemetry: an extra, which is loaded where an endpoint is given.

`exporting` sends spans, `traces` makes them; `traced_live` and `traced_cluster` add those of the calls and
of the status.
"""
