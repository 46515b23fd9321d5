"""Two people share a server behind a proxy that says who they are."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.driver import Editor
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


def test_without_a_name_from_the_proxy_nothing_is_shown(
    shared: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(shared.url)
    expect(page.get_by_text("this server does not know who you are")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("canvas")).to_have_count(0)
