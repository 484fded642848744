"""How the API server is reached: by KUBECONFIG, else as a pod, else by the user's kubeconfig."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
from yarl import URL

from caster_scene_audio.adapters.cluster.client_certificate import ClientCertificate, tls_of
from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.current_identity import CurrentIdentity
from caster_scene_audio.adapters.cluster.identity import identity_of, impersonation_of
from caster_scene_audio.adapters.cluster.kubeconfig import (
    Kubeconfig,
    read_kubeconfig,
    state_of_files,
)
from caster_scene_audio.adapters.cluster.kubeconfig_sections import Cluster, User
from caster_scene_audio.adapters.cluster.plugin import CredentialProgram, PluginFailed
from caster_scene_audio.adapters.cluster.proxies import proxy_of

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where the API server is and who we are to it. For sessions of one event loop."""

    host: str
    tls: ssl.SSLContext
    proxy: URL | None = field(repr=False)
    server_name: str | None
    """In TLS, where it isn't the host's."""
    identity: CurrentIdentity = field(repr=False)
    certificate: ClientCertificate = field(repr=False)
    impersonation: tuple[tuple[str, str], ...]

    def session(
        self, *observers: aiohttp.ClientMiddlewareType, limit: int = 100, **settings: Any
    ) -> aiohttp.ClientSession:
        """A session on this way, of at most `limit` connections (0: any number); needs a running loop.

        It trusts the environment in nothing: a netrc entry would take the place of the token.
        """
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=limit, ssl=self.tls),
            middlewares=(self.authorize, *observers),
            cookie_jar=aiohttp.DummyCookieJar(),
            proxy=self.proxy,
            trust_env=False,
            **settings,
        )

    async def authorize(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """A session's middleware; raises PluginFailed, an OSError, where there is no credential."""
        if request.url.origin() != URL(self.host).origin():
            return await handler(request)  # a redirect to elsewhere: the token stays here
        request.server_hostname = self.server_name
        self.identity.look()
        authorization = await self.identity.authorization()
        if authorization:
            request.headers["Authorization"] = authorization
        request.headers.extend(self.impersonation)
        self.certificate.look()
        if self.certificate.is_new:
            request.headers["Connection"] = "close"
        response = await handler(request)
        if response.status == 401:
            self.identity.rejected()
        return response


async def load_connection(
    environ: Mapping[str, str] = os.environ, *, context: str | None = None
) -> Connection:
    """Raises ConfigException, naming what is wrong, or what of a kubeconfig isn't supported.

    `context` takes the place of the kubeconfig's current one.
    """
    kubeconfig = _kubeconfig(environ, context)
    cluster, user = kubeconfig.cluster, kubeconfig.user
    server = _server(cluster)
    tls = tls_of(cluster)
    certificate = ClientCertificate(tls, user, clock=monotonic)
    connection = Connection(
        host=f"{server}".rstrip("/"),
        tls=tls,
        proxy=proxy_of(server, cluster.proxy_url, environ),
        server_name=cluster.tls_server_name,
        identity=CurrentIdentity(
            user,
            certificate,
            read=lambda: _kubeconfig(environ, context).user,
            state=lambda: state_of_files(environ),
            prove=lambda user: identity_of(
                user, _program(user, cluster, environ), certificate, clock=monotonic
            ),
        ),
        certificate=certificate,
        impersonation=impersonation_of(user),
    )
    try:
        await connection.identity.authorization()
    except PluginFailed as error:
        raise ConfigException(str(error)) from None
    return connection


def own_namespace(environ: Mapping[str, str] = os.environ, *, context: str | None = None) -> str:
    """The pod's, else that of the kubeconfig's context, else `default`. Raises ConfigException."""
    return _kubeconfig(environ, context).namespace


def _kubeconfig(environ: Mapping[str, str], context: str | None) -> Kubeconfig:
    is_in_a_pod = environ.get("KUBERNETES_SERVICE_HOST") and not environ.get("KUBECONFIG")
    if is_in_a_pod and context is None:
        return _of_the_pod(environ, SERVICE_ACCOUNT)
    return read_kubeconfig(environ, context=context)


def _of_the_pod(environ: Mapping[str, str], account: Path) -> Kubeconfig:
    server = URL.build(
        scheme="https",
        host=environ["KUBERNETES_SERVICE_HOST"],
        port=int(environ.get("KUBERNETES_SERVICE_PORT") or 443),
    )
    try:
        namespace = (account / "namespace").read_text().strip()
    except OSError as error:
        raise ConfigException(f"the pod has no ServiceAccount: {error.strerror}") from None
    return Kubeconfig(
        cluster=Cluster(server=f"{server}", **{"certificate-authority": account / "ca.crt"}),
        user=User(tokenFile=account / "token"),
        namespace=namespace,
    )


def _server(cluster: Cluster) -> URL:
    text = cluster.server
    if "://" not in text:
        is_secure = cluster.authority() or cluster.insecure_skip_tls_verify
        text = f"{'https' if is_secure else 'http'}://{text}"
    try:
        server = URL(text)
    except ValueError:
        server = URL()
    if server.scheme not in {"http", "https"} or not server.host:
        raise ConfigException("the cluster's server is no URL with http:// or https://")
    return server


def _program(user: User, cluster: Cluster, environ: Mapping[str, str]) -> CredentialProgram | None:
    if user.auth_provider is not None:
        raise ConfigException(
            "the kubeconfig's auth-provider isn't supported: use a plugin (exec) in its place, such"
            " as kubelogin, or the token of a ServiceAccount"
        )
    if user.exec is None:
        return None
    return CredentialProgram(user.exec, cluster, environ)
