"""What can be turned while the emulator runs."""

from dataclasses import dataclass

UPDATE = "UpdateCasterSceneAudio"
COPY = "CopyCasterSceneConfig"
DESCRIBE_AUDIO = "DescribeCasterSceneAudio"
DESCRIBE_SCENES = "DescribeCasterScenes"
CALLER_IDENTITY = "GetCallerIdentity"
CHANGES = frozenset({UPDATE, COPY})


@dataclass(slots=True, kw_only=True)
class Dials:
    """Quotas in calls a second (0: none), the latency of every call, and how to behave.

    Read answers spell channels left and right, as the service's page does; with `long_channels`
    leftChannel and rightChannel, as in a request. With `whole_volumes` a volume of 1.0 is told
    as 1. `any_scene` creates well-formed scenes on first use. A request line
    of more than `longest_line_bytes` gets a 414; 0 takes any up to the server's own 256 KiB.
    Whether a take brings the preview's audio along isn't known of the service: `take_audio`.
    """

    update_qps: int = 10
    copy_qps: int = 10
    read_qps: int = 15
    latency_ms: int = 0
    longest_line_bytes: int = 0
    any_scene: bool = False
    take_audio: bool = True
    long_channels: bool = False
    whole_volumes: bool = False

    def qps_of(self, action: str) -> int:
        if action == CALLER_IDENTITY:
            return 0
        return {UPDATE: self.update_qps, COPY: self.copy_qps}.get(action, self.read_qps)
