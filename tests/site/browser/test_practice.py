"""Questions, proofs, hints and prompts answer back; the browser remembers, and loses nothing."""

import json
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.support import checks
from tests.support.site_pages import CHAPTERS

CHAPTER = "book/11-softmax-today.html"
WITH_PROOF = "book/03-cross-entropy.html"
PROGRESS = "book/progress.html"
LATER_EDITION = json.dumps({"version": 99, "pages": {"of": "tomorrow"}})
# Of the book's own key alone: the theme's scripts stop where they may store nothing.
FORBIDDEN = """for (const name of ["getItem", "setItem"]) {
    const before = Storage.prototype[name];
    Storage.prototype[name] = function (key, ...more) {
        if (key.startsWith("softmax")) throw new DOMException("", "SecurityError");
        return before.call(this, key, ...more);
    };
}"""
FULL = FORBIDDEN.replace('"getItem", ', "").replace("SecurityError", "QuotaExceededError")
STORED = "localStorage.getItem('softmax-book')"


@pytest.fixture
def chapter(page, site):
    page.goto(site + CHAPTER)
    return page


def question(page, number):
    return page.locator(f"section[id^='question-{number}-']")


def choose(section, letter):
    section.locator(".practice-choice").nth("ABCD".index(letter)).click()
    return section.get_by_role("status")


def stored(page):
    return json.loads(page.evaluate(STORED))["pages"]


def read_file(page, text, name="progress.json"):
    file = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    page.get_by_label("Read from a file").set_input_files(file)
    said = page.locator(".practice-answer[role=status]").last
    expect(said).to_contain_text(name)
    return said


# --- questions -----------------------------------------------------------------------------------


EVERY_CHOICE = """() => [...document.querySelectorAll("section[id^='question-']")].map(section =>
    [...section.querySelectorAll(".practice-choice")].map(choice => {
        choice.click();
        return section.querySelector("[role=status]").innerText;
    }))"""


@pytest.mark.parametrize("path", CHAPTERS)
def test_every_choice_is_right_or_says_why_not(loaded, site, path):
    page = loaded(CHAPTER).page
    page.goto(site + path)
    questions = page.evaluate(EVERY_CHOICE)
    assert len(questions) == 3
    for said in questions:
        assert len(set(said)) == 4
        assert sum(words.startswith("Right. ") for words in said) == 1
        assert min(len(words) for words in said) > len("Not this one. ") + 10


def test_a_wrong_choice_names_its_misconception(chapter):
    assert choose(question(chapter, 1), "B").inner_text().startswith("Right. ")
    link = question(chapter, 1).get_by_role("status").get_by_role("link", name="catalogue")
    assert link.get_attribute("href") == "catalogue.html#softmax-wrong-axis"
    said = choose(question(chapter, 1), "A")
    expect(said).to_contain_text("Not this one. softmax keeps the shape")
    assert question(chapter, 1).locator("[aria-pressed=true]").count() == 1


def test_an_answered_page_has_no_barrier(chapter):
    choose(question(chapter, 1), "A")
    choose(question(chapter, 2), "C")
    assert checks.accessibility_of(chapter, "article") == []


# --- proofs --------------------------------------------------------------------------------------


@pytest.fixture
def proof(page, site):
    page.goto(site + WITH_PROOF)
    return page.locator("section[id^='proof-in-order']").first


def letters(proof):
    return proof.locator(".practice-proof > li").evaluate_all(
        "all => all.map(li => li.dataset.letter)"
    )


def put(proof, wanted):
    """By the keyboard alone."""
    for place, letter in enumerate(wanted):
        up = proof.get_by_role("button", name=f"Move {letter} up")
        for _ in range(letters(proof).index(letter) - place):
            up.focus()
            proof.page.keyboard.press("Enter")
            expect(up).to_be_focused()
    proof.get_by_role("button", name="Check the order").press("Enter")
    return proof.get_by_role("status").inner_text()


def test_any_order_that_respects_the_needs_is_right(proof):
    assert put(proof, "FCEADB").startswith("Right")
    assert put(proof, "CEFADB").startswith("Right")
    assert put(proof, "FCAEDB") == "Not yet: A comes too early, since it needs E."
    assert stored(proof.page)["cross-entropy"]["questions"]


# --- hints ---------------------------------------------------------------------------------------


def test_hints_open_in_order_and_the_solution_after_them(chapter):
    exercise = chapter.locator("section[id^='exercise-1-']")
    folds = ["Hint 1", "Hint 2", "Solution"]

    def visible():
        shown = exercise.locator("summary:visible").all_inner_texts()
        return [name for name in folds if name in shown]

    assert visible() == ["Hint 1"]
    for opened, name in enumerate(folds, start=1):
        exercise.locator("summary", has_text=name).first.click()
        assert visible() == folds[: opened + 1]


def test_the_solution_opens_at_once_on_request(chapter):
    exercise = chapter.locator("section[id^='exercise-1-']")
    exercise.get_by_role("button", name="Show the solution at once").click()
    solution = exercise.locator("details", has_text="Solution").first
    expect(exercise.locator("summary", has_text="Solution").first).to_be_focused()
    assert solution.get_attribute("open") is not None


def test_an_exercise_that_is_solved_on_the_page_counts(chapter):
    chapter.evaluate("""() => {
        const output = document.querySelector("section[id^='exercise-1-'] .cell_output pre");
        output.textContent = "Right.";
    }""")
    expect(chapter.locator(".practice-line")).to_contain_text("1 of 3 exercises")


