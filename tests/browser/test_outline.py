"""The outline: the whole design built and changed by keyboard alone, and told in words."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.driver import Editor

pytestmark = pytest.mark.browser


class Hands:
    """What somebody does who has a keyboard and no mouse."""

    def __init__(self, editor: Editor) -> None:
        self.page = editor.page
        self.editor = editor
        self.press = editor.page.keyboard.press

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def choose(self, words: str) -> None:
        """Type into the command palette that is open and take the first it finds."""
        expect(self.page.get_by_test_id("command").get_by_role("combobox")).to_be_focused()
        self.type(words)
        self.press("Enter")
        expect(self.page.get_by_test_id("command")).to_have_count(0)

    def row(self, name: str) -> Locator:
        return self.page.locator(f'[data-testid="outline-block"][data-name="{name}"]')

    def add(self, title: str, name: str) -> None:
        self.press("a")
        self.choose(title)
        expect(self.row(name)).to_be_focused()
        self.editor.saved()

    def go(self, name: str) -> None:
        self.press("Home")
        for _ in range(self.page.get_by_test_id("outline-block").count()):
            if self.row(name).evaluate("row => row === row.getRootNode().activeElement"):
                return
            self.press("ArrowDown")
        expect(self.row(name)).to_be_focused()

    def set(self, name: str, **values: object) -> None:
        """Go to a block's form, by Tab to its fields, and back with Escape."""
        self.go(name)
        self.press("Enter")
        inspector = self.page.get_by_test_id("inspector")
        expect(inspector.locator(".fields :is(input, select)").first).to_be_focused()
        for parameter, value in values.items():
            field = inspector.locator(f'[name="{parameter}"]')
            for _ in range(20):
                if field.evaluate("field => field === field.getRootNode().activeElement"):
                    break
                self.press("Tab")
            expect(field).to_be_focused()
            self.press("Control+a")
            self.type(str(value))
        self.press("Escape")
        expect(self.row(name)).to_be_focused()
        self.editor.saved()


@pytest.fixture
def hands(editor: Editor) -> Hands:
    """Open the outline of an empty design, without a mouse."""
    hands = Hands(editor)
    hands.press("Control+k")
    hands.choose("outline")
    expect(editor.page.get_by_role("button", name="Add the first block")).to_be_focused()
    return hands


def build_residual_network(hands: Hands) -> None:
    """Image, convolution, two convolutions with a shortcut around them, pool, classifier."""
    hands.add("Image", "image_1")
    hands.set("image_1", height=32, width=32, channels=3)
    for number in (1, 2, 3):
        hands.add("Convolution", f"conv_{number}")
        hands.set(f"conv_{number}", filters=16, kernel_size=3)
    hands.add("Add", "add_1")
    hands.go("conv_1")
    hands.press("t")
    hands.choose("add_1")
    expect(hands.row("conv_1")).to_be_focused()
    hands.go("add_1")
    hands.add("Global pool", "global_pool_1")
    hands.add("Classifier", "classifier_1")
    hands.set("classifier_1", classes=10)


def test_a_residual_network_is_built_by_keyboard_alone(hands: Hands) -> None:
    editor = hands.editor
    build_residual_network(hands)
    stem, body, head = 3 * 3 * 3 * 16 + 16, 3 * 3 * 16 * 16 + 16, 16 * 10 + 10
    editor.expect_params(stem + 2 * body + head)
    expect(editor.problems).to_have_count(0)
    assert editor.shape("add_1") == "32x32x16"
    assert editor.shape("classifier_1") == "10"
    names = [
        row.get_attribute("data-name") for row in editor.page.get_by_test_id("outline-block").all()
    ]
    convolutions = ["conv_1", "conv_2", "conv_3"]
    assert names == ["image_1", *convolutions, "add_1", "global_pool_1", "classifier_1"]
    words = hands.row("add_1").get_attribute("aria-label") or ""
    assert words.startswith("add_1, Add, from conv_3 and conv_1, output 32 ")


def test_inputs_are_reordered_cut_and_linked_by_keyboard_and_undone(hands: Hands) -> None:
    editor, page = hands.editor, hands.page
    build_residual_network(hands)
    inputs = page.get_by_test_id("outline-input")
    hands.go("add_1")
    hands.press("ArrowRight")
    expect(hands.row("add_1")).to_have_attribute("aria-expanded", "true")
    expect(inputs).to_have_count(2)
    hands.press("ArrowRight")
    hands.press("ArrowDown")
    expect(inputs.last).to_be_focused()
    expect(inputs.last).to_have_attribute("data-source", "conv_1")
    hands.press("Alt+ArrowUp")
    expect(inputs.first).to_have_attribute("data-source", "conv_1")
    expect(inputs.first).to_be_focused()
    hands.press("Delete")
    expect(inputs).to_have_count(1)
    expect(inputs.first).to_be_focused()
    editor.saved()
    expect(editor.problems).to_have_count(1)
    hands.press("ArrowLeft")
    hands.press("Shift+T")
    hands.choose("conv_1")
    expect(inputs).to_have_count(2)
    editor.saved()
    expect(editor.problems).to_have_count(0)
    hands.press("Control+z")
    expect(inputs).to_have_count(1)
    hands.press("Control+z")
    expect(inputs).to_have_count(2)
    expect(hands.row("add_1")).to_be_focused()


def test_blocks_are_renamed_and_removed_by_keyboard_and_every_change_is_told(
    hands: Hands,
) -> None:
    page = hands.page
    told = page.get_by_test_id("announcer")
    hands.add("Image", "image_1")
    hands.add("Convolution", "conv_1")
    hands.set("conv_1", filters=16, kernel_size=3)
    expect(told).to_contain_text("of conv_1. In total 448 parameters")
    hands.press("F2")
    expect(page.get_by_test_id("inspector").get_by_label("Name", exact=True)).to_be_focused()
    hands.type("stem")
    hands.press("Enter")
    hands.press("Escape")
    expect(hands.row("stem")).to_be_focused()
    hands.press("Delete")
    expect(hands.row("stem")).to_have_count(0)
    expect(hands.row("image_1")).to_be_focused()
    expect(told).to_contain_text("Remove stem. In total 0 parameters")
    hands.press("Control+z")
    expect(hands.row("stem")).to_have_count(1)
    expect(told).to_contain_text("Undone: Remove stem. In total 448 parameters, 442,368 MACs")
