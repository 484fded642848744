"""How the API server is reached: by KUBECONFIG, else as a pod, else by the user's kubeconfig."""

import os
from pathlib import Path
from time import monotonic

from kubernetes.aio import config
from kubernetes.aio.client import Configuration

RELOAD_S = 60.0
"""A token file or plugin is asked again after this long; the kubelet rotates far ahead of expiry."""

POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


async def load_connection() -> Configuration:
    """Where the API server is and who we are to it. Raises ConfigException, naming what's wrong."""
    connection = Configuration()
    connection.connection_pool_maxsize = 0  # each Secret that is followed holds a connection
    if _is_in_pod():
        config.load_incluster_config(client_configuration=connection)  # re-reads its token itself
        return connection
    await config.load_kube_config(client_configuration=connection)
    loaded_at = monotonic()

    async def reload(connection: Configuration) -> None:
        nonlocal loaded_at
        if monotonic() - loaded_at >= RELOAD_S:
            loaded_at = monotonic()
            await config.load_kube_config(client_configuration=connection)

    connection.refresh_api_key_hook = reload
    return connection


def own_namespace() -> str:
    """The pod's, else that of the kubeconfig's context, else `default`."""
    if _is_in_pod():
        return POD_NAMESPACE.read_text().strip()
    _, current = config.list_kube_config_contexts()
    namespace: str = current["context"].get("namespace", "default")
    return namespace


def _is_in_pod() -> bool:
    return "KUBERNETES_SERVICE_HOST" in os.environ and "KUBECONFIG" not in os.environ
