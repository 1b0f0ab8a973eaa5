"""diagnose names every mistake of the catalogue, passes what is right, and survives what is not."""

import ast
import functools
import itertools
import json
import random
import re
import sys
import textwrap
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest

import softmax_lib as lib
from softmax_lib import diagnose
from softmax_lib.misconceptions import CATALOGUE
from softmax_lib.misconceptions.catalogue import activations, gradients, losses
from softmax_lib.misconceptions.judge import judge
from softmax_lib.misconceptions.kinds import KINDS
from tests.support.wrong_and_right import ENDLESS, HONEST, HOSTILE, UNKNOWN, only_lists

BOOK = Path(__file__).resolve().parents[3] / "book"
SEEDS = (1, 2, 3)
DTYPES = (np.float64, np.float32)

# With a guard so small that it shows at 0 alone, nothing tells how it was put there.
TWINS = {("probs-loss-clipped", "probs-loss-epsilon"), ("loss-clipped", "loss-epsilon")}

BLAME = re.compile(
    r"\b(stupid|silly|careless|lazy|fool\w*|bad|terrible|obvious\w*|clearly|simply"
    r"|of course|you should|you forgot|you failed)\b",
    re.IGNORECASE,
)
INTERNALS = re.compile(r"<function|<built-in|<class|\bat 0x|object at|Traceback|__\w+__")


def state():
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002
    return (
        kind,
        keys.tolist(),
        rest,
        random.getstate(),
        np.geterr(),
        list(warnings.filters),
        warnings.showwarning,
        sys.stdout,
        sys.stderr,
    )


@pytest.fixture(autouse=True)
def prints_nothing(capsys):
    yield
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def no_threads(monkeypatch):
    """As in a browser; and twice as fast, for functions that are known to come back."""

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)


def diagnosed(function, *arguments, judge=diagnose, **options):
    """The verdict, having seen that it is readable and that all is as it was before."""
    before = state()
    verdict = judge(function, *arguments, **options)
    assert state() == before
    return readable(verdict)


def judged(function, kind, seed, dtype, **options):
    return diagnosed(function, kind, judge=judge, seed=seed, dtype=dtype, **options)


def readable(verdict):
    """The verdict, having seen that a learner can read it."""
    lines = verdict.message.splitlines()
    assert 1 <= len(lines) <= 8
    assert max(map(len, lines)) <= 100
    assert not BLAME.search(verdict.message)
    assert not INTERNALS.search(verdict.message)
    assert repr(verdict) == str(verdict) == verdict.message
    assert bool(verdict) is verdict.ok is (verdict.id is None)
    assert verdict.ok or verdict.id == (verdict.candidates or (verdict.id,))[0]
    assert (verdict.example is None) is verdict.ok
    if not verdict.ok:
        assert 0 <= verdict.explained <= 1
        yours, expected = (
            re.findall(f"^  {label} +(.*)$", verdict.message, re.MULTILINE)
            for label in ("Your answer", "Expected")
        )
        assert yours == [] or yours != expected
    return verdict


def ids(cases):
    return [getattr(case.function, "__name__", type(case.function).__name__) for case in cases]


def unspaced(text):
    return "".join(text.split())


def one_hot(case):
    """Whether a right function wants its targets one-hot: those that index with y do not."""
    code = getattr(case.function, "__code__", None)
    return (
        code is not None and "Y" in code.co_varnames[: code.co_argcount] and case.kind != "one_hot"
    )


# --- the catalogue diagnoses itself ------------------------------------------------------------


@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_every_mistake_is_diagnosed_as_itself(entry):
    for number, function in enumerate(entry.functions()):
        exams = list(itertools.product(SEEDS, DTYPES))
        # The many sizes of a guard differ in size alone: one exam for each.
        for seed, dtype in exams if number < 2 else [exams[number % 6]]:
            verdict = judged(function, entry.kind, seed, dtype)
            assert entry.id in verdict.candidates
            assert len(verdict.candidates) == 1 or verdict.candidates in TWINS


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_every_mistake_is_diagnosed_by_the_public_function(entry):
    verdict = diagnosed(entry.wrong, entry.kind)
    assert entry.id in verdict.candidates
    assert unspaced(entry.title) in unspaced(verdict.message) or (
        unspaced(entry.message) in unspaced(verdict.message)
    )
    assert f'See "{entry.section}"' in verdict.message
    assert verdict.kind == entry.kind


def test_twins_are_told_together():
    verdict = diagnosed(
        lambda logits, y: CATALOGUE["loss-clipped"].wrong(logits, y, smallest=1e-12),
        "cross_entropy",
    )
    assert verdict.candidates in TWINS
    assert "no answer can tell these apart" in verdict.message


