"""The two panels of chapter 3: their arithmetic is the library's; every way to move them works."""

import itertools
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from softmax_lib import (
    cross_entropy,
    cross_entropy_and_gradient,
    load_penguins,
    softmax,
    softmax_jacobian,
)
from softmax_lib.losses import entropy
from tests.support.window import open_window

CHAPTER = "book/03-cross-entropy.html"
PANELS = ("push-and-pull", "probability-simplex")
FORECAST = [0.3, 0.2, 0.1, 0.4]  # the lecture's
SHARES = np.bincount(load_penguins().y) / 342

LOGITS = [[5, 2, -1, 3], [0, 0, 0, 0], [-1.2, 0.4, 6, -6], [0, -800, 800, 3], [1e-9, 0, -1e-9, 700]]
CHANGES = [[1, 0, 0, 0], [0.3, -0.8, 0.1, 0.4], [0, -1, 1, 0], [-2, 5, 7, 1], [1, 1, 1, 1]]
TARGETS = [[0, 1, 0, 0], FORECAST, [0.25] * 4, [0.5, 0, 0, 0.5], [0, 0, 0, 1]]


# Text stands in a box that is higher than its letters.
BOXES = """element => [...element.querySelectorAll("svg > g > :not([transform])")].map((shape) => {
    const box = shape.getBBox(), spare = shape.localName === "text" ? 3 : 0;
    const name = shape.textContent || (shape.localName === "rect" ? "rect" : "");
    return [name, box.x, box.y + spare, box.x + box.width, box.y + box.height - spare];
})"""


@pytest.fixture(scope="module")
def loaded(browser, site):
    """The chapter takes long to load: once is enough."""
    window = open_window(browser, has_touch=True, reduced_motion="reduce")
    window.page.goto(site + CHAPTER)
    return window


@pytest.fixture
def chapter(loaded):
    """The chapter, with its panels at their start."""
    loaded.trouble.clear()
    for name in PANELS:
        loaded.page.locator(name).evaluate("element => element.start()")
    yield loaded.page
    assert loaded.trouble == []


def panel(page, name):
    return page.locator(name)


def slider(element, label):
    return element.get_by_role("slider", name=label, exact=True)


def sentence(element):
    return element.locator(".panel-words")


def state(element, name):
    return np.array(element.evaluate("(element, name) => element.state[name]", name))


def middle(element, handle):
    """Where a handle is in the window."""
    element.evaluate("element => element.scrollIntoView({ block: 'center' })")
    box = element.locator(f"[data-handle='{handle}']").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def unit(element):
    """The pixels of one unit of the picture."""
    return element.locator("svg").bounding_box()["width"] / 360


def drag_by_mouse(page, element, handle, right, down):
    x, y = middle(element, handle)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)
    page.mouse.up()


def drag_by_finger(page, element, handle, right, down):
    x, y = middle(element, handle)
    send = page.context.new_cdp_session(page).send
    for kind, part in [("touchStart", 0), ("touchMove", 0.5), ("touchMove", 1)]:
        send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x + part * right, "y": y + part * down}]},
        )
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# --- the arithmetic ----------------------------------------------------------------------------


@pytest.mark.parametrize("logits", LOGITS, ids=str)
def test_the_arithmetic_is_that_of_the_library(chapter, logits):
    for target, change in zip(TARGETS, CHANGES, strict=True):
        ours = chapter.evaluate(
            """([logits, target, change]) => [
                Arithmetic.softmax(logits), Arithmetic.softCrossEntropy(logits, target),
                Arithmetic.gradient(logits, target), Arithmetic.jacobianTimes(logits, change),
                Arithmetic.entropy(target)]""",
            [logits, target, change],
        )
        loss, gradient = cross_entropy_and_gradient(np.array(logits, dtype=float), target)
        theirs = [
            softmax(logits),
            loss,
            gradient,
            softmax_jacobian(logits) @ change,
            entropy(target),
        ]
        for mine, library in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine, library, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("prob", [0.001, 0.2, 0.5, 0.999])
