"""Links between pages lead to a file that is there, and to a heading that is on it."""

import re
from pathlib import Path

import pytest

from tests.test_docs import DOCUMENTS, name

LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def prose(path: Path) -> str:
    """Give a page without its code blocks."""
    return FENCED.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Give what the headings of a page are linked by: small letters, and a hyphen for a blank."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def broken(path: Path) -> list[str]:
    """List the links of a page that lead nowhere; those to other sites are not tried."""
    nowhere = []
    for target, anchor in LINK.findall(prose(path)):
        if target.startswith(("http://", "https://")):
            continue
        page = path.parent / target if target else path
        if not page.exists() or (anchor and anchor not in anchors(page)):
            nowhere.append(f"{target}#{anchor}")
    return nowhere


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert broken(path) == []


def test_a_link_that_leads_nowhere_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A *page*\n[1](page.md#a-page) [2](#b) [3](other.md) [4](https://example.com)"
    )

    assert broken(page) == ["#b", "other.md#"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_page_can_be_reached_from_the_map(path: Path) -> None:
    readme, *_ = DOCUMENTS
    seen, ahead = {readme}, [readme]
    while ahead:
        page = ahead.pop()
        linked = {(page.parent / target).resolve() for target, _ in LINK.findall(prose(page))}
        new = {page for page in linked if page.suffix == ".md" and page.exists()} - seen
        seen |= new
        ahead += new

    assert path in seen
