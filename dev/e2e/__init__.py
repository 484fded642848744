"""The operator in a real cluster: from the Dockerfile and the chart to the tests in its pods.

In reading order: `cluster` says which commands bring a cluster up, fill it and take it down, and
`kind` has those for a machine with Docker; `tools` finds what such commands want; `kubectl` reaches
the cluster; `run` goes through the steps. docs/real-cluster.md tells how to name other commands.
"""
