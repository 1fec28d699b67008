"""Everything that the documentation shows is run.

A code block is fenced and says its kind.  ``python`` is executed, all blocks of a document in one
namespace, and what follows ``>>>`` must print what is shown; ``console`` holds commands of the
library after ``$`` and exactly what they print; the kinds of `SHOWN` are only read.  Shell commands
stand in the README alone, where a comment above each tells `.ci/run` which one it is.

Notebooks are scripts in jupytext's percent format, and run from top to bottom.
"""

import doctest
import os
import re
import shlex
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.document import Document
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from tests.test_architecture import MODULES, Module, import_public

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
GLOSSARY = ROOT / "docs" / "reference" / "glossary.md"
DOCUMENTS = [README, *sorted(ROOT.glob("docs/**/*.md"))]
NOTEBOOKS = sorted(ROOT.glob("docs/notebooks/*.py"))

EXECUTED = {"console", "python"}
SHOWN = {"mermaid", "text", "toml"}

# As in a terminal of the usual width that knows neither colours nor the reader's own settings.
TERMINAL = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def run(*arguments: str) -> str:
    """Run Python at the top of the checkout; give what a terminal would show."""
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env=TERMINAL,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout


def commands_shown(source: str) -> list[tuple[str, str]]:
    """Split a console block into commands and what they print."""
    before, *entries = re.split(r"^\$ ", source, flags=re.MULTILINE)
    assert not before, f"output without a command: {before!r}"
    return [(command, shown) for command, _, shown in (it.partition("\n") for it in entries)]


def check_console(example: Example) -> str:
    """Compare each command's output with what is shown; Sybil reports what is returned."""
    differences: list[str] = []
    for command, shown in commands_shown(example.parsed):
        python, *arguments = shlex.split(command)
        assert [python, *arguments[:2]] == ["python", "-m", "apaclogistics"], command
        actual = run(*arguments)
        differences += unified_diff(shown.splitlines(), actual.splitlines(), "shown", "printed")
    return "\n".join(differences)


SYBIL = Sybil([PythonCodeBlockParser(), CodeBlockParser("console", check_console)])


def kinds(text: str) -> list[str]:
    """Give the kind of every fenced block of a document, "" for one that does not say."""
    fences = RawFencedCodeBlockLexer(re.compile(r"(?P<kind>.*)$\n", re.MULTILINE))
    return [region.lexemes["kind"] for region in fences(Document(text, "document.md"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_code_block_is_of_a_kind_that_is_looked_after(path: Path) -> None:
    shell = {"sh"} if path == README else set()

    assert set(kinds(path.read_text(encoding="utf-8"))) <= EXECUTED | SHOWN | shell


def test_an_unknown_or_unnamed_kind_is_noticed() -> None:
    text = "```\nx\n```\n\n- ```python title\n  x\n  ```\n\n~~~~ruby\n```sh\n```\n~~~~\n"

    assert set(kinds(text)) >= {"", "python title", "ruby"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_what_a_document_shows_is_what_happens(path: Path) -> None:
    for example in SYBIL.parse(path):
        example.evaluate()


@pytest.mark.parametrize("kind", ["demo", "test"])
def test_the_readme_marks_its_commands(kind: str) -> None:
    """`.ci/run` finds them by these comments, so each stands on one line below its own."""
    text = README.read_text(encoding="utf-8")

    assert len(re.findall(rf"^<!-- {kind} command -->\n```sh\n.+\n```$", text, re.MULTILINE)) == 1
    assert kinds(text).count("sh") == 2


def test_the_glossary_has_one_word_for_each_concept() -> None:
    """No term stands twice, nor among the words that are not used for another."""
    row = r"^\| (\*\*[^|]*)\|[^|]*\|([^|]*)\|$"
    rows = re.findall(row, GLOSSARY.read_text("utf-8"), re.MULTILINE)
    terms = [term for first, *_ in rows for term in re.findall(r"\*\*(.+?)\*\*", first)]
    others = {word.strip() for *_, last in rows for word in re.split("[,;]", last)}

    assert len(terms) == len(set(terms)) > 60
    assert others.isdisjoint(terms)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_a_notebook_runs_from_top_to_bottom(path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", path], check=True, cwd=path.parent)


@pytest.mark.parametrize("module", [it for it in MODULES if it.is_public], ids=str)
def test_the_examples_in_docstrings_hold(module: Module) -> None:
    assert doctest.testmod(import_public(module)).failed == 0