def softmax_by_loops_without_shift(Z):
    only_lists(Z)
    import math

    return [[math.exp(z) / sum(math.exp(other) for other in row) for z in row] for row in Z]


def hardmax_of_lists_with_ties(Z):
    only_lists(Z)
    return [[int(z == max(row)) for z in row] for row in Z]


def cross_entropy_summed(probs, Y):
    return -np.sum(Y * np.log(probs))


def cross_entropy_of_columns_summed(A, Y):
    return -np.sum(Y * np.log(A))


def logits_gradient_of_columns(Z, Y):
    exps = np.exp(Z - Z.max(axis=0))
    return exps / exps.sum(axis=0) - Y


def softmax_of_one_vector(z):
    return np.exp(z) / np.exp(z).sum()


def softmax_overflows_and_is_mistaken(Z):
    exps = np.exp(Z)
    return exps / exps.sum(axis=0)


@pytest.mark.parametrize(
    ("function", "layout", "mistake"),
    [
        (softmax_by_loops_without_shift, "rows", "softmax-no-shift"),
        (hardmax_of_lists_with_ties, "rows", "hardmax-marks-all-ties"),
        (cross_entropy_summed, "rows", "probs-loss-sum"),
        (cross_entropy_of_columns_summed, "columns", "probs-loss-sum"),
        (logits_gradient_of_columns, "columns", "dlogits-no-mean"),
        (softmax_of_one_vector, "rows", "softmax-sum-of-everything"),
        (softmax_overflows_and_is_mistaken, "rows", "softmax-wrong-axis"),
    ],
)
def test_a_mistake_is_known_in_other_clothes(function, layout, mistake):
    assert diagnosed(function, layout=layout).id == mistake


# --- right functions pass ----------------------------------------------------------------------


def test_every_kind_has_six_right_functions_and_a_mistake():
    for kind in KINDS:
        assert sum(case.kind == kind and case.layout == "rows" for case in HONEST) >= 6
        assert any(entry.kind == kind for entry in CATALOGUE.values())


@pytest.mark.parametrize("case", HONEST, ids=ids(HONEST))
def test_a_right_function_passes(case):
    verdict = diagnosed(case.function, case.kind, layout=case.layout)
    assert verdict.ok
    assert verdict.candidates == ()
    assert verdict.explained == 1
    if case.named:
        verdict = diagnosed(case.function, layout=case.layout)
        assert (verdict.ok, verdict.kind) == (True, case.kind)


@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize("case", HONEST, ids=ids(HONEST))
def test_a_right_function_passes_another_exam(case):
    assert judged(
        case.function, case.kind, 1, np.float32, layout=case.layout, one_hot=one_hot(case)
    ).ok


def test_zero_times_the_logarithm_of_zero_is_a_caution():
    def cross_entropy(probs, Y):
        return -(Y * np.log(probs)).sum() / len(Y)

    verdict = diagnosed(cross_entropy)
    assert verdict.ok
    assert "Careful: where a probability is exactly 0" in verdict.message


def test_a_loss_that_is_right_on_logits_or_on_probabilities_is_right():
    def cross_entropy(a, b):
        return lib.cross_entropy(a, b)

    assert diagnosed(cross_entropy).kind == "cross_entropy"

    def loss(a, b):
        return -np.log(a[np.arange(len(b)), b]).mean()

    assert diagnosed(loss).kind == "cross_entropy_from_probs"
    assert diagnosed(loss).ok
    assert not diagnosed(loss, "cross_entropy").ok


# One is right in the other form; one is the same function in both.
AMBIGUOUS = {"probs-loss-softmax-again", "loss-logits-as-probs", "probs-loss-as-log-probs"}
LOSSES = [entry for entry in CATALOGUE.values() if entry.kind.startswith("cross_entropy")]


@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize(
    "entry", [entry for entry in LOSSES if entry.id not in AMBIGUOUS], ids=lambda entry: entry.id
)
def test_a_wrong_loss_is_read_in_the_form_that_it_was_meant_in(entry):
    def cross_entropy(a, b):
        return entry.wrong(a, b)

    verdict = diagnosed(cross_entropy)
    assert verdict.kind == entry.kind
    assert entry.id in verdict.candidates


# --- wrong functions that nobody has catalogued ------------------------------------------------


def fails(function, example):
    given = [
        np.copy(value) if isinstance(value, np.ndarray) else value
        for value in example.inputs.values()
    ]
    with np.errstate(all="ignore"):
        try:
            answer = function(*given)
        except Exception:
            return True
    answers = answer if isinstance(example.expected, tuple) else (answer,)
    truths = example.expected if isinstance(example.expected, tuple) else (example.expected,)
    return any(
        np.shape(a) != np.shape(t) or not np.allclose(a, t, rtol=1e-5, atol=1e-30)
        for a, t in zip(answers, truths, strict=True)
    )