# --- what is remembered --------------------------------------------------------------------------


def test_answers_outlive_a_reload_and_stand_on_the_page_of_progress(chapter, site):
    choose(question(chapter, 1), "A")
    choose(question(chapter, 2), "C")
    chapter.locator("section#summary h2").scroll_into_view_if_needed()
    expect(chapter.locator(".practice-line")).to_contain_text("Read on")
    chapter.reload()
    expect(chapter.locator(".practice-line")).to_contain_text("1 of 4 questions")
    chapter.goto(site + PROGRESS)
    row = chapter.locator("tbody tr")
    assert row.locator("td").all_inner_texts() == [
        "11. Softmax today", date.today().isoformat(), "0", "1 of 4", "0 of 3",
    ]  # fmt: skip
    row.get_by_role("link").click()
    expect(chapter.locator("h1")).to_contain_text("Softmax today")


def test_a_prompt_comes_back_after_a_day_a_week_and_a_month(page, site):
    now = datetime(2030, 1, 1, 12)
    page.clock.install(time=now)
    for days in (1, 7, 30, 30):
        page.goto(site + CHAPTER)
        first = page.locator("section#review details").first
        first.locator("summary").click()
        first.get_by_role("button", name="I knew it").click()
        now += timedelta(days)
        expect(first.get_by_role("status")).to_have_text(f"Again on {now.date()}.")
        page.goto(site + PROGRESS)
        expect(page.get_by_text("Nothing is due today.")).to_be_visible()
        page.clock.set_fixed_time(now)
        page.reload()
        expect(page.get_by_text("What are the three vectors")).to_be_visible()


def test_saved_erased_and_read_again_it_is_the_same(chapter, site, tmp_path):
    choose(question(chapter, 1), "B")
    before = stored(chapter)
    chapter.goto(site + PROGRESS)
    with chapter.expect_download() as download:
        chapter.get_by_role("button", name="Save to a file").click()
    download.value.save_as(tmp_path / "mine.json")
    chapter.on("dialog", lambda dialog: dialog.accept())
    chapter.get_by_role("button", name="Erase").click()
    assert chapter.evaluate(STORED) is None
    assert "1 page." in read_file(chapter, (tmp_path / "mine.json").read_text()).inner_text()
    assert stored(chapter) == before


def test_what_is_read_is_joined_with_what_is_there(chapter, site):
    choose(question(chapter, 1), "B")
    other = json.loads(chapter.evaluate(STORED))
    page = other["pages"]["softmax-today"]
    page["questions"] = {
        "which-axis": {"right": False, "on": "2020-01-01"},
        "x": {"right": True, "on": "2020-01-01"},
    }
    page["minutes"] = 7
    chapter.goto(site + PROGRESS)
    read_file(chapter, json.dumps(other))
    joined = stored(chapter)["softmax-today"]
    assert joined["questions"]["which-axis"]["right"] is True
    assert joined["questions"]["x"]["right"] is True
    assert joined["minutes"] == 7


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "It is damaged: this is no JSON."),
        ("[]", "It holds no progress of this book."),
        ('{"version": 1, "pages": {"a": {"minutes": "x"}}}', "It is damaged: a page of it"),
        (LATER_EDITION, "It was written by a later edition of the book."),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_changes_nothing(chapter, site, text, why):
    choose(question(chapter, 1), "B")
    before = stored(chapter)
    chapter.goto(site + PROGRESS)
    said = read_file(chapter, text, "old.json").inner_text()
    assert said.startswith("old.json was not read, and nothing has changed. " + why)
    assert stored(chapter) == before


@pytest.mark.parametrize("address", ["javascript:alert(1)", "../../x.html", "/x.html", "//x.org"])
def test_a_file_leads_nowhere_but_to_pages_of_the_book(chapter, site, address):
    choose(question(chapter, 1), "B")
    other = json.loads(chapter.evaluate(STORED))
    other["pages"]["softmax-today"]["path"] = address
    chapter.goto(site + PROGRESS)
    assert "was not read" in read_file(chapter, json.dumps(other)).inner_text()


@pytest.mark.parametrize(
    ("trick", "why"),
    [(FORBIDDEN, "store nothing"), (FULL, "full or closed")],
    ids=["forbidden", "full"],
)
def test_without_storage_the_page_works_and_says_so(page, site, trick, why):
    page.add_init_script(trick)
    page.goto(site + CHAPTER)
    expect(choose(question(page, 1), "B")).to_contain_text("Right.")
    expect(page.locator(".practice-line")).to_contain_text("1 of 4 questions")
    expect(page.locator(".practice-line")).to_contain_text(why)


@pytest.mark.parametrize(
    ("text", "kept"), [("{", "softmax-book-damaged"), (LATER_EDITION, "softmax-book")]
)
def test_stored_progress_that_cannot_be_read_is_not_lost(page, site, text, kept):
    page.goto(site + PROGRESS)
    page.evaluate("text => localStorage.setItem('softmax-book', text)", text)
    page.goto(site + CHAPTER)
    choose(question(page, 1), "B")
    expect(page.locator(".practice-line")).to_contain_text("cannot be used, and is left as it is")
    assert page.evaluate("key => localStorage.getItem(key)", kept) == text
