"""The official client, on the way to the API server that a connection describes."""

from kubernetes.aio.client import ApiClient, Configuration

from caster_scene_audio.adapters.cluster.connection import Connection


def open_client(connection: Connection) -> ApiClient:
    """The official client; each Secret that is watched holds a connection: `SecretWatch` bounds them."""
    client = ApiClient(
        Configuration(
            host=connection.host,
            connection_pool_maxsize=0,
            client_session_kwargs={
                "middlewares": (connection.authorize,),
                "proxy": connection.proxy,
                "trust_env": False,
            },
        )
    )
    client.rest_client.ssl_context = connection.tls
    return client