def test_new_mistakes_of_every_kind_are_tried():
    assert {case.kind for case in UNKNOWN} == set(KINDS)
    assert sum(case.ids == ("unknown",) for case in UNKNOWN) >= 24


@pytest.mark.parametrize("case", UNKNOWN, ids=ids(UNKNOWN))
def test_a_new_mistake_is_reported_with_an_example_that_fails(case):
    verdict = diagnosed(case.function)
    assert not verdict.ok
    assert verdict.id in case.ids
    assert verdict.kind == case.kind
    assert fails(case.function, verdict.example)


@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize("case", UNKNOWN, ids=ids(UNKNOWN))
def test_a_new_mistake_fails_another_exam(case):
    assert not judged(case.function, case.kind, 1, np.float32, one_hot=one_hot(case)).ok


def test_the_example_is_the_callers_own():
    def cross_entropy(logits, y):
        return 2 * lib.cross_entropy(logits, y)

    first = diagnosed(cross_entropy)
    for value in first.example.inputs.values():
        value[...] = 2
    assert diagnosed(cross_entropy).message == first.message
    assert diagnosed(lib.cross_entropy).ok


def test_verdicts_can_be_compared_and_kept_in_sets():
    def softmax(Z):
        return Z

    one, other = diagnosed(softmax), diagnosed(softmax)
    assert one == one
    assert len({one, other}) == 2


# --- badly behaved functions -------------------------------------------------------------------


@pytest.mark.parametrize("case", HOSTILE, ids=[f"{n}-{c.says[:24]}" for n, c in enumerate(HOSTILE)])
def test_a_badly_behaved_function_gets_a_verdict(case):
    verdict = diagnosed(case.function, case.kind)
    assert verdict.ok is case.ok
    assert case.says in verdict.message


@pytest.mark.parametrize("function", ENDLESS, ids=[f.__name__ for f in ENDLESS])
def test_an_endless_function_is_left(function):
    verdict = diagnosed(function)
    assert verdict.id == "unknown"
    assert "It did not come back.\nIs there a loop that never ends?" in verdict.message
    left = {thread for thread in threading.enumerate() if thread.name.endswith("(work)")}
    assert len(left) <= 1  # the sleeper


@pytest.mark.usefixtures("no_threads")
def test_where_there_are_no_threads_functions_are_called_in_this_one():
    assert diagnosed(lib.softmax).ok
    assert diagnosed(CATALOGUE["softmax-no-shift"].wrong, "softmax").id == "softmax-no-shift"

    def softmax(Z):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):  # here it may be the user who wants to stop
        diagnosed(softmax)


def test_the_user_may_interrupt(monkeypatch):
    def interrupt(thread, timeout=None):
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "join", interrupt)
    with pytest.raises(KeyboardInterrupt):
        diagnosed(ENDLESS[0])


# --- which kind, which layout ------------------------------------------------------------------


def of_three_arguments(X, Z, y):
    return None


def named(name, function=lib.softmax):
    def renamed(*args, **options):
        return function(*args, **options)

    renamed.__name__ = name
    return renamed


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (named("my_softmax"), "softmax"),
        (named("stable_softmax_v2"), "softmax"),
        (named("SoftMax"), "softmax"),
        (named("soft_max"), "softmax"),
        (named("LogSoftmax"), "log_softmax"),
        (named("log_soft_max"), "log_softmax"),
        (named("my_log_sum_exp"), "logsumexp"),
        (named("softmax_temperature"), "softmax_with_temperature"),
        (named("softmax_jacobian_matrix"), "softmax_jacobian"),
        (named("cross_entropy_from_probs"), "cross_entropy_from_probs"),
        (named("oneHot"), "one_hot"),
        (named("myAccuracy"), "accuracy"),
        (named("HardMax"), "hardmax"),
        (named("backpropagation"), "network_gradients"),
        (named("update_parameters"), "gradient_step"),
        (named("compute_dZ"), "logits_gradient"),
        (of_three_arguments, "weight_gradient"),
        (functools.partial(lib.softmax, axis=1), "softmax"),
        (functools.partial(functools.partial(lib.log_softmax), axis=1), "log_softmax"),
        (lambda W, b, X, y, learning_rate: None, "gradient_step"),
        (lambda W, b, X, y, learning_rate, l2: None, "gradient_step_with_l2"),
        (lambda probs, y: None, "cross_entropy_from_probs"),
    ],
)
def test_names_and_parameters_tell_the_kind(function, kind):
    assert diagnosed(function).kind == kind


