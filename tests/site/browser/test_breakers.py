"""Every check, seen to fail: small pages, each broken in one way, and the complaint about it."""

import pytest

from tests.site.browser import test_weight
from tests.support import checks
from tests.support.server import serve
from tests.support.window import open_window

GOOD = """<!DOCTYPE html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>:focus-visible { outline: 3px solid blue }</style></head>
<body><main><h1>A heading</h1><article>{}</article></main></body></html>"""

LONG = "<p style='white-space: nowrap; width: 900px'>" + "many words " * 20 + "</p>"
WIDE = "<div style='width: 100px; overflow-x: {}' {}>" + LONG + "</div>"


@pytest.fixture
def window(browser):
    window = open_window(browser, width=360)
    yield window
    window.page.context.close()


@pytest.fixture
def show(window):
    """Show an article in a page that is well otherwise."""

    def show(article):
        window.page.set_content(GOOD.replace("{}", article))
        return window.page

    return show


@pytest.fixture
def folder(tmp_path):
    """A small site, served: files by name."""
    with serve(tmp_path) as address:

        def put(**files):
            for name, text in files.items():
                path = tmp_path / name.replace("_", ".")
                path.write_text(GOOD.replace("{}", text) if name.endswith("html") else text)
            return address

        yield put


# --- pages that are well -------------------------------------------------------------------------

WELL = """<p>Some <a href="#here">words</a> of <span class="katex">x</span>.</p>
<h2 id="here">Here</h2><img alt="three bars rise" src="data:image/svg+xml,<svg/>">
<svg aria-hidden="true"></svg><button type="button">press</button>
<div style="width: 100px; overflow-x: auto" tabindex="0"><p style="width: 900px">wide</p></div>"""


@pytest.mark.parametrize(
    "check",
    [
        "wordless",
        "sideways",
        "cut",
        "cutFormulas",
        "strayPunctuation",
        "overlapping",
        "positiveTabindex",
        "deadAnchors",
        "repeatedIds",
        "headingsOutOfView",
        "hiddenText",
        "rawMathematics",
    ],
)
def test_a_sound_page_passes(show, check):
    assert checks.run(show(WELL), check) == []


def test_axe_and_the_keyboard_pass_a_sound_page(show):
    page = show(WELL)
    assert checks.violations(page) == []
    stops = checks.walk(page)
    assert len(stops) == 3
    assert checks.troubled(stops) == []


# --- pages that are broken -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "article"),
    [
        ("color-contrast", "<p style='color: #aaa'>pale words</p>"),
        (
            "color-contrast",
            "<div class='highlight'><pre>1 <b style='color: #ccc'>22</b></pre></div>",
        ),
        (
            "color-contrast",
            "<span class='katex' style='color: #ccc'><span class='katex-html'>x</span></span>",
        ),
        ("image-alt", "<img src='data:,'>"),
        ("button-name", "<button type='button'></button>"),
        ("heading-order", "<h4>Too deep</h4>"),
    ],
)
def test_axe_finds(show, rule, article):
    assert any(line.startswith(rule) for line in checks.violations(show(article)))


def test_what_axe_was_spared_comes_back(show):
    page = show("<span class='katex'><math><mi>x</mi></math></span>")
    before = page.inner_html("article")
    checks.violations(page)
    assert page.inner_html("article").replace(' data-new-colours=""', "") == before