def test_one_logit_sets_one_probability_and_the_others_keep_their_proportions(chapter, prob):
    logits = np.log(FORECAST)
    logits[1] = chapter.evaluate(
        "([prob, logits]) => Arithmetic.logitFor(prob, 1, logits)", [prob, logits.tolist()]
    )
    probs = softmax(logits)
    assert probs[1] == pytest.approx(prob, rel=1e-12)
    assert probs[[0, 2, 3]] / (1 - prob) == pytest.approx(np.array([3, 1, 4]) / 8, rel=1e-12)


# --- push and pull -----------------------------------------------------------------------------


def shows_push_and_pull(element, logits, truth=1):
    """The picture and the sentence say what the library computes."""
    loss, gradient = cross_entropy_and_gradient(np.array(logits, dtype=float), truth)
    picture = element.locator("svg")
    for prob in softmax(logits):
        shown = picture.locator("text", has_text=re.compile(rf"^{prob:.3f}$"))
        expect(shown.first).to_be_attached()
    expect(picture).to_contain_text(f"= {loss:.4f}")
    expect(sentence(element)).to_contain_text(f"The loss is {loss:.4f}, ")
    expect(sentence(element)).to_contain_text(f"absolute sum {abs(gradient).sum():.3f} = 2(1 − ")
    expect(sentence(element)).to_contain_text(f"up by {-gradient[truth]:.3f} and pushes")


def test_the_lectures_forecast_is_worse_than_guessing(chapter):
    element = panel(chapter, "push-and-pull")
    shows_push_and_pull(element, np.log(FORECAST))
    expect(sentence(element)).to_contain_text("1.6094, worse than guessing")
    expect(element.locator("svg")).to_contain_text("ln 4 = 1.3863")


def test_a_key_raises_the_logit_of_cat(chapter):
    element = panel(chapter, "push-and-pull")
    cat = slider(element, "logit of cat")
    cat.focus()
    for _ in range(5):
        chapter.keyboard.press("ArrowRight")
    logits = state(element, "logits")
    assert logits[1] == pytest.approx(-1.1)
    expect(cat).to_have_attribute("aria-valuetext", "−1.10")
    expect(element.locator("output").nth(1)).to_have_text("−1.10")
    shows_push_and_pull(element, logits)
    expect(sentence(element)).to_contain_text("better than guessing")


def test_another_truth_by_the_keyboard(chapter):
    element = panel(chapter, "push-and-pull")
    element.get_by_role("radio", name="cat").focus()
    chapter.keyboard.press("ArrowRight")
    shows_push_and_pull(element, np.log(FORECAST), truth=2)
    expect(sentence(element)).to_contain_text("pulls dog up")


def test_a_step_moves_the_logits_against_the_gradient(chapter):
    element = panel(chapter, "push-and-pull")
    logits = np.log(FORECAST)
    for _ in range(3):
        element.get_by_role("button", name="Step").press("Enter")
        logits = logits - cross_entropy_and_gradient(logits, 1)[1]
        np.testing.assert_allclose(state(element, "logits"), logits, rtol=1e-12)
        shows_push_and_pull(element, logits)


def test_a_bar_dragged_up_leaves_the_others_their_proportions(chapter):
    element = panel(chapter, "push-and-pull")
    # The bars are 124 units high: half of that raises cat from 0.2 to 0.7.
    drag_by_mouse(chapter, element, 1, 0, -62 * unit(element))
    probs = softmax(state(element, "logits"))
    assert probs[1] == pytest.approx(0.7, abs=0.002)
    assert probs[[0, 2, 3]] / (1 - probs[1]) == pytest.approx(np.array([3, 1, 4]) / 8)
    shows_push_and_pull(element, state(element, "logits"))


# --- the simplex -------------------------------------------------------------------------------


def target_of(element):
    chosen = int(state(element, "target"))
    return SHARES if chosen == 3 else np.eye(3)[chosen]


