"""What every panel keeps to, whatever it shows: a new one is found in book/_static/panels."""

import re

import pytest
from playwright.sync_api import expect

from tests.support import checks
from tests.support.panels import PANELS, page_of
from tests.support.window import SETTINGS, open_window
from tools.book_ext.panels import starts

# Every control at every option, or at either end and halfway, alone and two at a time, sliders
# three at a time, and all at once; then what the buttons do.
SURVEY = """async (element) => {
    const panel = Panels[element.localName];
    const controls = panel.controls.filter((control) => control.set);
    const values = controls.map((control) =>
      control.kind !== "range" ? control.options.map((_, k) => k)
        : [control.min, (control.min + control.max) / 2, control.max]);
    const each = (i) => values[i].map((value) => [i, value]);
    const joined = (settings, from) => settings.flatMap((setting) =>
      controls.map((_, j) => j).filter((j) => j > setting.at(-1)[0] && from(setting, j))
        .flatMap((j) => each(j).map((one) => [...setting, one])));
    const isRange = (i) => controls[i].kind === "range";
    const singles = controls.flatMap((_, i) => each(i)).map((one) => [one]);
    const pairs = joined(singles, () => true);
    const triples = joined(pairs, (pair, j) => [pair[0][0], pair[1][0], j].every(isRange));
    const all = [0, -1].map((end) => values.map((ends, i) => [i, ends.at(end)]));
    const buttons = panel.controls.map((control) => control.does).filter((does) => does);

    const shapes = "text, rect, path, line, polyline, polygon, circle:not([fill=transparent])";
    // A shape's own box does not know where a transform has put the shape.
    const inPicture = (shape, here) => {
      const box = shape.getBBox();
      const at = new DOMPoint(box.x, box.y).matrixTransform(here.multiply(shape.getScreenCTM()));
      return new DOMRect(at.x, at.y, box.width, box.height);
    };
    const boxes = (svg, here) => [...svg.querySelectorAll(shapes)].map((shape) => {
      const { x, y, width, height } = inPicture(shape, here);
      const isText = shape.localName === "text", isBar = shape.localName === "rect";
      const spare = isText ? 3 : 0;
      return { isText, isBody: isText || isBar, words: shape.textContent || `a ${shape.localName}`,
        x, y: y + spare, right: x + width, floor: y + height - spare };
    });
    const meet = (a, b) => a.x < b.right && b.x < a.right && a.y < b.floor && b.y < a.floor;
    const rounding = 0.01;
    const leaves = (a) => Math.min(a.x, a.y) < -rounding
      || a.right > panel.width + rounding || a.floor > panel.height + rounding;

    const height = element.offsetHeight;
    const faults = [];
    let seen = 0;
    for (const setting of [...singles, ...pairs, ...triples, ...all])
      for (const does of ["", ...buttons]) {
        element.state = structuredClone(panel.state);
        for (const [i, value] of setting) controls[i].set(element.state, value);
        if (does) element.press(does);
        element.show();
        const words = panel.words(element.state);
        element.querySelector(".panel-words").textContent = words;
        const svg = element.querySelector("svg");
        const found = boxes(svg, svg.getScreenCTM().inverse());
        const fault = (what) => faults.push([what, JSON.stringify(setting), does].join(" "));
        const odd = /NaN|Infinity|undefined|null|\\de[+-]\\d/.exec(element.innerHTML);
        if (odd) fault(`shows ${odd[0]}`);
        if (words.length > 220) fault(`says ${words.length} characters`);
        const now = element.offsetHeight;
        if (now !== height) fault(`is ${now} high, not ${height}`);
        found.filter(leaves).forEach((box) => fault(`"${box.words}" leaves the picture`));
        const bodies = found.filter((a) => a.isBody);
        bodies.filter((a) => a.isText).forEach((a) => bodies.filter((b) => a !== b && meet(a, b))
          .forEach((b) => fault(`"${a.words}" meets "${b.words}"`)));
        seen += 1;
      }
    return [seen, faults];
}"""


@pytest.fixture(scope="module", params=PANELS)
def panel_name(request):
    return request.param


def test_these_are_the_panels_that_the_build_draws():
    assert set(starts()) == set(PANELS)


@pytest.mark.parametrize("width", [360, 1280])
def test_at_every_setting_nothing_is_odd_or_meets_or_moves(panel, width):
    panel.page.set_viewport_size({"width": width, "height": 900})
    with checks.alone(panel.page, panel.name):
        seen, faults = panel.element.evaluate(SURVEY)
    assert faults == []
    assert seen >= 4


# --- what is said of it --------------------------------------------------------------------------


