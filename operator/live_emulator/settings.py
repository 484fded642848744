"""What the emulator starts with: from the command line, else from the environment."""

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import version
from typing import NoReturn, TypeVar

from typing_extensions import override

from live_emulator.keys import DEFAULT_ACCOUNT, AccessKey

T = TypeVar("T")

PREFIX = "LIVE_EMULATOR_"
DISTRIBUTION = "caster-scene-audio-operator"
EPILOG = f"""\
Every flag is also {PREFIX}<NAME> in the environment, such as
{PREFIX}ACCESS_KEY='ID:SECRET ID2:SECRET2'; the flag wins.

examples:
  for one key, on the port that the README names:
    live-emulator --port 8080 --access-key testid:testsecret

  two keys of one account, which share its quota:
    live-emulator --access-key one:s1@studio two:s2@studio --update-qps 2

  any scene, on a free port, as a test would:
    live-emulator --port 0 --any-scene --update-qps 0 --read-qps 0
"""
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Without access keys, the made-up testid:testsecret is good. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 0
    access_keys: tuple[AccessKey, ...] = ()
    update_qps: int = 10
    copy_qps: int = 10
    read_qps: int = 15
    latency_ms: int = 0
    longest_line_bytes: int = 0
    any_scene: bool = False
    take_audio: bool = True
    demo_studio: bool = True
    keep_calls: int = 100_000


def access_key(text: str) -> AccessKey:
    """ID:SECRET or ID:SECRET@ACCOUNT. The message never repeats what was given."""
    access_key_id, _, rest = text.partition(":")
    secret, at, account = rest.partition("@")
    if not access_key_id or not secret or (at and not account):
        raise argparse.ArgumentTypeError("an access key is written ID:SECRET or ID:SECRET@ACCOUNT")
    return AccessKey(access_key_id=access_key_id, secret=secret, account=account or DEFAULT_ACCOUNT)


def count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 0 or more")
    return int(text)


def truth(text: str) -> bool:
    if text.lower() not in TRUE_WORDS | FALSE_WORDS:
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")
    return text.lower() in TRUE_WORDS


def access_keys(text: str) -> list[AccessKey]:
    return [access_key(word) for word in text.split()]


class OneLineParser(argparse.ArgumentParser):
    """Exits with 2 and one line, without the whole usage."""

    @override
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}{self._hint(message)} (--help shows all)\n")

    def _hint(self, message: str) -> str:
        flags = [flag for action in self._actions for flag in action.option_strings]
        unknown = re.search(r"unrecognized arguments:.*?(--[\w-]+)", message)
        near = get_close_matches(unknown[1], flags, n=1, cutoff=0.5) if unknown else []
        return f"; did you mean {near[0]}?" if near else ""


def parser() -> argparse.ArgumentParser:
    made = OneLineParser(
        prog="live-emulator",
        description="ApsaraVideo Live on a laptop: the audio of caster scenes.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "--version", action="version", version=f"live-emulator {version(DISTRIBUTION)}"
    )
    made.add_argument("--host", help="address to listen on (127.0.0.1)")
    made.add_argument("--port", type=count, help="port to listen on, 0 for a free one (8080)")
    made.add_argument(
        "--access-key",
        type=access_key,
        nargs="+",
        action="extend",
        metavar="ID:SECRET[@ACCOUNT]",
        help="access keys that are good; keys of one account share its quota (testid:testsecret)",
    )
    made.add_argument("--update-qps", type=count, help="updates a second, 0 for no quota (10)")
    made.add_argument("--copy-qps", type=count, help="takes a second, 0 for no quota (10)")
    made.add_argument("--read-qps", type=count, help="calls a second of each read, 0: none (15)")
    made.add_argument("--latency-ms", type=count, help="milliseconds before each answer (0)")
    made.add_argument(
        "--longest-line-bytes",
        type=count,
        help="longer request lines get a 414, 0 for no such limit (0)",
    )
    made.add_argument("--keep-calls", type=count, help="calls kept on record (100000)")
    made.add_argument(
        "--any-scene",
        action=argparse.BooleanOptionalAction,
        help="create well-formed scenes on first use",
    )
    made.add_argument(
        "--take-audio",
        action=argparse.BooleanOptionalAction,
        help="a take brings the preview's audio along (the default)",
    )
    made.add_argument(
        "--demo-studio",
        action=argparse.BooleanOptionalAction,
        help="start with the demo caster and its scenes (the default)",
    )
    return made


def settings_from(arguments: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Exits with argparse's status 2 and a message when something doesn't parse."""
    line = parser()
    given = line.parse_args(arguments)

    def value(name: str, parse: Callable[[str], T], usual: T) -> T:
        told: T | None = getattr(given, name)
        text = environ.get(f"{PREFIX}{name.upper()}")
        if told is not None or text is None:
            return usual if told is None else told
        try:
            return parse(text)
        except argparse.ArgumentTypeError as error:
            line.error(f"{PREFIX}{name.upper()}: {error}")

    return Settings(
        host=value("host", str, "127.0.0.1"),
        port=value("port", count, 8080),
        access_keys=tuple(value("access_key", access_keys, [])),
        update_qps=value("update_qps", count, 10),
        copy_qps=value("copy_qps", count, 10),
        read_qps=value("read_qps", count, 15),
        latency_ms=value("latency_ms", count, 0),
        longest_line_bytes=value("longest_line_bytes", count, 0),
        keep_calls=value("keep_calls", count, 100_000),
        any_scene=value("any_scene", truth, usual=False),
        take_audio=value("take_audio", truth, usual=True),
        demo_studio=value("demo_studio", truth, usual=True),
    )
