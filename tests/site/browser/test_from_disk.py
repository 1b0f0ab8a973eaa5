"""The zip of all pages, unpacked: what its readers do works without a server.

Questions, the search and what the browser remembers are tried on pages that lie on a disk.
"""

import zipfile

import pytest
from playwright.sync_api import expect

from tests.support.site_pages import CHAPTERS, LANDING, SITE
from tests.support.visit import assert_styled
from tests.support.window import open_window
from tools.site import downloads

CHAPTER = CHAPTERS[0]
PICTURES = """async () => {
    const images = [...document.querySelectorAll("article img")];
    images.forEach(image => image.loading = "eager");
    await Promise.all(images.map(image => image.decode()));
    return images.filter(image => image.naturalWidth > 0).length;
}"""

LOADED_FONTS = """async () => [...await document.fonts.ready].filter(
    font => font.family.startsWith("KaTeX") && font.status === "loaded").length"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The zip as a reader unpacks it; its address."""
    place = tmp_path_factory.mktemp("disk")
    downloads.write_zip(SITE, place / "book.zip")
    with zipfile.ZipFile(place / "book.zip") as packed:
        packed.extractall(place)
    return (place / downloads.NAME).as_uri() + "/"


@pytest.fixture(scope="module")
def reader(browser):
    """One window for all tests: the browser remembers."""
    return open_window(browser.new_context)


@pytest.fixture
def page(reader):
    reader.forget()
    yield reader.page
    assert reader.trouble == []


def test_the_first_file_leads_to_the_book(page, folder):
    page.goto(folder + "index.html")
    page.wait_for_url(folder + LANDING)
    assert_styled(page)
    expect(page.locator(".on-a-disk")).to_contain_text("its cells do not run")
    page.get_by_role("link", name="Start with chapter 1").click()
    page.wait_for_url(folder + CHAPTER)


def test_a_chapter_has_equations_figures_and_a_line_on_its_cells(page, folder):
    page.goto(folder + CHAPTER)
    expect(page.locator(".on-a-disk")).to_be_visible()
    assert_styled(page)
    assert page.evaluate(PICTURES) > 3
    assert page.evaluate(LOADED_FONTS) > 0
    expect(page.get_by_role("button", name="Run", exact=True)).to_have_count(0)


def test_a_panel_moves(page, folder):
    page.goto(folder + LANDING)
    panel = page.locator("softmax-bars")
    panel.get_by_label("logit of cat").fill("5")
    expect(panel.locator(".panel-words")).to_contain_text("cat 5.0 gives 0.468")


def test_hints_open_and_an_answer_is_judged_and_remembered(page, folder):
    page.goto(folder + CHAPTER)
    exercise = page.locator("section[id^='exercise-1-']")
    exercise.locator("summary", has_text="Hint 1").click()
    expect(exercise.locator("details[open]")).to_have_count(1)
    page.locator(".practice-choice").first.click()
    page.goto(folder + "book/progress.html")
    expect(page.get_by_role("link", name="Softmax vs hardmax").last).to_be_visible()


def test_the_search_finds(page, folder):
    page.goto(folder + "search.html?q=softmax")
    expect(page.locator("ul.search > li a").first).to_have_text("1. Softmax vs hardmax")


def test_a_page_of_the_reference_is_styled(page, folder):
    page.goto(folder + "book/api/losses.html")
    assert_styled(page)
