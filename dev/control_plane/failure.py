"""What can keep a control plane from running; each message says what to do."""


class ControlPlaneError(Exception):
    """The root of this tree.

    ├── ComponentError       a component ended or did not become ready; carries the end of its log
    └── KubectlError         kubectl refused; carries what it wrote to its standard error
    """


class ComponentError(ControlPlaneError):
    pass


class KubectlError(ControlPlaneError):
    def __init__(self, command: str, *, exit_code: int, stderr: str) -> None:
        super().__init__(f"kubectl {command} ended with {exit_code}:\n{stderr.strip()}")
        self.exit_code = exit_code
        self.stderr = stderr
