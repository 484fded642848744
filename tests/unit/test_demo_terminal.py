import io

from typing_extensions import override

from dev.demo.terminal import Terminal


class Screen(io.StringIO):
    """A terminal that a person watches."""

    @override
    def isatty(self) -> bool:
        return True


def test_a_file_gets_no_colours() -> None:
    out = io.StringIO()

    Terminal(out, no_color=False).passed("It held.")

    assert out.getvalue() == "✓ It held.\n"


def test_a_person_gets_colours_unless_they_said_no() -> None:
    coloured, plain = Screen(), Screen()

    Terminal(coloured, no_color=False).failed("It did not.")
    Terminal(plain, no_color=True).failed("It did not.")

    assert "\x1b[31m" in coloured.getvalue()
    assert plain.getvalue() == "✗ It did not.\n"


def test_a_command_is_quoted_as_a_shell_wants_it() -> None:
    out = io.StringIO()

    Terminal(out).command(("kubectl", "patch", "csa", "x", "-p", '{"spec": {}}'))

    assert out.getvalue() == "  $ kubectl patch csa x -p '{\"spec\": {}}'\n"


def test_what_a_command_reads_is_shown_with_it() -> None:
    out = io.StringIO()

    Terminal(out).command(("kubectl", "apply", "-f", "-"), "kind: CasterSceneAudio\n")

    assert out.getvalue() == "  $ kubectl apply -f - <<'END'\n  kind: CasterSceneAudio\n  END\n"


def test_the_columns_of_a_table_stand_below_each_other() -> None:
    out = io.StringIO()

    Terminal(out).table(("A", "LONGER"), [("word", "x"), ("", "y")])

    assert out.getvalue().splitlines()[:3] == ["  A      LONGER", "  word   x", "         y"]


def test_there_are_never_two_empty_lines() -> None:
    out = io.StringIO()
    terminal = Terminal(out)

    terminal.output("done\n\n\n")
    terminal.heading("Next")

    assert out.getvalue() == "  done\n\nNext\n\n"
