"""Two people share a server behind a proxy that says who they are."""

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from blocks import DataSettings, Design, keep_data, template
from editor.store import Library
from tests.browser.conftest import Server
from tests.browser.driver import Editor
from tests.browser.fields import settled, stopped_run
from tests.browser.wire import Wire

pytestmark = pytest.mark.browser
HEADER = "X-Forwarded-User"


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("BLOCKWRIGHT_SIGN_IN", HEADER)
    monkeypatch.setenv("BLOCKWRIGHT_MAX_DESIGNS", "2")
    server = Server(tmp_path / "home")
    server.home.mkdir(exist_ok=True)
    server.start()
    yield server
    server.kill()


def test_two_people_do_not_see_each_others_designs(
    shared: Server, new_page: Callable[..., Page]
) -> None:
    ann, bob = (Wire(shared.port, f"{HEADER}: {name}@lab.org") for name in ("ann", "bob"))
    hers = Editor(new_page(), ann.url)
    hers.open()
    hers.drag_block("Image", 100, 100)
    name = hers.page.get_by_label("Name of the design")
    name.fill("secret of ann")
    name.press("Enter")
    hers.saved()
    his = Editor(new_page(), bob.url)
    his.open()
    assert his.design_id() != hers.design_id()
    expect(his.nodes).to_have_count(0)
    his.open(f"{bob.url}/?design={hers.design_id()}")
    expect(his.nodes).to_have_count(0)
    his.page.goto(f"{bob.url}/library")
    expect(his.page.get_by_role("button", name="New design")).to_be_visible()
    expect(his.page.get_by_text("untitled").first).to_be_visible()
    expect(his.page.get_by_text("secret of ann")).to_have_count(0)
    hers.page.goto(f"{ann.url}/library")
    expect(hers.page.get_by_text("secret of ann").first).to_be_visible()


def secrets_of(owner: str, home: Path) -> str:
    """Give a person some of all there is to have, called secret; return the design's id."""
    library = Library(home / "library.sqlite")
    design_id = library.create(template("digits"), owner)
    library.edit(design_id, owner, "A secret edit", {"name": "secret design"})
    library.versions.name(design_id, owner, 1, "secret version")
    library.tag(design_id, owner, ["secret tag"])
    library.delete(library.create(Design("secret deleted design"), owner), owner)
    rows = "".join(f"{n},{n + 1},{n + 2},{n % 2}\n" for n in range(20))
    keep_data("secret data.csv", rows.encode(), DataSettings(), owner=owner)
    digits = template("digits")
    stopped_run(digits, "secret run", owner=owner, design_id=design_id)
    stopped_run(digits, "secret deleted run", owner=owner, design_id=design_id).delete()
    return design_id


def backup(page: Page, folder: Path) -> bytes:
    """Download a person's backup on the Library page and return all that is in it."""
    page.get_by_role("button", name="Backup").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download backup").click()
    waiting.value.save_as(folder / "backup.zip")
    with zipfile.ZipFile(folder / "backup.zip") as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


WORDS = """
() => {
  const words = [];
  const read = (root) => {
    words.push(root.textContent);
    for (const field of root.querySelectorAll("input, textarea")) words.push(field.value);
    for (const one of root.querySelectorAll("*")) if (one.shadowRoot) read(one.shadowRoot);
  };
  read(document.body);
  return words.join(" ");
}
"""
"""All words of a page, shadow trees and fields too."""


def test_nothing_of_one_person_is_shown_to_another_by_no_page_and_no_address(
    shared: Server, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    """What its owner sees on a page, the other one does not, whatever the address says."""
    ann, bob = (Wire(shared.port, f"{HEADER}: {name}@lab.org") for name in ("ann", "bob"))
    secret = secrets_of("ann@lab.org", shared.home)
    hers, his = new_page(), new_page()
    Editor(his, bob.url).open()
    for address, hers_alone, everybodys in (
        (f"?design={secret}", ["secret design"], "untitled"),
        ("library", ["secret design", "secret tag", "Deleted (1)"], "New design"),
        (f"train?design={secret}", ["secret run", "Deleted runs (1"], "No run yet"),
        (f"compare?designs={secret},{secret}@1", ["secret design"], "in your library"),
    ):
        hers.goto(f"{ann.url}/{address}")
        for word in hers_alone:
            hers.wait_for_function(f"word => ({WORDS})().includes(word)", arg=word)
        his.goto(f"{bob.url}/{address}")
        his.wait_for_function(f"word => ({WORDS})().includes(word)", arg=everybodys)
        settled(his)
        assert not re.search("secret|deleted", his.evaluate(WORDS), re.IGNORECASE), address
    for page, wire, count in ((hers, ann, 1), (his, bob, 0)):
        page.goto(f"{wire.url}/train")
        page.get_by_role("combobox", name="Data set").click()
        expect(page.get_by_role("option", name="ECG")).to_be_visible()
        expect(page.get_by_role("option", name=re.compile("secret"))).to_have_count(count)
        page.goto(f"{wire.url}/library")
        assert (b"secret version" in backup(page, tmp_path)) == bool(count)


def test_without_a_name_from_the_proxy_nothing_is_shown(
    shared: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(shared.url)
    expect(page.get_by_text("this server does not know who you are")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("canvas")).to_have_count(0)