def test_a_parameter_with_a_default_is_tried_where_its_name_is_known():
    def softmax(Z, temperature=1.0):
        return lib.softmax(Z * temperature)

    assert diagnosed(softmax).id == "temperature-upside-down"

    def gradient_step(W, b, X, y, learning_rate=0.1, l2=0.0):
        return W, b

    assert diagnosed(gradient_step).kind == "gradient_step_with_l2"


def test_a_given_kind_wins_over_the_name():
    def softmax(Z):
        return lib.hardmax(Z)

    assert diagnosed(softmax, "hardmax").ok
    assert not diagnosed(softmax).ok


@pytest.mark.parametrize("function", [lambda Z: Z, lambda *a: a, named("f"), np.exp, dict])
def test_a_kind_that_cannot_be_told_must_be_given(function):
    with pytest.raises(ValueError, match="kind must be given: .* one of softmax, .*hardmax"):
        diagnosed(function)


@pytest.mark.parametrize("function", [None, 3, "softmax", np.ones(3)])
def test_what_cannot_be_called_is_refused(function):
    with pytest.raises(TypeError, match="function must be callable; got"):
        diagnosed(function, "softmax")


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("soft_max",), {}, "kind must be one of 'softmax', .*got 'soft_max'"),
        ((3,), {}, "kind must be one of 'softmax', .*got 3"),
        ((), {"layout": "cols"}, "layout must be one of 'rows', 'columns'; got 'cols'"),
        ((), {"layout": None}, "layout must be one of 'rows', 'columns'; got None"),
    ],
)
def test_a_wrong_kind_or_layout_is_refused(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        diagnosed(lib.softmax, *arguments, **options)


COLUMNS = [case for case in HONEST if case.layout == "columns" and case.kind != "accuracy"]


@pytest.mark.parametrize("case", COLUMNS, ids=ids(COLUMNS))
def test_a_function_of_columns_is_told_how_to_say_so(case):
    verdict = diagnosed(case.function, case.kind)
    assert verdict.id == "layout" or verdict.id.endswith(("wrong-axis", "in-columns"))
    assert unspaced('examples are columns, pass layout="columns".') in unspaced(verdict.message)


def test_a_function_of_rows_is_told_so_where_columns_were_promised():
    verdict = diagnosed(lib.cross_entropy, layout="columns")
    assert verdict.id == "layout"
    assert 'pass layout="rows"' in verdict.message


def test_names_that_are_no_names():
    def softmax(Z):
        return Z

    softmax.__name__ = softmax.__qualname__ = "softmax" * 100
    diagnosed(softmax)

    class Softmax:
        __name__ = 3

        def __call__(self, Z):
            return lib.softmax(Z)

    assert diagnosed(Softmax()).message == "Softmax: right."


# --- the catalogue -----------------------------------------------------------------------------


@functools.cache
def headings(chapter):
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)


def test_the_catalogue_is_large_and_its_ids_are_names():
    assert len(CATALOGUE) >= 40
    for key, entry in CATALOGUE.items():
        assert key == entry.id
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", key)
    rooms = (activations, losses, gradients)
    assert sum(
        Path(room.__file__).read_text(encoding="utf-8").count("\n@mistake(") for room in rooms
    ) == len(CATALOGUE)


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_an_entry_says_what_a_learner_needs(entry):
    assert entry.kind in KINDS
    assert entry.section in headings(entry.chapter)
    assert entry.symptom
    assert len(textwrap.wrap(f"Likely: {entry.message}", 88)) <= 2
    assert entry.message.endswith(".")
    assert not entry.title.endswith(".")
    assert not re.search(r"[^.]\.$", entry.symptom)
    assert re.match(r"[a-z1]|ReLU", entry.title)
    assert not BLAME.search(f"{entry.title} {entry.symptom} {entry.message}")


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_the_source_does_what_the_mistake_does(entry):
    helpers = {
        name: getattr(gradients, name)
        for name in ("logits_gradient", "weight_gradient")
        if name != entry.kind
    }
    names = {"np": np, **{name: getattr(lib, name) for name in lib.__all__}, **helpers}
    assert len(entry.source.splitlines()) <= 10
    assert ast.parse(entry.source).body[0].name == entry.kind
    exec(entry.source, names)
    for probe in KINDS[entry.kind].probes():
        answers = [
            outcome(function, probe.arguments) for function in (names[entry.kind], entry.wrong)
        ]
        assert answers[0] == answers[1]


def outcome(function, arguments):
    given = [np.copy(value) if isinstance(value, np.ndarray) else value for value in arguments]
    with np.errstate(all="ignore"):
        try:
            answer = function(*given)
        except Exception as error:
            return type(error)
    return repr(answer), repr(given)
