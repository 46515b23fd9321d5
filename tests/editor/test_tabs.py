"""A tab runs again when its design has news for it, and never without."""

import pytest

from editor.tabs import Tabs


class Server:
    """Tabs that are open, revisions that designs have, and the tabs that were run again."""

    def __init__(self) -> None:
        self.open = {"a", "b", "c"}
        self.newest = {"net": 3, "other": 1}
        self.ran: list[str] = []
        self.asked: list[set[str]] = []
        self.busy: set[str] = set()
        self.tabs = Tabs(self.revisions, self.open.__contains__, self.rerun)

    def rerun(self, tab: str) -> bool:
        if tab not in self.busy:
            self.ran.append(tab)
        return tab not in self.busy

    def revisions(self, designs: set[str]) -> dict[str, int]:
        self.asked.append(designs)
        return {name: self.newest[name] for name in designs if name in self.newest}

    def look(self) -> list[str]:
        self.ran.clear()
        self.tabs.look()
        return list(self.ran)


@pytest.fixture
def server() -> Server:
    return Server()


def test_a_tab_that_shows_all_there_is_does_not_run(server: Server) -> None:
    assert server.tabs.show("a", "net", 3) == 1
    assert server.look() == []


def test_nobody_is_asked_where_nothing_is_open(server: Server) -> None:
    assert server.look() == []
    assert server.asked == []


def test_the_other_tab_runs_when_one_made_an_edit(server: Server) -> None:
    server.tabs.show("a", "net", 3)
    assert server.tabs.show("b", "net", 3) == 2
    server.tabs.show("a", "net", 3)
    server.newest["net"] = 4
    server.tabs.show("a", "net", 4)
    assert server.look() == ["b"]
    server.tabs.show("b", "net", 4)
    assert server.look() == []


def test_a_tab_runs_when_another_comes_leaves_or_closes(server: Server) -> None:
    server.tabs.show("a", "net", 3)
    assert server.tabs.show("b", "net", 3) == 2
    assert server.look() == ["a"]
    server.tabs.show("a", "net", 3)
    server.tabs.leave("b")
    assert server.look() == ["a"]
    server.tabs.show("a", "net", 3)
    server.tabs.show("b", "net", 3)
    server.tabs.show("a", "net", 3)
    server.open.remove("b")
    assert server.look() == ["a"]


def test_the_same_news_is_not_told_again_and_again(server: Server) -> None:
    server.tabs.show("a", "net", 2)
    assert server.look() == ["a"]
    assert server.look() == []
    server.newest["net"] = 4
    assert server.look() == ["a"]


def test_a_deleted_design_is_news_too(server: Server) -> None:
    server.tabs.show("a", "net", 3)
    del server.newest["net"]
    assert server.look() == ["a"]


def test_other_designs_are_not_disturbed(server: Server) -> None:
    server.tabs.show("a", "net", 3)
    server.tabs.show("c", "other", 1)
    server.newest["net"] = 4
    assert server.look() == ["a"]


def test_a_tab_that_is_busy_runs_as_soon_as_it_is_free(server: Server) -> None:
    server.tabs.show("a", "net", 2)
    server.busy.add("a")
    assert server.look() == []
    server.busy.clear()
    assert server.look() == ["a"]
