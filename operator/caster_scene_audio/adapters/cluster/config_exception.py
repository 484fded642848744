"""What is wrong with a kubeconfig, or with the pod in its place."""


class ConfigException(Exception):  # noqa: N818 (as the official client has it)
    """There is no way to the API server; the message names what is wrong, and repeats no value."""
