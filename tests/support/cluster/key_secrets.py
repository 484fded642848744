"""The Secrets of one namespace, as those who run a studio write them."""

import base64

from kubernetes.client import ApiClient, ApiException, CoreV1Api

from tests.support.tools.secret_search import RUN, SHORTEST

MERGE_PATCH = "application/merge-patch+json"
ID, SECRET = "access-key-id", "access-key-secret"


class KeySecrets:
    """Writes Secrets with access keys as the administrator; their values are told nowhere else."""

    def __init__(self, client: ApiClient, namespace: str) -> None:
        self.namespace = namespace
        self._core = CoreV1Api(client)

    def create(self, name: str, access_key_id: str, secret: str) -> None:
        keep_out(f"{self.namespace}/{name}", secret)
        body = {"metadata": {"name": name}, "stringData": {ID: access_key_id, SECRET: secret}}
        self._core.create_namespaced_secret(self.namespace, body)

    def put(self, name: str, access_key_id: str, secret: str) -> None:
        """Create it, or replace both of its values at once."""
        try:
            self.create(name, access_key_id, secret)
        except ApiException as error:
            if error.status != 409:
                raise
            body = {"stringData": {ID: access_key_id, SECRET: secret}}
            self._core.patch_namespaced_secret(
                name, self.namespace, body, _content_type=MERGE_PATCH
            )

    def write(self, name: str, key: str, value: str | None) -> None:
        """None takes the key away."""
        if value is not None and key == SECRET:
            keep_out(f"{self.namespace}/{name}", value)
        encoded = None if value is None else base64.b64encode(value.encode()).decode()
        self._core.patch_namespaced_secret(
            name, self.namespace, {"data": {key: encoded}}, _content_type=MERGE_PATCH
        )

    def delete(self, name: str) -> None:
        self._core.delete_namespaced_secret(name, self.namespace)


def keep_out(name: str, secret: str) -> None:
    """Without what surrounds it by mistake, so that it is found without that, too."""
    bare = secret.strip()
    if len(bare) >= SHORTEST:
        RUN.keep_out(f"Secret {name}", bare)
