"""A certificate authority for one control plane, and what it signs."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_FOR = timedelta(days=365)
LOOPBACK = ipaddress.ip_address("127.0.0.1")
SERVER_NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Files in PEM."""

    certificate: Path
    key: Path


class Authority:
    """Signs server and client certificates and writes them to a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("control-plane-ca", organization=None)
        builder = _builder(self._name, self._key.public_key())
        builder = builder.add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.certificate = self._sign("ca", builder)

    def server(self, name: str) -> KeyPair:
        """For a server on the loopback."""
        names = [x509.DNSName(each) for each in SERVER_NAMES]
        alternatives = x509.SubjectAlternativeName([*names, x509.IPAddress(LOOPBACK)])
        return self._issue(name, None, ExtendedKeyUsageOID.SERVER_AUTH, alternatives)

    def client(self, user: str, *, group: str) -> KeyPair:
        """For a user of the API server, which reads the user and the group from it."""
        return self._issue(user, group, ExtendedKeyUsageOID.CLIENT_AUTH)

    def signing_key(self, name: str) -> Path:
        """A key alone, such as signs the tokens of ServiceAccounts."""
        return self._write_key(name, ec.generate_private_key(ec.SECP256R1()))

    def _issue(
        self,
        name: str,
        organization: str | None,
        usage: x509.ObjectIdentifier,
        *extensions: x509.ExtensionType,
    ) -> KeyPair:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(name, organization=organization), key.public_key())
        for extension in (x509.ExtendedKeyUsage([usage]), *extensions):
            builder = builder.add_extension(extension, critical=False)
        file_name = name.replace(":", "-")
        return KeyPair(self._sign(file_name, builder), self._write_key(file_name, key))

    def _sign(self, name: str, builder: x509.CertificateBuilder) -> Path:
        signed = builder.issuer_name(self._name).sign(self._key, hashes.SHA256())
        path = self._folder / f"{name}.crt"
        path.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        return path

    def _write_key(self, name: str, key: ec.EllipticCurvePrivateKey) -> Path:
        path = self._folder / f"{name}.key"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,  # the one that signs tokens as well
                serialization.NoEncryption(),
            )
        )
        return path


def _builder(subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID_FOR)
    )


def _name(common_name: str, *, organization: str | None) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organization:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(attributes)
