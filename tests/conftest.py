"""Fixtures that more than one kind of test asks for."""

pytest_plugins = [
    "tests.support.cluster.control_plane",
    "tests.support.chart.helm",
    "tests.support.tools.prometheus",
    "tests.support.cluster.rights_verdict",
    "tests.support.gitops.waiting_tools",
]
