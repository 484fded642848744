"""Fixtures that more than one kind of test asks for."""

pytest_plugins = [
    "tests.support.control_plane",
    "tests.support.helm",
    "tests.support.prometheus",
    "tests.support.rights_verdict",
    "tests.support.waiting_tools",
]