def test_a_screen_reader_is_told_what_it_is_and_what_it_shows(panel):
    label = panel.page.evaluate("name => Panels[name].label", panel.name)
    expect(panel.element).to_have_role("group")
    expect(panel.element).to_have_accessible_name(label)
    expect(panel.picture).to_have_role("img")
    expect(panel.picture).to_have_accessible_name(f"{label}. {panel.ask('words')}")
    expect(panel.words).to_have_attribute("aria-live", "polite")


def test_axe_finds_nothing_after_a_move(panel):
    """At its start each panel is looked at with its page, by test_pages.py."""
    found = {}
    with checks.alone(panel.page, panel.name):
        for setting in SETTINGS:
            panel.page.emulate_media(color_scheme=setting.scheme)
            panel.page.set_viewport_size({"width": setting.width, "height": setting.height})
            panel.restart()
            panel.element.get_by_role("slider").first.press("End")
            for button in panel.buttons():
                button.press("Enter")
            found[str(setting)] = checks.accessibility_of(panel.page, panel.name)
    assert found == {str(setting): [] for setting in SETTINGS}


# --- by keyboard ---------------------------------------------------------------------------------


def test_keys_move_every_slider_and_what_is_said_of_it(panel):
    for slider in panel.element.get_by_role("slider").all():
        beside = slider.locator("+ output")
        states, said = panel.states(), beside.text_content()
        slider.press("ArrowRight")
        if panel.states() == states:  # it stood at its end
            slider.press("ArrowLeft")
        assert panel.states() != states
        expect(beside).not_to_have_text(said)
        expect(slider).to_have_attribute("aria-valuetext", beside.text_content())


def test_keys_choose_every_option(panel):
    for choice in panel.element.locator("fieldset").all():
        options = choice.get_by_role("radio").all()
        states = []
        for _ in options:
            choice.get_by_role("radio", checked=True).press("ArrowRight")
            states.append(panel.states())
        assert len({str(state) for state in states}) == len(options)


def test_a_key_presses_every_button(panel):
    for button in panel.buttons():
        before = panel.states()
        button.press("Enter")
        assert panel.states() != before
        panel.restart()


def test_start_again(panel):
    states, drawing, words = panel.states(), panel.drawing(), panel.ask("words")
    panel.element.get_by_role("slider").first.press("End")
    for button in panel.buttons():
        button.press("Enter")
    assert panel.drawing() != drawing
    panel.press("Start again")
    assert panel.states() == states
    assert panel.drawing() == drawing
    panel.says(words)
    expect(panel.element.get_by_role("button", name="Start again")).to_be_focused()


# --- by finger -----------------------------------------------------------------------------------


def test_a_finger_can_hit_what_is_dragged(panel):
    unit = panel.picture.bounding_box()["width"] / 360
    for handle in panel.element.locator("[data-handle]").all():
        box = handle.bounding_box()
        assert min(box["width"], box["height"]) >= 24 * unit


@pytest.mark.only_browser("chromium")
def test_a_finger_drags_every_handle_and_not_the_page(panel):
    for handle in panel.handles():
        panel.restart()
        states = panel.states()
        x, y = panel.middle(handle)
        panel.in_window(x, y)
        top = panel.page.evaluate("scrollY")
        panel.drag_by_finger(handle, x - 25, y - 25)
        assert panel.states() != states, handle
        assert panel.page.evaluate("scrollY") == top, handle


# --- with less motion, and without scripts -------------------------------------------------------


def test_a_run_is_watched_unless_less_motion_is_wanted(panel):
    run = panel.element.locator("[data-does=run]")
    if not run.count():
        return
    run.press("Enter")
    end, words = panel.states(), panel.ask("words")
    panel.restart()
    panel.page.emulate_media(reduced_motion="no-preference")
    # In one go: between two messages to a slow browser the run could be over.
    start, seen = panel.element.evaluate("""element => {
        const start = structuredClone(element.state)
        element.press("run")
        return [start, structuredClone(element.state)]
    }""")
    assert start == seen != end
    expect(panel.words).to_have_text(words, timeout=30_000)
    assert panel.states() == end


def test_without_scripts_the_start_is_there_without_controls(panel, new_context, site):
    address = site + page_of(panel.name)
    still = open_window(new_context, java_script_enabled=False).page
    still.goto(address)
    expect(still.locator(f"{panel.name} svg")).to_be_visible()
    expect(still.locator(f"{panel.name} .panel-words")).to_be_visible()
    controls = still.locator(f"{panel.name} .panel-controls")
    expect(controls).to_have_css("display", "none")  # they leave no gap
    page = panel.page.request.get(address).text()
    drawn = re.search(rf'<{panel.name} class="panel">(.*?)</{panel.name}>', page, re.DOTALL)[1]
    assert drawn == panel.page.evaluate("name => panelHTML(Panels[name])", panel.name)
