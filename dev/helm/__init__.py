"""Helm 3 and Helm 4, as the tests of the chart run them.

In reading order: `go_modules` says what is built, `binaries` chooses what to run, and `command`
runs it.
"""
