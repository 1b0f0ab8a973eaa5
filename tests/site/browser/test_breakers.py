"""Every check, seen to fail: small pages, each broken in one way, and the complaint about it."""

import itertools

import pytest

from tests.support import checks, visit
from tests.support.server import serve
from tests.support.window import IS_DARK, PHONE, narrowed, open_window

GOOD = """<!DOCTYPE html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>:focus-visible { outline: 3px solid blue }</style></head>
<body><main><h1>A heading</h1><article>{}</article></main></body></html>"""

LONG = "<p style='white-space: nowrap; width: 900px'>" + "many words " * 20 + "</p>"
WIDE = "<div style='width: 100px; overflow-x: {}' {}>" + LONG + "</div>"
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='400'/>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def address(folder):
    with serve(folder, "/some/where/") as address:
        yield address


@pytest.fixture
def put(folder):
    """Write an article's page, and files beside it; return its name."""
    numbers = itertools.count(len(list(folder.glob("*.html"))))

    def put(article, files=None):
        for name, text in (files or {}).items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        page = folder / f"{next(numbers)}.html"
        page.write_text(GOOD.replace("{}", article))
        return page.name

    return put


@pytest.fixture
def visited(windows, address, folder, put):
    """Visit a page with this article, on a phone."""
    window = windows(PHONE)
    return lambda *article: visit.pay(window, address, folder, put(*article))


@pytest.fixture
def show(window):
    """Show an article in a page that is well otherwise."""

    def show(article):
        page = window(PHONE)
        page.set_content(GOOD.replace("{}", article))
        return page

    return show


# --- pages that are well -------------------------------------------------------------------------

BARS = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
WELL = f"""<p>Some <a href="#here">words</a> of <span class="katex">x</span>.</p>
<h2 id="here">Here</h2><img alt="three bars rise" src="{BARS}">
<svg aria-hidden="true"></svg><button type="button">press</button>
<div style="width: 100px; overflow-x: auto" tabindex="0"><p style="width: 900px">wide</p></div>"""


def test_a_sound_page_passes(visited):
    assert checks.complaints(visited(WELL)) == {}
    assert checks.complaints(visited(WELL), checks.WITHOUT_SCRIPTS) == {}


def test_the_keyboard_passes_a_sound_page(show):
    stops = checks.walk(show(WELL))
    assert len(stops) == 3
    assert checks.troubled(stops) == []


# --- pages that are broken -----------------------------------------------------------------------

TOGETHER = """<p style='width: 5em'><span class='together' style='white-space: nowrap'>
<span class='base' style='margin-left: 2em'>long</span><br>.</span></p>"""
CUT_FORMULA = """<div style='overflow: hidden; height: 1em'><span class='katex'>
<span style='display: inline-block; height: 2em'>x</span></span></div>"""
WIDE_FORMULA = """<div class='equation'><div class='math' tabindex='0' style='overflow: auto'>
<span style='display: inline-block; width: 500px'>x = y</span></div></div>"""
UNDER_THE_BAR = """<nav class='bd-toc-nav'><a href='#a'>a</a></nav>{}
<div style='position: fixed; inset: 0; background: white'>bar</div>"""
FAR_DOWN = """<nav class='bd-toc-nav'><a href='#a'>a</a></nav><section id='a'
style='margin: 200vh 0'><h2>a</h2></section><div id='bar' hidden
style='position: fixed; inset: 0; background: white'>bar</div><script>
const bar = document.getElementById("bar"), cover = () => { bar.hidden = false };
const inView = entries => { if (entries.at(-1).isIntersecting) cover() };
BROUGHT</script>"""
BRINGS_THE_BAR = [
    "addEventListener('scroll', cover)",
    "addEventListener('hashchange', cover)",
    "new IntersectionObserver(inView).observe(document.getElementById('a'))",
]
LOST_ON_ARRIVAL = """<nav class='bd-toc-nav'><a href='#a'>a</a><a href='#b'>b</a></nav>
<style>:target { display: none }</style><h2 id='a'>first</h2><div id='b'></div>"""
ELLIPSIS = """<p style='width: 5em; overflow: hidden; text-overflow: ellipsis;
white-space: nowrap'>a title that is too long</p>"""
PALE_CODE = "<div class='highlight'><pre>1 <b style='color: #ccc'>22</b></pre></div>"
PALE_AMONG_CODE = f"""<div class='highlight'><pre>{"<span>dark</span> " * 9}
<span>around <span style='color: #ccc'>pale</span></span></pre></div>"""
HIDDEN_LINK = (
    "<p>See <a href='#a'>this</a>, <a href='#b'>this</a> and <a href='#c'>this page</a>.</p>"
    "<p id='a'>Or <a href='#b' style='text-decoration: none'>that</a> one.</p>"
)
PALE_EQUATION = """<span class='katex' style='color: #ccc'>
<span class='katex-html'>x</span></span>"""
ELSEWHERE = "<script>new Image().src = 'http://example.invalid/a.png'</script>"