@pytest.mark.parametrize(
    ("check", "article"),
    [
        ("wordless", "<img src='data:,'>"),
        ("wordless", "<img alt='figure' src='data:,'>"),
        ("wordless", "<svg><title>a picture</title></svg>"),
        ("sideways", LONG),
        ("cut", WIDE.format("hidden", "")),
        ("cut", WIDE.format("clip", "")),
        ("cut", WIDE.format("auto", "")),
        ("cut", WIDE.format("auto", "tabindex='-1'")),
        (
            "cut",
            "<p style='width: 5em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap'>"
            "a title that is too long</p>",
        ),
        (
            "cutFormulas",
            "<div style='overflow: hidden; height: 1em'><span class='katex'>"
            "<span style='display: inline-block; height: 2em'>x</span></span></div>",
        ),
        (
            "strayPunctuation",
            "<p style='width: 5em'><span class='together' style='white-space: nowrap'>"
            "<span class='base' style='margin-left: 2em'>long</span><br>.</span></p>",
        ),
        ("overlapping", "<p>one line</p><p style='margin-top: -2em'>another line</p>"),
        ("repeatedIds", "<p id='a'>one</p><p id='a'>two</p>"),
        ("deadAnchors", "<a href='#nowhere'>there</a>"),
        ("positiveTabindex", "<a href='#' tabindex='2'>first</a>"),
        (
            "headingsOutOfView",
            "<nav class='bd-toc-nav'><a href='#a'>a</a></nav>"
            "<section id='a'><h2>Under the bar</h2></section>"
            "<div style='position: fixed; inset: 0; background: white'>bar</div>",
        ),
        ("hiddenText", "<p style='display: none'>lost</p>"),
        ("hiddenText", "<p style='opacity: 0'>lost</p>"),
        ("missingFigures", "<img alt='three bars rise' src='data:,'>"),
        ("missingEquations", "<span class='katex-html'>x</span>"),
        ("rawMathematics", r"<p>where \frac{1}{2} is</p>"),
        ("rawMathematics", "<p>where $z$ is</p>"),
    ],
)
def test_a_check_finds(show, check, article):
    assert checks.run(show(article), check)


@pytest.mark.parametrize(
    ("complaint", "article"),
    [
        ("no sign of the focus", "<a href='#' style='outline: none'>link</a>"),
        ("covered", "<a href='#'>link</a><div style='position: fixed; inset: 0'>cover</div>"),
        ("covered", "<a href='#' style='position: absolute; left: -900px'>link</a>"),
        ("invisible", "<a href='#' style='opacity: 0'>link</a>"),
        (
            "before",
            "<a href='#'>first</a><a href='#' tabindex='1'>second</a>"
            "<a href='#' tabindex='2'>third</a>",
        ),
        (
            "holds the focus",
            "<button>a</button><button onkeydown='event.preventDefault()'>b</button>",
        ),
    ],
)
def test_a_walk_finds(show, complaint, article):
    assert any(complaint in line for line in checks.troubled(checks.walk(show(article))))


@pytest.mark.parametrize(
    ("said", "article"),
    [
        ("404", "<img alt='three bars rise' src='missing.png'>"),
        ("error", "<script>console.error('no')</script>"),
        ("warning", "<script>console.warn('no')</script>"),
        ("script", "<script>throw Error('no')</script>"),
        ("another host", "<script>new Image().src = 'http://example.invalid/a.png'</script>"),
        ("404", "<script src='/absolute.js'></script>"),
    ],
)
def test_trouble_is_noted(window, folder, said, article):
    window.page.goto(folder(page_html=article) + "page.html", wait_until="networkidle")
    assert any(words.startswith(said) for words in window.trouble)


def test_a_missing_file_beside_the_folder_is_noted(window, tmp_path):
    (tmp_path / "page.html").write_text(GOOD.replace("{}", "<img alt='a b c' src='/page.html'>"))
    with serve(tmp_path, "/some/where/") as address:
        window.page.goto(address + "page.html", wait_until="networkidle")
    assert any(words.startswith("404") for words in window.trouble)


def test_weight_is_what_travels(window, folder):
    address = folder(page_html="<script src='a.js'></script>", a_js="//" + "x" * 10**6)
    sizes = test_weight.fetched(window.page, address + "page.html")
    assert 900 < sizes[address + "a.js"] < 10_000


def test_a_late_figure_without_a_size_shifts(window, tmp_path):
    picture = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='400'/>"
    (tmp_path / "_images").mkdir()
    (tmp_path / "_images" / "a.svg").write_text(picture)
    moving = "<img alt='a b c' src='_images/a.svg'><p>" + "many words " * 200
    (tmp_path / "page.html").write_text(GOOD.replace("{}", moving))
    (tmp_path / "held.html").write_text(
        GOOD.replace("{}", moving.replace("src=", "width='300' height='400' src="))
    )
    with serve(tmp_path) as address:
        assert test_weight.shift(window.page, address + "page.html") > test_weight.SHIFT
        window.page.unroute_all()
        assert test_weight.shift(window.page, address + "held.html") < 0.01


def test_an_element_that_a_script_hides_is_missed_without_it(browser, folder):
    address = folder(
        page_html="<p>kept</p><p hidden id='a'>lost</p>"
        "<script>document.getElementById('a').hidden = false</script>"
    )
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "page.html")
    assert checks.run(page, "hiddenText")
    context.close()
