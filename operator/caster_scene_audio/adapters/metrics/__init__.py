"""Metrics for Prometheus, on a registry of their own.

`instruments` counts what happens, `measured_live` the calls, `collector` shows how things stand when
they are scraped. Every label has a bounded set of values.
"""
