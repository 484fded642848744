"""The official client, and requests of our own, on the way that a connection describes."""

from kubernetes.aio.client import ApiClient, Configuration

from caster_scene_audio.adapters.cluster.api_server import ApiServer
from caster_scene_audio.adapters.cluster.connection import Connection

USER_AGENT = "caster-scene-audio-operator"
"""So the API server's audit log and `managedFields` name us."""

LONGEST_LINE = 2**21
"""Bytes of an event of a watch: a Secret may have a mebibyte, and is told in base64."""


def open_client(connection: Connection) -> ApiClient:
    """The official client, over a session of ours; needs a running loop.

    Each Secret that is watched holds a connection: `SecretWatch` bounds them.
    """
    client = ApiClient(Configuration(host=connection.host))
    client.rest_client.ssl_context = connection.tls  # its own, of all authorities, is let go
    client.rest_client.pool_manager = connection.session(
        limit=0, headers={"User-Agent": USER_AGENT}, read_bufsize=LONGEST_LINE
    )
    return client


def api_server_of(client: ApiClient) -> ApiServer:
    """By the same session, for as long as the client is open."""
    return ApiServer(client.rest_client.pool_manager, client.configuration.host)
