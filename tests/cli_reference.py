"""Prints the reference of the command line: `python -m tests.cli_reference > docs/cli.md`."""

from __future__ import annotations

import argparse
import os
import sys

from gentap import cli

HEAD = """# Command line

`gentap COMMAND --help` says the same. Data goes to standard output, progress and remarks to
standard error; `-` is standard input. The exit status is 0 when all went well, 1 after an error,
which is one line that says what to do, and 2 for wrong usage. A command that was interrupted goes
on where it was when it is given again. `GENTAP_MODEL` and `GENTAP_QUESTION_MODEL` name the models
that `default` stands for.

This page is printed by `python -m tests.cli_reference`.
"""


def reference() -> str:
    """Return the page."""
    (verbs,) = (
        action
        for action in cli._parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return HEAD + "".join(_verb(name, parser) for name, parser in verbs.choices.items())


def _verb(name: str, parser: argparse.ArgumentParser) -> str:
    actions = [action for action in parser._actions if action.dest != "help"]
    places = [action for action in actions if not action.option_strings]
    usage = " ".join(["gentap", name, *map(_place, places), "[options]"])
    rows = [
        f"| `{_spelled(action)}` | {_default(action)} | {_said(action)} |" for action in actions
    ]
    table = "\n".join(["| | default | |", "|---|---|---|", *rows])
    return f"\n## {name}\n\n`{usage}`: {parser.description}.\n\n{table}\n"


def _place(action: argparse.Action) -> str:
    return f"{action.metavar}{'...' if action.nargs == '+' else ''}"


def _spelled(action: argparse.Action) -> str:
    if not action.option_strings:
        return _place(action)
    value = ""
    if action.nargs != 0:
        value = "{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.metavar
        value = value or action.dest.upper()
        value = " " + (" ".join(value) if isinstance(value, tuple) else value)
    return ", ".join(action.option_strings) + value


def _default(action: argparse.Action) -> str:
    if action.required and action.option_strings:
        return "required"
    if not action.option_strings or action.nargs == 0 or action.default in (None, "", []):
        return ""
    value = action.default
    return f"`{' '.join(map(str, value)) if isinstance(value, tuple) else value}`"


def _said(action: argparse.Action) -> str:
    return (action.help or "").replace("|", "\\|").replace("%%", "%")


if __name__ == "__main__":
    os.environ.pop("GENTAP_MODEL", None)  # it is the default of --model
    sys.stdout.write(reference())
