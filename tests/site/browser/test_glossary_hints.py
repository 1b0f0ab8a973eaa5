"""A definition beside its link: on hover and focus, while it is wanted, inside the window."""

import re

import pytest
from playwright.sync_api import expect

LOGIT = 'a[href="glossary.html#logit"]'
CHAPTER = "book/01-softmax-vs-hardmax.html"


@pytest.fixture
def chapter(loaded):
    """The chapter, with no definition shown and nothing focused."""
    window = loaded(CHAPTER)
    window.forget()
    page = window.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="screen")
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")
    yield page
    assert window.trouble == []


@pytest.fixture
def fresh(page, site):
    """The chapter once more, for tests that stop its clock or leave it."""
    page.goto(site + CHAPTER)
    return page


def link_to_logit(chapter):
    link = chapter.locator("article").locator(LOGIT).first
    link.evaluate("link => link.scrollIntoView({block: 'center', behavior: 'instant'})")
    return link


@pytest.fixture
def link(chapter):
    return link_to_logit(chapter)


@pytest.fixture
def hint(chapter):
    return chapter.locator("#hint-logit")


def focus(link):
    """Focus a link as the Tab key does: from the one before it."""
    link.evaluate("""link => {
        const links = [...document.querySelectorAll("a[href], button, summary, [tabindex='0']")];
        links[links.indexOf(link) - 1].focus();
    }""")
    link.page.keyboard.press("Tab")
    expect(link).to_be_focused()


def test_the_pointer_brings_the_definition_and_takes_it_away(chapter, link, hint):
    expect(hint).to_be_hidden()
    link.hover()
    expect(hint).to_be_visible()
    expect(hint).to_contain_text("score")
    chapter.mouse.move(0, 0)
    expect(hint).to_be_hidden()


def test_the_pointer_may_move_into_the_definition(fresh):
    hint = fresh.locator("#hint-logit")
    fresh.clock.install()
    link_to_logit(fresh).hover()
    fresh.clock.run_for(1_000)
    expect(hint).to_be_visible()
    hint.hover()
    fresh.clock.run_for(5_000)
    expect(hint).to_be_visible()


def test_the_keyboard_brings_what_describes_the_link(link, hint):
    focus(link)
    expect(hint).to_be_visible()
    expect(link).to_have_attribute("aria-describedby", "hint-logit")
    expect(link).to_have_accessible_description(re.compile("^A score before softmax; "))
    link.page.keyboard.press("Tab")
    expect(hint).to_be_hidden()
    expect(link).not_to_have_attribute("aria-describedby", "hint-logit")


def test_escape_takes_the_definition_away_and_leaves_the_focus(link, hint):
    focus(link)
    expect(hint).to_be_visible()
    link.page.keyboard.press("Escape")
    expect(hint).to_be_hidden()
    expect(link).to_be_focused()


def test_one_definition_is_shown_at_a_time(chapter, link):
    focus(link)
    other = chapter.locator("article").locator('a[href="glossary.html#sigmoid"]').first
    other.hover()
    expect(chapter.locator("#hint-sigmoid")).to_be_visible()
    expect(chapter.locator(".glossary-hint:visible")).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800), (320, 256)])
@pytest.mark.parametrize("block", ["start", "end"])
def test_every_definition_lies_inside_the_window(chapter, width, height, block):
    chapter.set_viewport_size({"width": width, "height": height})
    outside = chapter.evaluate(
        """block => {
        const wrong = [];
        for (const hint of document.querySelectorAll(".glossary-hint")) {
            const hash = hint.id.replace("hint-", "#");
            const link = document.querySelector(`article a[href="glossary.html${hash}"]`);
            link.scrollIntoView({block, behavior: "instant"});
            link.focus({focusVisible: true});
            const {left, top, right, bottom} = hint.getBoundingClientRect();
            const fits = 0 <= left && 0 <= top && right <= innerWidth && bottom <= innerHeight;
            if (hint.hidden || !fits) wrong.push([hint.id, hint.hidden, left, top, right, bottom]);
        }
        return wrong;
    }""",
        block,
    )
    assert outside == []


def test_a_link_inside_a_definition_leads_on(page, site):
    page.goto(f"{site}book/02-logistic-to-softmax.html")
    hint = page.locator(".glossary-hint:has(a)").first
    inner = hint.locator("a").first
    target = inner.get_attribute("href")
    term = hint.get_attribute("id").removeprefix("hint-")
    focus(page.locator("article").locator(f'a[href="glossary.html#{term}"]').first)
    expect(hint).to_be_visible()
    inner.click()
    expect(page).to_have_url(f"{site}book/{target}")


def test_print_shows_no_definition(chapter, link, hint):
    focus(link)
    expect(hint).to_be_visible()
    chapter.emulate_media(media="print")
    expect(hint).to_be_hidden()


def test_a_finger_gets_no_definition_in_its_way(fresh):
    link, hint = link_to_logit(fresh), fresh.locator("#hint-logit")
    fresh.clock.install()
    link.dispatch_event("pointerenter", {"pointerType": "touch"})
    fresh.clock.run_for(5_000)
    expect(hint).to_be_hidden()
    link.dispatch_event("pointerenter", {"pointerType": "mouse"})
    fresh.clock.run_for(5_000)
    expect(hint).to_be_visible()


def test_a_click_follows_the_link(fresh, site):
    link_to_logit(fresh).click()
    expect(fresh).to_have_url(f"{site}book/glossary.html#logit")
