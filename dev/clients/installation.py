"""Gets a client from its registry, once for a machine and for what its files ask for."""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dev.clients.client import Client
from dev.clients.failure import NoClientError
from dev.go_programs.build import cache_of
from dev.progress import Say


def installed(client: Client, environment: Mapping[str, str], *, say: Say) -> Path:
    """The folder to run it in."""
    cache = cache_of(environment) / "clients" / client.name
    folder = cache / _fingerprint(client)
    if not folder.exists():
        say(f"Getting {client.title}; it is kept in {folder}.")
        cache.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".work-", dir=cache))
        try:
            _install(client, work, environment)
            work.rename(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return folder


def _fingerprint(client: Client) -> str:
    contents = b"\0".join(source.read_bytes() for source in client.sources())
    return hashlib.sha256(contents).hexdigest()[:16]


def _install(client: Client, work: Path, environment: Mapping[str, str]) -> None:
    for source in client.sources():
        shutil.copy(source, work)
    try:
        subprocess.run(
            client.install,
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise NoClientError(f"{client.title} needs {client.install[0]}.") from error
    except subprocess.CalledProcessError as error:
        raise NoClientError(f"{client.install[0]} said: {error.stdout}{error.stderr}") from error
