"""Going from page to page, and back."""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Editor

pytestmark = pytest.mark.browser


def test_back_leads_from_training_to_the_same_drawing_and_out_of_the_editor(
    editor: Editor,
) -> None:
    page = editor.page
    editor.drag_block("Image", 250, 60)
    design = editor.design_id()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("heading", name="New run")).to_be_visible()
    page.go_back()
    expect(editor.nodes).to_have_count(1)
    assert editor.design_id() == design
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_the_address_names_the_design_after_a_visit_to_another_page(editor: Editor) -> None:
    editor.drag_block("Image", 250, 60)
    design = editor.design_id()
    editor.page.get_by_role("link", name="Library").click()
    editor.page.get_by_role("link", name="Design").click()
    expect(editor.nodes).to_have_count(1)
    editor.saved()
    assert editor.design_id() == design
    editor.page.reload()
    expect(editor.nodes).to_have_count(1)