BROKEN = [
    ("accessibility", "color-contrast", "<p style='color: #aaa'>pale words</p>"),
    ("accessibility", "color-contrast", PALE_CODE),
    ("accessibility", "color-contrast", PALE_AMONG_CODE),
    ("accessibility", "color-contrast", PALE_EQUATION),
    ("accessibility", "link-in-text-block", HIDDEN_LINK),
    ("accessibility", "image-alt", "<img src='data:,'>"),
    ("accessibility", "button-name", "<button type='button'></button>"),
    ("accessibility", "heading-order", "<h4>Too deep</h4>"),
    ("wordless", "img", "<img src='data:,'>"),
    ("wordless", "img", "<img alt='figure' src='data:,'>"),
    ("wordless", "svg", "<svg><title>a picture</title></svg>"),
    ("sideways", "> 360", LONG),
    ("cut", "cut", WIDE.format("hidden", "")),
    ("cut", "cut", WIDE.format("clip", "")),
    ("cut", "only a mouse", WIDE.format("auto", "")),
    ("cut", "only a mouse", WIDE.format("auto", "tabindex='-1'")),
    ("cut", "cut", ELLIPSIS),
    ("cutFormulas", "span", CUT_FORMULA),
    ("wideFormulas", "div", WIDE_FORMULA),
    ("strayPunctuation", "span", TOGETHER),
    ("overlapping", " over ", "<p>one line</p><p style='margin-top: -2em'>another line</p>"),
    ("missingGlyphs", "p", "<style>p::after { content: '\\f0eb' }</style><p>a hint</p>"),
    ("repeatedIds", "a", "<p id='a'>one</p><p id='a'>two</p>"),
    ("deadAnchors", "#nowhere", "<a href='#nowhere'>there</a>"),
    ("deadLinks", "nowhere.html", "<a href='nowhere.html'>there</a>"),
    ("positiveTabindex", "a", "<a href='#' tabindex='2'>first</a>"),
    ("headingsOutOfView", "h2", UNDER_THE_BAR.format("<section id='a'><h2>a</h2></section>")),
    ("headingsOutOfView", "dt", UNDER_THE_BAR.format("<dl><dt id='a'>a</dt></dl>")),
    ("headingsOutOfView", "first", LOST_ON_ARRIVAL),
    *(
        ("headingsOutOfView", "h2", FAR_DOWN.replace("BROUGHT", script))
        for script in BRINGS_THE_BAR
    ),
    ("trouble", "404", "<img alt='three bars rise' src='missing.png'>"),
    ("trouble", "404", "<script src='/absolute.js'></script>"),
    ("trouble", "404", "<img alt='three bars rise' src='/0.html'>"),
    ("trouble", "error", "<script>console.error('no')</script>"),
    ("trouble", "warning", "<script>console.warn('no')</script>"),
    ("trouble", "script", "<script>throw Error('no')</script>"),
    ("trouble", "another host", ELSEWHERE),
]


@pytest.mark.parametrize(("check", "complaint", "article"), BROKEN)
def test_a_visit_finds(visited, check, complaint, article):
    assert complaint in str(checks.complaints(visited(article))[check])


@pytest.mark.parametrize(
    ("check", "article"),
    [
        ("hiddenText", "<p style='display: none'>lost</p>"),
        ("hiddenText", "<p style='opacity: 0'>lost</p>"),
        ("missingFigures", "<img alt='three bars rise' src='data:,'>"),
        ("missingEquations", "<span class='katex-html'>x</span>"),
        ("rawMathematics", r"<p>where \frac{1}{2} is</p>"),
        ("rawMathematics", "<p>where $z$ is</p>"),
    ],
)
def test_a_visit_without_scripts_finds(visited, check, article):
    assert check in checks.complaints(visited(article), checks.WITHOUT_SCRIPTS)


def test_one_visit_finds_all_that_is_wrong(visited):
    """No complaint hides another, nor does a check that fails itself."""

    def fails(_):
        raise ValueError("no")

    articles = "".join(article for check, _, article in BROKEN if check != "headingsOutOfView")
    found = checks.complaints(visited(articles), {"fails": fails} | checks.ALL)
    assert set(found) >= {"fails", *(check for check, *_ in BROKEN)} - {"headingsOutOfView"}
    assert "ValueError('no')" in found["fails"][0]


def test_every_check_of_a_visit_is_seen_to_fail():
    assert {check for check, *_ in BROKEN} | {"jumps", "weight"} == set(checks.ALL)


