"""A program of a Go module, of which the repository holds go.mod and go.sum."""

import hashlib
import platform
import re
from dataclasses import dataclass
from pathlib import Path

# Set whatever the user's own Go settings say: a build is to give the same everywhere.
BUILD_ENVIRONMENT = {
    "CGO_ENABLED": "0",
    "GOFLAGS": "-buildvcs=false",
    "GOTOOLCHAIN": "auto",
    "GOWORK": "off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoProgram:
    """What is built, and the words about it for a person who waits.

    Attributes:
        title: Its name and version, in the middle of a sentence.
        cache: The folder below the project's cache that keeps it.
        binary: The file that is built.
        aliases: Names that it is called by besides, as symbolic links.
        package: What is compiled, in go's words.
        takes: How long a build takes, and how much disk.
        instead: What to do where it can't be built.
    """

    title: str
    cache: str
    module: Path
    package: str
    ldflags: str
    binary: str
    aliases: tuple[str, ...] = ()
    takes: str
    instead: str

    @property
    def go_version(self) -> tuple[int, int]:
        """Oldest Go that builds the module."""
        major, minor, *_ = go_mod_line(self.module, r"^go (\S+)$").split(".")
        return int(major), int(minor)

    def build_arguments(self, output: Path) -> list[str]:
        """What follows `go`, but for the package."""
        options = ["-v", "-trimpath", "-mod=readonly", "-ldflags", self.ldflags]
        return ["build", *options, "-o", f"{output}"]

    def fingerprint(self) -> str:
        """Changes with whatever changes the binary."""
        how = self.build_arguments(Path(self.binary)), sorted(BUILD_ENVIRONMENT.items())
        digest = hashlib.sha256()
        named = [self.module / "go.mod", self.module / "go.sum"]
        for source in (*named, *sorted(self.module.glob("*.go"))):
            digest.update(source.read_bytes())
        digest.update(repr(how).encode())
        digest.update(f"{platform.system()} {platform.machine()}".encode())
        return digest.hexdigest()[:16]


def go_mod_line(module: Path, pattern: str) -> str:
    """What the pattern's group finds in go.mod; that it is there is ours to see to."""
    found = re.search(pattern, (module / "go.mod").read_text(), re.MULTILINE)
    if found is None:
        raise ValueError(f"{module}/go.mod has no line like {pattern}")
    return found.group(1)


def required_version(module: Path, dependency: str) -> str:
    """As go.mod requires it, with its v."""
    return go_mod_line(module, rf"^\s*{re.escape(dependency)} (v\S+)(?: // indirect)?$")