def shows_the_simplex(element):
    logits, target = state(element, "logits"), target_of(element)
    loss, gradient = cross_entropy_and_gradient(logits, target)
    for name, prob in zip(["Adelie", "Chinstrap", "Gentoo"], softmax(logits), strict=True):
        expect(element.locator("svg")).to_contain_text(f"{name} {prob:.3f}")
    size, start = np.linalg.norm(gradient), softmax_jacobian(logits) @ -gradient
    cosine = -gradient @ start / size / np.linalg.norm(start)
    expect(sentence(element)).to_contain_text(f"loss is {loss:.4f}")
    expect(sentence(element)).to_contain_text(f"less than {entropy(target):.4f}")
    expect(sentence(element)).to_contain_text(
        f"{size:.3f} long; a small step sets off {np.degrees(np.arccos(cosine)):.0f}° beside"
    )


def test_the_triangle_starts_as_the_library_says(chapter):
    element = panel(chapter, "probability-simplex")
    np.testing.assert_allclose(softmax(state(element, "logits")), [0.05, 0.8, 0.15], rtol=1e-12)
    shows_the_simplex(element)


@pytest.mark.parametrize("target", ["Adelie", "Chinstrap", "Gentoo"])
def test_each_corner_can_be_the_target(chapter, target):
    element = panel(chapter, "probability-simplex")
    element.get_by_role("radio", name=target).check()
    shows_the_simplex(element)


def test_a_key_moves_the_forecast(chapter):
    element = panel(chapter, "probability-simplex")
    slider(element, "logit of Gentoo").focus()
    before = state(element, "logits")[2]
    chapter.keyboard.press("ArrowRight")
    assert 0 < state(element, "logits")[2] - before < 0.2
    shows_the_simplex(element)


def test_steps_go_as_the_librarys_gradient_says(chapter):
    element = panel(chapter, "probability-simplex")
    logits = state(element, "logits")
    slider(element, "learning rate").focus()
    chapter.keyboard.press("ArrowRight")
    element.get_by_role("button", name="Step").click()
    logits = logits - 0.6 * cross_entropy_and_gradient(logits, SHARES)[1]
    np.testing.assert_allclose(state(element, "logits"), logits, rtol=1e-12)
    shows_the_simplex(element)
    expect(sentence(element)).to_contain_text("After 1 step the forecast")


def test_a_run_ends_at_the_target_and_stays_there(chapter):
    element = panel(chapter, "probability-simplex")
    element.get_by_role("button", name="Run").click()
    loss = cross_entropy(state(element, "logits"), SHARES)
    assert loss == pytest.approx(entropy(SHARES), abs=5e-5)
    expect(sentence(element)).to_contain_text("It has reached the target")
    at_the_end = state(element, "logits")
    element.get_by_role("button", name="Step").click()
    np.testing.assert_array_equal(state(element, "logits"), at_the_end)


def test_a_run_is_watched_step_by_step_where_motion_is_welcome(chapter):
    element = panel(chapter, "probability-simplex")
    chapter.emulate_media(reduced_motion="no-preference")
    # In one go: between two messages to a slow browser the run could be over.
    seen = element.evaluate(
        "element => { element.press('run'); return element.state.walk.length; }"
    )
    chapter.emulate_media(reduced_motion="reduce")
    assert seen == 0
    expect(sentence(element)).to_contain_text("reached the target", timeout=15_000)


def test_the_forecast_is_dragged_to_where_the_pointer_is(chapter):
    element = panel(chapter, "probability-simplex")
    # A side of the triangle is 284 units: half of it to the left gives half to Adelie.
    drag_by_mouse(chapter, element, "forecast", -142 * unit(element), 0)
    assert softmax(state(element, "logits")) == pytest.approx([0.55, 0.3, 0.15], abs=0.005)
    shows_the_simplex(element)


def test_a_forecast_dragged_out_of_the_triangle_keeps_a_little_of_every_class(chapter):
    element = panel(chapter, "probability-simplex")
    drag_by_mouse(chapter, element, "forecast", 400 * unit(element), 0)
    probs = softmax(state(element, "logits"))
    assert probs[1] > 0.8
    assert probs.min() > 0.001
    shows_the_simplex(element)


# --- both --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PANELS)
def test_a_finger_drags_the_handle_and_not_the_page(chapter, name):
    element = panel(chapter, name)
    handle = 1 if name == "push-and-pull" else "forecast"
    middle(element, handle)
    before, top = state(element, "logits"), chapter.evaluate("scrollY")
    drag_by_finger(chapter, element, handle, 0, -30)
    assert abs(state(element, "logits") - before).max() > 0.1
    assert chapter.evaluate("scrollY") == top