def test_what_only_a_narrower_window_shows_is_found_there(visited):
    here = visited("<p style='width: 345px; margin: -8px'>Words.</p>")
    assert checks.complaints(here) == {}
    with narrowed(here.page, PHONE):
        found = checks.complaints(here, checks.LAYOUT, ", narrower")
    assert set(found) == {"sideways, narrower"}
    assert checks.complaints(here) == {}


def test_what_only_the_other_colours_show_is_found_there(visited):
    here = visited(
        "<style>@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }"
        "</style><p>Words.</p>"
    )
    found = checks.complaints(here)
    assert set(found) == {"accessibility"}
    assert all(words.startswith("in the other colours, color-") for words in found["accessibility"])
    assert not here.page.evaluate(IS_DARK)


def test_what_axe_was_spared_comes_back(visited):
    here = visited(
        "<span class='katex'><math><mi>x</mi></math></span>"
        "<div class='highlight'><pre>1 + <span class='n'>one</span></pre></div>" * 4
    )
    before = here.page.inner_html("article")
    checks.accessibility(here)
    assert here.page.inner_html("article").replace(' data-new-colours=""', "") == before


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("button-name", "<button type='button'></button>"),
        (
            "color-contrast",
            "<p style='color: #222'>dark words, on the ground of what holds them</p>",
        ),
    ],
)
def test_a_look_at_one_part_finds_what_is_wrong_in_it_alone(show, rule, part):
    page = show(
        f"""before <img src='data:,'><div style='background: black'><p style='color: #222'>by it</p>
        <div id='part'>{part}</div>behind</div><p>after</p>"""
    )
    before = page.inner_html("article")
    with checks.alone(page, "#part"):
        found = checks.accessibility_of(page, "#part")
    assert [complaint.partition(":")[0] for complaint in found] == [rule]
    assert page.inner_html("article") == before


# --- weight, and jumps while loading -------------------------------------------------------------


def test_weight_is_what_travels_at_every_visit(visited):
    for _ in range(2):  # the second is not served from a cache
        sizes = visited("<script src='a.js'></script>", {"a.js": "//" + "x" * 10**6}).fetched()
        assert [900 < size < 10_000 for size in sizes.values()] == [False, True]


@pytest.mark.parametrize(
    "heavy",
    [
        "<script src='many.js'></script>",
        "".join(f"<script src='short.js?{k}'></script>" for k in range(checks.REQUESTS)),
    ],
    ids=["bytes", "requests"],
)
def test_a_heavy_page_is_found(visited, monkeypatch, heavy):
    monkeypatch.setattr(checks, "BYTES", 3000)
    files = {"many.js": "//" + "".join(map(str, range(9**4))), "short.js": ""}
    assert "weight" in checks.complaints(visited(heavy, files), {"weight": checks.weight})


def test_own_figures_weigh_nothing(visited):
    picture = "<img alt='a b c' src='_images/b.svg' width='300' height='400'>"
    assert len(visited(picture, {"_images/b.svg": PICTURE}).fetched()) == 1


@pytest.mark.parametrize(("size", "jumps"), [("", True), ("width='300' height='400'", False)])
def test_a_late_figure_without_a_size_makes_the_page_jump(visited, size, jumps):
    article = f"<img alt='a b c' src='_images/c.svg' {size}><p>" + "many words " * 200
    found = checks.complaints(visited(article, {"_images/c.svg": PICTURE}))
    assert set(found) == ({"jumps"} if jumps else set())


def test_typefaces_and_figures_come_when_the_text_is_painted(visited):
    article = """<style>@font-face { font-family: f; src: url(f.woff2) }</style>
    <p style="font-family: f, serif">words</p><img alt="a b c" src="_images/d.svg">"""
    page = visited(article, {"f.woff2": "no font", "_images/d.svg": PICTURE}).page
    painted, *arrived = page.evaluate("""() => [
        ...performance.getEntriesByName("first-contentful-paint").map(entry => entry.startTime),
        ...performance.getEntriesByType("resource").map(entry => entry.responseEnd)]""")
    assert len(arrived) == 2
    assert min(arrived) > painted


# --- the keyboard, and without scripts -----------------------------------------------------------


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


def test_what_a_script_shows_is_missed_without_it(new_context, address, folder, put):
    name = put(
        "<p>kept</p><p hidden id='a'>lost</p>"
        "<script>document.getElementById('a').hidden = false</script>"
    )
    window = open_window(new_context, java_script_enabled=False)
    window.page.goto(address + name)
    here = visit.Visit(window, address, folder)
    assert list(checks.complaints(here, checks.WITHOUT_SCRIPTS)) == ["hiddenText"]
