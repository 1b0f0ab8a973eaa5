"""The search finds what readers type, on a phone too."""

import re
from urllib.parse import quote_plus

import pytest

DONE = "/found|did not match/.test(document.querySelector('.search-summary')?.innerText)"

# What a learner types, and the pages that answer: one of them must be first or second.
ANSWERS = {
    "softmax": ["01-softmax-vs-hardmax.html", "activations.html#softmax_lib.activations.softmax"],
    "log-sum-exp": ["01-softmax-vs-hardmax.html", "glossary.html#log-sum-exp"],
    "y hat minus y": ["03-cross-entropy.html"],
    "NaN loss": ["09-museum.html"],
    "loss is nan": ["09-museum.html"],
    "loss not decreasing": ["09-museum.html"],
    "overflow": ["01-softmax-vs-hardmax.html", "glossary.html#overflow"],
    "numerical stability": ["01-softmax-vs-hardmax.html"],
    "temperature": ["01-softmax-vs-hardmax.html", "glossary.html#temperature"],
    "hard max": ["01-softmax-vs-hardmax.html"],
    "logits": ["01-softmax-vs-hardmax.html"],
    "softmax vs sigmoid": ["02-logistic-to-softmax.html"],
    "cross entropy": ["03-cross-entropy.html"],
    "cross entropy gradient": ["03-cross-entropy.html"],
    "one hot": ["03-cross-entropy.html"],
    "one-hot encoding": ["03-cross-entropy.html"],
    "learning rate too high": ["04-gradient-descent.html"],
    "weight decay": ["04-gradient-descent.html"],
    "convex": ["05-convexity.html"],
    "backpropagation": ["07-network.html"],
    "hidden layer": ["07-network.html"],
    "calibration": ["10-calibration.html"],
    "MNIST": ["12-end-to-end.html"],
    "sigmoid": ["02-logistic-to-softmax.html", "activations.html#softmax_lib.activations.sigmoid"],
    "attention": ["11-softmax-today.html", "glossary.html#attention"],
    "top-p sampling": ["11-softmax-today.html"],
    "grading": ["grading.html"],
}


@pytest.fixture
def page(loaded):
    """One window for all searches: its cache holds the index."""
    window = loaded("search.html")
    window.forget()
    window.page.set_viewport_size({"width": 1280, "height": 900})
    yield window.page
    window.page.unroute_all()
    assert window.trouble == []


def search(page, site, words):
    page.goto(f"{site}search.html?q={quote_plus(words)}")
    page.wait_for_function(DONE)
    return page.locator("ul.search > li")


def targets(results):
    return results.evaluate_all("all => all.map(each => each.querySelector('a').href)")


@pytest.mark.parametrize("words", ANSWERS)
def test_the_page_that_answers_comes_first_or_second(page, site, words):
    first_two = targets(search(page, site, words))[:2]
    assert any(target.endswith("/" + answer) for target in first_two for answer in ANSWERS[words])


def test_chapters_come_before_the_list_of_all_terms(page, site):
    found = [target.rpartition("/")[2] for target in targets(search(page, site, "entropy"))]
    assert found[0] == "03-cross-entropy.html"
    assert "glossary.html" not in found[:4]


def test_equally_good_chapters_come_in_reading_order(page, site):
    found = [target.rpartition("/")[2] for target in targets(search(page, site, "numpy"))]
    numbers = [int(name[:2]) for name in found if re.match(r"\d\d-.*html$", name)]
    plain = [number for number in numbers if number in (2, 5, 10)]
    assert plain == sorted(plain)
    assert len(plain) > 1


@pytest.mark.parametrize("words", ["y hat minus y", "cross entropy gradient"])
def test_results_fit_a_phone(page, site, words):
    page.set_viewport_size({"width": 360, "height": 800})
    assert search(page, site, words).count() > 5
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_words_that_nobody_wrote_are_not_found(page, site):
    assert search(page, site, "zyzzyva").count() == 0
    assert "did not match" in page.locator(".search-summary").inner_text()
