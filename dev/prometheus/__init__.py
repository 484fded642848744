"""Prometheus and promtool, as the tests of the metrics run them.

In reading order: `debian` gets them from Debian's package, and `binaries` chooses what to run.
"""
