"""What stands in a kubeconfig of a cluster, of a user, and of a plugin."""

import base64
import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from caster_scene_audio.adapters.cluster.config_exception import ConfigException


def _beside_the_file(value: object, info: ValidationInfo) -> object:
    """A path is relative to its kubeconfig's folder, which is the context."""
    return info.context / value if info.context and isinstance(value, str) else value


def _program(value: object, info: ValidationInfo) -> object:
    """As a file, but for a name alone, which is looked for in PATH."""
    return f"{_beside_the_file(value, info)}" if os.sep in f"{value}" else value


File = Annotated[Path, BeforeValidator(_beside_the_file)]


class Section(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=lambda name: name.replace("_", "-"),
    )

    @model_validator(mode="before")
    @classmethod
    def _only_what_is_said(cls, values: Any) -> Any:
        """Null and the empty string are nothing, as kubectl has it."""
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value not in (None, "")}


class Cluster(Section):
    """Where the API server is, and how to know it."""

    server: str
    certificate_authority: File | None = None
    certificate_authority_data: str | None = None
    insecure_skip_tls_verify: bool = False
    tls_server_name: str | None = None
    proxy_url: str | None = None
    extensions: tuple[dict[str, Any], ...] = ()

    def authority(self) -> str | None:
        """The certificates of who vouches for it, in PEM; None: the machine's own.

        Raises ConfigException.
        """
        name = "certificate-authority"
        return contents(self.certificate_authority_data, self.certificate_authority, name)


class Plugin(Section):
    """A program that gives credentials."""

    api_version: str = Field(alias="apiVersion")
    command: Annotated[str, BeforeValidator(_program)]
    args: tuple[str, ...] = ()
    env: tuple[dict[str, str], ...] = ()
    install_hint: str | None = Field(default=None, alias="installHint")
    provide_cluster_info: bool = Field(default=False, alias="provideClusterInfo")
    interactive_mode: str | None = Field(default=None, alias="interactiveMode")


class User(Section):
    """Who somebody is to the API server. Nothing of it: anonymous."""

    token: str | None = Field(default=None, repr=False)
    token_file: File | None = Field(default=None, alias="tokenFile")
    client_certificate: File | None = None
    client_certificate_data: str | None = Field(default=None, repr=False)
    client_key: File | None = None
    client_key_data: str | None = Field(default=None, repr=False)
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    exec: Plugin | None = None
    auth_provider: dict[str, Any] | None = Field(default=None, repr=False)
    as_user: str | None = Field(default=None, alias="as")
    as_uid: str | None = None
    as_groups: tuple[str, ...] = ()
    as_user_extra: dict[str, tuple[str, ...]] = {}


def contents(data: str | None, file: Path | None, name: str) -> str | None:
    """What is given as data, in base64, or else in a file. Raises ConfigException."""
    try:
        if data is not None:
            return base64.b64decode(data, validate=True).decode()
        return None if file is None else file.read_text()
    except OSError as error:
        raise ConfigException(f"{name}: {file} can't be read: {error.strerror}") from None
    except ValueError:
        pass  # its words may repeat the data
    raise ConfigException(f"{name}{'' if data is None else '-data'} is no text in base64 or PEM")


def state_of(path: Path) -> object:
    """Differs once the file has changed, come or gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
