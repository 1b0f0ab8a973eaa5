"""What every panel keeps to, whatever it shows."""

import re

import pytest
from playwright.sync_api import expect

from tests.support import checks
from tests.support.panel_handling import at_its_start
from tests.support.window import open_window

PANELS = {
    "softmax-bars": "book/index.html",
    "push-and-pull": "book/03-cross-entropy.html",
    "probability-simplex": "book/03-cross-entropy.html",
    "decision-regions": "book/02-logistic-to-softmax.html",
    "gradient-descent": "book/05-convexity-and-optimisers.html",
    "reliability-diagram": "book/09-calibration.html",
}

# Every control at either end, alone, two at a time and all at once; then what the buttons do.
SURVEY = """async (element) => {
    const panel = Panels[element.localName];
    const controls = panel.controls.filter((control) => control.set);
    const ends = controls.map((control) =>
      control.kind === "range" ? [control.min, control.max] : [0, control.options.length - 1]);
    const each = (i) => ends[i].map((value) => [i, value]);
    const settings = ends.flatMap((_, i) => [...each(i).map((one) => [one]),
      ...ends.slice(i + 1).flatMap((_, j) => each(i).flatMap((one) =>
        each(i + 1 + j).map((other) => [one, other])))]);
    for (const end of [0, 1]) settings.push(ends.map((values, i) => [i, values[end]]));
    const buttons = panel.controls.map((control) => control.does).filter((does) => does);

    const boxes = () => [...element.querySelectorAll("svg text")].map((text) => {
      const { x, y, width, height } = text.getBBox();
      return { words: text.textContent, x, y: y + 3, right: x + width, floor: y + height - 3 };
    });
    const meet = (a, b) => a.x < b.right && b.x < a.right && a.y < b.floor && b.y < a.floor;
    const leaves = (a) => a.x < 0 || a.y < 0 || a.right > panel.width || a.floor > panel.height;

    const height = element.offsetHeight;
    const faults = [];
    let seen = 0;
    for (const setting of settings) for (const does of ["", ...buttons]) {
      element.state = structuredClone(panel.state);
      for (const [i, value] of setting) controls[i].set(element.state, value);
      if (does) element.press(does);
      element.show();
      const words = panel.words(element.state);
      element.querySelector(".panel-words").textContent = words;
      const found = boxes();
      const fault = (what) => faults.push([what, JSON.stringify(setting), does].join(" "));
      const odd = /NaN|Infinity|undefined|null|\\de[+-]\\d/.exec(element.innerHTML);
      if (odd) fault(`shows ${odd[0]}`);
      if (words.length > 220) fault(`says ${words.length} characters`);
      if (element.offsetHeight !== height) fault(`is ${element.offsetHeight} high, not ${height}`);
      found.filter(leaves).forEach((box) => fault(`"${box.words}" leaves the picture`));
      found.forEach((a, i) => found.slice(i + 1).filter((b) => meet(a, b))
        .forEach((b) => fault(`"${a.words}" meets "${b.words}"`)));
      seen += 1;
    }
    return [seen, faults];
}"""


@pytest.fixture(scope="module", params=PANELS)
def opened(request, browser, site):
    window = open_window(browser, has_touch=True)
    window.page.goto(site + PANELS[request.param])
    return window, request.param


@pytest.fixture
def panel(opened):
    yield from at_its_start(*opened)


@pytest.mark.parametrize("width", [360, 1280])
def test_at_every_setting_all_is_numbers_and_nothing_meets_or_moves(panel, width):
    before = panel.page.viewport_size
    panel.page.set_viewport_size({"width": width, "height": 900})
    seen, faults = panel.element.evaluate(SURVEY)
    panel.page.set_viewport_size(before)
    assert faults == []
    assert seen >= 4


def test_start_again(panel):
    drawing, words = panel.drawing(), panel.ask("words")
    panel.element.get_by_role("slider").first.press("End")
    assert panel.drawing() != drawing
    panel.press("Start again")
    assert panel.drawing() == drawing
    panel.says(words)
    expect(panel.element.get_by_role("button", name="Start again")).to_be_focused()


def test_without_scripts_the_start_is_there_and_the_controls_are_not(panel, browser, site):
    address = site + PANELS[panel.name]
    still = open_window(browser, java_script_enabled=False).page
    still.goto(address)
    expect(still.locator(f"{panel.name} svg")).to_be_visible()
    expect(still.locator(f"{panel.name} .panel-words")).to_be_visible()
    controls = still.locator(f"{panel.name} .panel-controls")
    expect(controls).to_have_css("display", "none")  # they leave no gap
    still.context.close()
    page = panel.page.request.get(address).text()
    drawn = re.search(rf'<{panel.name} class="panel">(.*?)</{panel.name}>', page, re.DOTALL)[1]
    assert drawn == panel.page.evaluate("name => panelHTML(Panels[name])", panel.name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_after_a_move(panel, scheme):
    """At its start each panel is looked at with its page, by test_accessibility.py."""
    panel.page.emulate_media(color_scheme=scheme)
    panel.element.get_by_role("slider").first.press("End")
    found = checks.AXE.run(panel.page, panel.name, checks.OPTIONS).response["violations"]
    panel.page.emulate_media(color_scheme="light")
    assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []


def test_a_finger_can_hit_what_is_dragged(panel):
    unit = panel.element.locator("svg").bounding_box()["width"] / 360
    for handle in panel.element.locator("[data-handle]").all():
        box = handle.bounding_box()
        assert min(box["width"], box["height"]) >= 24 * unit