@pytest.mark.parametrize("name", PANELS)
def test_start_again(chapter, name):
    element = panel(chapter, name)
    picture = element.locator("svg").evaluate("svg => svg.outerHTML")
    words = sentence(element).text_content()
    element.get_by_role("slider").first.fill("2")
    element.get_by_role("button", name="Step").click()
    assert element.locator("svg").evaluate("svg => svg.outerHTML") != picture
    element.get_by_role("button", name="Start again").click()
    assert element.locator("svg").evaluate("svg => svg.outerHTML") == picture
    expect(sentence(element)).to_have_text(words)
    expect(element.get_by_role("button", name="Start again")).to_be_focused()


@pytest.mark.parametrize("name", PANELS)
def test_no_setting_gives_anything_but_numbers(chapter, name):
    """All controls at both ends, two at a time and all at once, and a step from there."""
    panel(chapter, name)
    controls = chapter.evaluate(
        """name => Panels[name].controls.filter((control) => control.set).map((control) =>
             control.kind === "range" ? [control.min, control.max]
               : control.options.map((_, k) => k))
        """,
        name,
    )
    settings = [
        [(i, a), (j, b)]
        for (i, one), (j, other) in itertools.combinations(enumerate(controls), 2)
        for a in one
        for b in other
    ]
    settings += [[(i, ends[0 if low else -1]) for i, ends in enumerate(controls)] for low in (0, 1)]
    drawn = chapter.evaluate(
        """([name, settings]) => settings.map((setting) => {
             const panel = Panels[name], state = structuredClone(panel.state);
             const controls = panel.controls.filter((control) => control.set);
             const look = () => panel.picture(state) + panel.words(state) +
               controls.map((control) => shown(control, state));
             for (const [i, value] of setting) controls[i].set(state, value);
             const seen = look();
             panel.step(state);
             return seen + look();
           })""",
        [name, settings],
    )
    assert len(drawn) > 50
    assert [text for text in drawn if re.search("NaN|Infinity|undefined|null", text)] == []


@pytest.mark.parametrize("name", PANELS)
def test_nothing_leaves_the_picture_and_no_text_meets_another_or_a_bar(chapter, name):
    element = panel(chapter, name)
    height = chapter.evaluate("name => Panels[name].height", name)
    for values in itertools.product([-6, 0, 6], repeat=3):
        element.evaluate(
            """(element, values) => {
            values.forEach((value, k) => { element.state.logits[k] = value; });
            element.show();
        }""",
            values,
        )
        for box in (boxes := element.evaluate(BOXES)):
            assert 0 <= box[1] <= box[3] <= 360, (values, box)
            assert 0 <= box[2] <= box[4] <= height, (values, box)
        solid = [box for box in boxes if box[0]]
        for (one, *a), (other, *b) in itertools.combinations(solid, 2):
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart or one == other == "rect", (values, one, other)


def test_without_scripts_the_start_is_there_and_the_controls_are_not(window, chapter, site):
    still = window(java_script_enabled=False)
    still.goto(site + CHAPTER)
    for name in PANELS:
        expect(still.locator(f"{name} svg")).to_be_visible()
        expect(still.locator(f"{name} .panel-controls")).to_have_css("display", "none")
        drawn = chapter.request.get(site + CHAPTER).text()
        start = re.search(rf'<{name} class="panel">(.*?)</{name}>', drawn, re.DOTALL)[1]
        assert start == chapter.evaluate("name => panelHTML(Panels[name])", name)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing_after_a_step(chapter, scheme, width):
    """Every page's start is looked at in test_accessibility.py."""
    before = chapter.viewport_size
    chapter.emulate_media(color_scheme=scheme)
    chapter.set_viewport_size({"width": width, "height": 900})
    for name in PANELS:
        panel(chapter, name).get_by_role("button", name="Step").click()
    found = Axe().run(chapter, context=[[name] for name in PANELS]).response["violations"]
    chapter.emulate_media(color_scheme="light")
    chapter.set_viewport_size(before)
    assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []
