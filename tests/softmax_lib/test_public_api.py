"""The package as a whole: what is public, what it imports, what its docstrings promise."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest
from numpydoc.docscrape import ClassDoc, FunctionDoc

import softmax_lib
from softmax_lib import estimator, plots
from tests.support.fresh_interpreter import NUMPY_ALONE, python

PACKAGE = Path(softmax_lib.__file__).parent

PUBLIC = {name: getattr(softmax_lib, name) for name in softmax_lib.__all__}
RECORDS = {"Dataset", "ReliabilityCurve", "ConvergenceWarning", "SeparableDataWarning"}
DOCUMENTED = {name: value for name, value in PUBLIC.items() if name not in RECORDS}
DOCUMENTED["SoftmaxClassifier"] = estimator.SoftmaxClassifier
PICTURES = {
    name: value
    for name, value in inspect.getmembers(plots, inspect.isfunction)
    if value.__module__ == plots.__name__ and not name.startswith("_")
}


# Names


def test_all_is_sorted_and_without_repetition():
    names = softmax_lib.__all__
    assert names == sorted(set(names))


def test_all_names_what_the_package_brings_in_and_nothing_else():
    public = {
        name
        for name, value in vars(softmax_lib).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert public == set(softmax_lib.__all__)


def test_the_contract_is_public():
    contract = {
        "softmax",
        "log_softmax",
        "logsumexp",
        "hardmax",
        "sigmoid",
        "softmax_jacobian",
        "cross_entropy",
        "cross_entropy_and_gradient",
        "negative_log_likelihood",
        "fit_softmax_regression",
        "SoftmaxRegression",
        "SoftmaxNetwork",
        "numerical_gradient",
        "check_gradient",
        "entropy",
        "kl_divergence",
        "one_hot",
        "accuracy",
        "confusion_matrix",
        "reliability_curve",
        "fit_temperature",
        "expected_calibration_error",
        "load_digits",
        "load_penguins",
        "make_blobs",
        "make_spirals",
        "GradientDescent",
        "Momentum",
        "Adam",
        "diagnose",
    }
    assert contract <= set(softmax_lib.__all__)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("softmax", "(logits, axis=-1, *, temperature=1.0, out=None)"),
        ("log_softmax", "(logits, axis=-1, *, temperature=1.0, out=None)"),
        ("logsumexp", "(logits, axis=-1, *, keepdims=False)"),
        ("hardmax", "(logits, axis=-1)"),
        ("sigmoid", "(logits)"),
        ("softmax_jacobian", "(logits, axis=-1)"),
        (
            "cross_entropy",
            "(logits, targets, *, axis=-1, class_weight=None, ignore_index=None, "
            "label_smoothing=0.0, reduction='mean', sample_weight=None)",
        ),
        (
            "cross_entropy_and_gradient",
            "(logits, targets, *, axis=-1, class_weight=None, ignore_index=None, "
            "label_smoothing=0.0, reduction='mean', sample_weight=None)",
        ),
        (
            "negative_log_likelihood",
            "(log_probs, targets, *, axis=-1, class_weight=None, "
            "ignore_index=None, reduction='mean', sample_weight=None)",
        ),
        (
            "fit_softmax_regression",
            "(X, y, *, l2=0.001, fit_intercept=True, tol=1e-06, max_iter=100, sample_weight=None)",
        ),
        (
            "SoftmaxRegression",
            "(l2=0.001, fit_intercept=True, tol=1e-06, max_iter=100, *, class_weight=None, "
            "warm_start=False)",
        ),
        ("numerical_gradient", "(f, x)"),
        ("diagnose", "(function, kind=None, *, layout='rows')"),
    ],
)
def test_signatures_are_those_of_the_contract(name, expected):
    signature = inspect.signature(PUBLIC[name])
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
    ]
    assert str(inspect.Signature(bare)) == expected


def test_the_networks_signature_is_that_of_the_contract():
    parameters = inspect.signature(softmax_lib.SoftmaxNetwork).parameters
    assert {name: value.default for name, value in parameters.items()} == {
        "hidden": (64,),
        "optimizer": None,
        "batch_size": 64,
        "epochs": 30,
        "l2": 0.0,
        "random_state": None,
        "dtype": np.float64,
        "class_weight": None,
        "warm_start": False,
    }


@pytest.mark.parametrize("cls", [softmax_lib.SoftmaxRegression, softmax_lib.SoftmaxNetwork])
def test_both_models_have_the_same_methods(cls):
    for method in ("fit", "predict", "predict_proba", "decision_function", "score", "save", "load"):
        assert callable(getattr(cls, method))


def test_the_version_is_that_of_an_installed_package():
    assert softmax_lib.__version__.count(".") == 2


# Imports


def test_importing_the_package_needs_numpy_alone():
    assert python(NUMPY_ALONE + "import softmax_lib; print(softmax_lib.softmax([0, 0]))") == (
        "[0.5 0.5]\n"
    )


def test_the_main_job_runs_with_numpy_alone():
    job = """
import softmax_lib as lib
X, y = lib.make_blobs(20, random_state=0)
print(lib.SoftmaxRegression().fit(X, y).score(X, y) > 0.9)
print(lib.SoftmaxNetwork((8,), epochs=30, random_state=0).fit(X, y).score(X, y) > 0.5)
print(len(lib.load_digits().y), len(lib.load_penguins().y))
"""
    assert python(NUMPY_ALONE + job) == "True\nTrue\n1797 342\n"


def test_importing_pulls_in_no_extra_even_where_installed():
    heavy = "matplotlib sklearn scipy dask pandas IPython"
    code = f"import sys, softmax_lib; print(sorted(set({heavy.split()}) & set(sys.modules)))"
    assert python(code) == "[]\n"


@pytest.mark.parametrize(("room", "extra"), [("plots", "plots"), ("estimator", "sklearn")])
def test_a_room_without_its_packages_says_which_extra_to_install(room, extra):
    code = f"""
try:
    import softmax_lib.{room}
except ImportError as error:
    print(error)
"""
    assert f'pip install "softmax_lib[{extra}]"' in python(NUMPY_ALONE + code)


def test_distributed_without_dask_says_which_extra_to_install():
    code = """
try:
    import softmax_lib.distributed
except ImportError as error:
    print(error)
"""
    assert python(NUMPY_ALONE + code) == (
        'softmax_lib.distributed needs Dask: pip install "softmax_lib[dask]"\n'
    )


def test_importing_loads_neither_the_catalogue_nor_inspect():
    """Both come with the first diagnosis, and what reads files with the first file."""
    code = """
import dataclasses, numpy, sys  # dataclasses bring inspect
before = set(sys.modules)
import softmax_lib
late = {"inspect", "csv", "gzip", "hashlib", "importlib.resources", "json", "statistics", "zipfile"}
late |= {f"softmax_lib.misconceptions.{name}" for name in ("catalogue", "judge", "mistake")}
print(sorted(late & set(sys.modules) - before))
softmax_lib.diagnose(softmax_lib.softmax)
print("softmax_lib.misconceptions.catalogue.losses" in sys.modules)
"""
    assert python(code) == "[]\nTrue\n"


def test_importing_draws_no_random_numbers_and_prints_nothing():
    code = """
import numpy as np
np.random.seed(0)
import softmax_lib
assert np.random.random() == np.random.RandomState(0).random()
"""
    assert python(code) == ""


# Docstrings


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_docstring_states_its_contract(name):
    value = DOCUMENTED[name]
    doc = (ClassDoc if inspect.isclass(value) else FunctionDoc)(value)
    for section in "Summary", "Extended Summary", "Raises":
        assert doc[section], f"{name} has no {section}"
    assert ">>>" in "\n".join(doc["Examples"])
    assert any(".. math::" in line for line in doc["Extended Summary"])


@pytest.mark.parametrize("name", {**DOCUMENTED, **PICTURES})
def test_every_parameter_is_described_in_order(name):
    value = {**DOCUMENTED, **PICTURES}[name]
    doc = (ClassDoc if inspect.isclass(value) else FunctionDoc)(value)
    described = [part.strip() for entry in doc["Parameters"] for part in entry.name.split(",")]
    assert described == list(inspect.signature(value).parameters)
    assert all(" ".join(entry.desc) or entry.type for entry in doc["Parameters"])


@pytest.mark.parametrize(
    "name", [n for n, f in DOCUMENTED.items() if inspect.isfunction(f) and n != "train"]
)
def test_every_function_says_what_it_returns(name):
    assert FunctionDoc(DOCUMENTED[name])["Returns"]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_see_also_names_things_that_exist(name):
    value = DOCUMENTED[name]
    doc = (ClassDoc if inspect.isclass(value) else FunctionDoc)(value)
    for group, _ in doc["See Also"]:
        for other, _ in group:
            assert other in PUBLIC


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_an_example_and_a_neighbour(name):
    doc = FunctionDoc(PICTURES[name])
    assert doc["See Also"]
    assert ">>>" in "\n".join(doc["Examples"])


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_records_and_warnings_say_what_they_are(name):
    assert inspect.getdoc(PUBLIC[name])


@pytest.mark.parametrize(
    "cls", [value for value in {**PUBLIC, **DOCUMENTED}.values() if inspect.isclass(value)]
)
def test_every_public_method_has_a_docstring(cls):
    for name, member in inspect.getmembers(cls, callable):
        if not name.startswith("_") and (getattr(member, "__module__", None) or "").startswith(
            "softmax_lib"
        ):
            assert inspect.getdoc(member), f"{cls.__name__}.{name}"


def test_every_room_opens_with_what_it_is():
    for room in PACKAGE.rglob("*.py"):
        assert ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))), room
