"""What every test shares: a home of its own, so that no test touches a person's work."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time, and none too slow: machines differ, and tests must not.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Nothing is made ready ahead of a run, but where a test is about it.
os.environ["BLOCKWRIGHT_STANDBY"] = "0"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes many minutes, unless it is asked for."""
    if not os.environ.get("BLOCKWRIGHT_SOAK"):
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.skip(reason="long; BLOCKWRIGHT_SOAK=1 runs it"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep designs and runs of a test in its own folder."""
    home = tmp_path / "home"
    monkeypatch.setenv("BLOCKWRIGHT_HOME", str(home))
    return home


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
