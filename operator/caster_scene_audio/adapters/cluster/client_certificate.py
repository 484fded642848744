"""TLS with the API server: who vouches for it, and the certificate that is shown to it."""

import ssl
from collections.abc import Callable
from tempfile import NamedTemporaryFile

from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.kubeconfig_sections import (
    Cluster,
    User,
    contents,
    state_of,
)

DRAINS_FOR_S = 20.0
"""Longer than a connection is kept while it idles: by then none has the former certificate."""


def tls_of(cluster: Cluster) -> ssl.SSLContext:
    """As strict as kubectl, and no stricter; raises ConfigException."""
    try:
        context = ssl.create_default_context(cadata=cluster.authority())
    except ssl.SSLError:
        raise ConfigException("certificate-authority holds no certificate in PEM") from None
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if cluster.insecure_skip_tls_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class ClientCertificate:
    """The certificate that connections of `context` show, if any. `clock` gives monotonic seconds.

    Where it lies in files, it is read again when they change, as those who renew it replace them.
    """

    def __init__(self, context: ssl.SSLContext, user: User, *, clock: Callable[[], float]) -> None:
        """Raises ConfigException."""
        self._context = context
        self._user = user
        self._clock = clock
        self._changed_at: float | None = None
        self._seen = self._state_of_files()
        if pair := self._pair():
            self._load(*pair)

    @property
    def is_new(self) -> bool:
        """Whether connections with the former one may still be there."""
        changed_at = self._changed_at
        return changed_at is not None and self._clock() < changed_at + DRAINS_FOR_S

    def show(self, certificate: str, key: str) -> None:
        """From the next connection on; raises ConfigException."""
        self._load(certificate, key)
        self._changed_at = self._clock()

    def follow(self, user: User) -> None:
        """Show what a user has from now on; raises ConfigException."""
        former, self._user = self._user, user
        try:
            if pair := self._pair():
                self.show(*pair)
        except ConfigException:
            self._user = former
            raise
        self._seen = self._state_of_files()

    def look(self) -> None:
        """Show what the files hold by now; what can't be read is passed over for now."""
        if (seen := self._state_of_files()) == self._seen:
            return
        try:
            if pair := self._pair():
                self.show(*pair)
        except ConfigException:
            return  # one of the two may be yet to be written
        self._seen = seen

    def _pair(self) -> tuple[str, str] | None:
        user = self._user
        certificate = contents(
            user.client_certificate_data, user.client_certificate, "client-certificate"
        )
        key = contents(user.client_key_data, user.client_key, "client-key")
        if certificate is None and key is None:
            return None
        if certificate is None or key is None:
            raise ConfigException(
                "client-certificate and client-key belong together: one is missing"
            )
        return certificate, key

    def _load(self, certificate: str, key: str) -> None:
        """OpenSSL takes files alone: one is there for this moment, readable by its owner."""
        with NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(f"{certificate}\n{key}\n")
            file.flush()
            try:
                self._context.load_cert_chain(file.name, password=_no_password)
            except (ssl.SSLError, ValueError):
                raise ConfigException(
                    "client-certificate and client-key can't be used: each must be in PEM, the key"
                    " without a password, and the two must fit"
                ) from None

    def _state_of_files(self) -> list[object]:
        user = self._user
        files = (user.client_certificate, user.client_key)
        return [state_of(each) for each in files if each]


def _no_password() -> str:
    """Else OpenSSL asks at the terminal."""
    return ""
