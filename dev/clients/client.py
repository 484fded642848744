"""The clients: packages of a registry, and a program that makes every call with them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """`files` lie beside this one; `install` and `run` are run in a folder with a copy of them.

    The program reads the order on its standard input, prints the RequestId of each call, and at
    last the code that a wrong secret gets: `wrong_secret`.
    """

    name: str
    title: str
    files: tuple[str, ...]
    install: tuple[str, ...]
    run: tuple[str, ...]
    wrong_secret: str

    def sources(self) -> list[Path]:
        folder = Path(__file__).parent / self.name
        return [folder / name for name in self.files]


NODE = Client(
    name="node",
    title="@alicloud/pop-core",
    files=("package.json", "package-lock.json", "calls.js"),
    install=("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
    run=("node", "calls.js"),
    wrong_secret="SignatureDoesNotMatch",  # noqa: S106 (a code of the service)
)
JAVA = Client(
    name="java",
    title="aliyun-java-sdk-core",
    files=("pom.xml", "Calls.java"),
    install=(
        "mvn",
        "--quiet",
        "--batch-mode",
        "dependency:copy-dependencies",
        "-DoutputDirectory=lib",
    ),
    run=("java", "-cp", "lib/*", "Calls.java"),
    wrong_secret="SDK.InvalidAccessKeySecret",  # noqa: S106 (a code of the SDK)
)
CLIENTS = {client.name: client for client in (NODE, JAVA)}
