"""The book's listings for other libraries run, wherever the library is installed.

Then what chapter 8 says of those libraries, and the class that its reader builds.
"""

import contextlib
import functools
import importlib.metadata
import importlib.util
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from softmax_lib import Tensor
from tools.notebooks.views import all_prose

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
FRAMEWORKS = ("sklearn", "torch", "jax", "keras", "optax")
KERAS_BACKENDS = ("jax", "torch", "tensorflow")
VERSION = re.compile(r"\b(PyTorch|JAX|Keras|optax|scikit-learn) (\d+\.\d+)")
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PRINTS = re.compile(r"\bWith ([^\n]*) it prints:\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def frameworks_of(listing):
    return [name for name in FRAMEWORKS if re.search(rf"^(from|import) {name}\b", listing, re.M)]


@functools.cache
def cells(path, kind):
    return [
        cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind
    ]


def listings():
    """Each listing, and the prose that follows it: what it prints, and under which versions."""
    for path in sorted(BOOK.glob("*.ipynb")):
        for source in cells(path, "markdown"):
            parts = FENCE.split(source)
            for listing, after in zip(parts[1::2], parts[2::2], strict=True):
                if frameworks := frameworks_of(listing):
                    yield pytest.param(listing, after, id=f"{path.stem}-{frameworks[0]}")


def what_it_prints(after):
    """The versions that the prose names, and the text that it shows under them."""
    if not (shown := PRINTS.search(after)):
        return {}, ""
    return versions_in(shown[1]), shown[2]


def versions_in(text):
    named = dict(VERSION.findall(text))
    return {name.lower().replace("pytorch", "torch"): named[name] for name in named}


def has_version(package, version):
    found = importlib.metadata.distributions(name=package)
    return any(distribution.version.startswith(f"{version}.") for distribution in found)


def installed(*names):
    return [name for name in names if importlib.util.find_spec(name)]


def run_by_itself(listing, **environment):
    """Run a listing in a fresh interpreter, where no other listing's settings are left."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", listing],
        cwd=ROOT,
        text=True,
        env=os.environ | environment,
        capture_output=True,
        timeout=600,
    )


@pytest.mark.slow
@pytest.mark.parametrize(("listing", "after"), list(listings()))
def test_a_listing_runs_and_prints_what_is_shown(listing, after):
    environment = {}
    for name in frameworks_of(listing):
        if not installed(name):
            pytest.skip(f"{name} is not installed")
        if name == "keras":
            if not (backends := installed(*KERAS_BACKENDS)):
                pytest.skip(f"keras is installed, and none of {', '.join(KERAS_BACKENDS)}")
            environment["KERAS_BACKEND"] = backends[0]
    done = run_by_itself(listing, **environment)
    assert done.returncode == 0, done.stderr
    versions, shown = what_it_prints(after)
    if all(has_version(name, version) for name, version in versions.items()):
        assert done.stdout == shown


def test_what_a_listing_prints_is_shown_with_its_versions():
    for param in listings():
        listing, after = param.values
        versions, shown = what_it_prints(after)
        assert bool(versions) == bool(shown) == ("print(" in listing), param.id


def test_the_versions_that_the_chapters_name_are_pinned():
    files = [ROOT / "requirements.txt", ROOT / "requirements-bench.txt"]
    pins = [pin for file in files for pin in file.read_text(encoding="utf-8").splitlines()]
    for path in BOOK.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for name, version in versions_in(all_prose(notebook)).items():
            assert any(pin.startswith(f"{name}=={version}.") for pin in pins), (path.stem, name)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_each_framework_has_a_listing_that_asserts_something(framework):
    found = [param.values[0] for param in listings() if framework in frameworks_of(param.values[0])]
    assert found
    assert all(re.search(r"^ *assert ", listing, re.M) for listing in found)


def test_a_listing_that_fails_is_noticed():
    assert run_by_itself("assert 1 + 1 == 2").returncode == 0
    assert "AssertionError" in run_by_itself("assert 1 + 1 == 3").stderr
    assert "UserWarning" in run_by_itself("import warnings; warnings.warn('look')").stderr


# What chapter 8 says of the frameworks


def test_pytorch_composed_is_lost_where_its_own_loss_is_exact():
    torch = pytest.importorskip("torch")
    z = torch.tensor([0.0, -800.0], dtype=torch.float64, requires_grad=True)
    (-torch.log(z.exp() / z.exp().sum())[1]).backward()
    assert z.grad.isnan().all()
    z.grad = None
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(1))
    loss.backward()
    assert (loss.item(), z.grad.tolist()) == (800, [1, -1])


def test_jax_composed_is_lost_where_its_own_loss_is_exact():
    jax = pytest.importorskip("jax")
    z = np.array([0, -800], np.float32)
    composed = jax.grad(lambda z: -jax.numpy.log(jax.numpy.exp(z) / jax.numpy.exp(z).sum())[1])
    assert np.isnan(composed(z)).all()
    assert jax.grad(lambda z: -jax.nn.log_softmax(z)[1])(z).tolist() == [1, -1]


def test_pytorch_adds_up_and_refuses_a_changed_tensor():
    torch = pytest.importorskip("torch")
    x = torch.tensor(3.0, requires_grad=True)
    J = x * x + x
    J.backward(retain_graph=True)
    J.backward()
    assert x.grad == 14
    J = x * x
    with torch.no_grad():
        x.add_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        J.backward()
    x.grad = None
    J = x * x
    x.data.fill_(5)
    J.backward()  # through .data, PyTorch does not notice
    assert x.grad == 10


def test_pytorch_without_retain_graph_walks_once():
    torch = pytest.importorskip("torch")
    x = torch.tensor(3.0, requires_grad=True)
    J = x * x
    J.backward()
    with pytest.raises(RuntimeError, match="retain_graph"):
        J.backward()


def test_keras_takes_probabilities_unless_told_otherwise():
    if not installed("keras") or not installed(*KERAS_BACKENDS):
        pytest.skip("keras, or what it runs on, is not installed")
    listing = (
        "import inspect, keras\n"
        "loss = keras.losses.SparseCategoricalCrossentropy\n"
        "assert inspect.signature(loss).parameters['from_logits'].default is False\n"
    )
    done = run_by_itself(listing, KERAS_BACKEND=installed(*KERAS_BACKENDS)[0])
    assert done.returncode == 0, done.stderr


# What chapters 7 and 8 share, and what the reader of chapter 8 builds


def test_the_gradients_by_hand_are_the_same_in_every_chapter():
    found = {
        source
        for path in BOOK.glob("*.ipynb")
        for source in cells(path, "code")
        if source.startswith("def network_gradients(")
    }
    assert len(found) == 1


def cells_that_make_the_class():
    """The code cells of chapter 8 until Node has all its operations, without the figures."""
    sources = [
        source.replace("plots.use_style()", "")
        for source in cells(BOOK / "08-frameworks.ipynb", "code")
    ]
    last = next(i for i, source in enumerate(sources) if "def largest" in source)
    return [source for source in sources[: last + 1] if "plt.show()" not in source]


def names_after(sources):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in sources:
            exec(compile(source, "chapter 8", "exec"), names)
    return names


@functools.cache
def right_names():
    return names_after(cells_that_make_the_class())


@st.composite
def programs(draw):
    """Steps of a calculation, each with two of the results so far."""
    length = draw(st.integers(1, 8))
    return [
        (
            draw(st.sampled_from(["+", "*", "relu"])),
            draw(st.integers(0, i + 1)),
            draw(st.integers(0, i + 1)),
        )
        for i in range(length)
    ]


def slopes_of(kind, program, values):
    results = leaves = [kind(value) for value in values]
    for operation, i, j in program:
        a, b = results[i], results[j]
        step = {"+": lambda a, b: a + b, "*": lambda a, b: a * b, "relu": lambda a, b: a.relu()}
        results = [*results, step[operation](a, b)]
    results[-1].sum().backward()
    return [np.broadcast_to(leaf.grad, leaf.data.shape) for leaf in leaves]


def check_program(names, program, seed):
    rng = np.random.default_rng(seed)
    values = [rng.uniform(-1.2, 1.2, shape) for shape in [(3, 2), (2,)]]
    expected = slopes_of(Tensor, program, values)
    for ours, theirs in zip(slopes_of(names["Node"], program, values), expected, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12)


@given(programs(), st.integers(0, 2**32))
def test_any_calculation_has_the_slopes_that_tensor_finds(program, seed):
    check_program(right_names(), program, seed)


@given(
    st.integers(0, 2**32),
    st.integers(1, 5),
    st.integers(1, 4),
    st.integers(1, 5),
    st.integers(2, 4),
)
def test_any_network_has_tensors_slopes_and_those_by_hand(seed, m, n, h, n_classes):
    names, rng = right_names(), np.random.default_rng(seed)
    X, y = rng.normal(size=(m, n)), rng.integers(n_classes, size=m)
    arrays = [rng.normal(size=shape) for shape in [(n, h), h, (h, n_classes), n_classes]]
    assume(abs(X @ arrays[0] + arrays[1]).min() > 1e-6)

    def parameters_after(kind, loss):
        W1, b1, W2, b2 = parameters = [kind(array) for array in arrays]
        loss((kind(X) @ W1 + b1).relu() @ W2 + b2).backward()
        return [p.grad for p in parameters]

    Y = names["one_hot"](y, n_classes)
    by_hand = names["network_gradients"](X, y, *arrays)
    for found in (
        parameters_after(Tensor, lambda Z: Z.cross_entropy(y)),
        parameters_after(names["Node"], lambda Z: names["composed_loss"](Z, Y)),
        parameters_after(names["Node"], lambda Z: names["shifted_loss"](Z, Y)),
        parameters_after(names["Node"], lambda Z: names["fused_loss"](Z, Y)),
    ):
        for gradient, expected in zip(found, by_hand, strict=True):
            assert gradient == pytest.approx(expected, rel=1e-9, abs=1e-12)


BROKEN = {
    "the walk does not start at 1": (
        "self.receive(np.ones_like(self.data))",
        "self.receive(2 * np.ones_like(self.data))",
    ),
    "the walk takes nodes before their uses": (
        "        for parent in node.parents:\n            history(parent, before)\n"
        "        before.append(node)",
        "        before.append(node)\n        for parent in node.parents:\n"
        "            history(parent, before)",
    ),
    "a summand keeps its slope": ("lambda g: (g, g)", "lambda g: (g, 0 * g)"),
    "factors get their own values": ("(g * b.data, g * a.data)", "(g * a.data, g * b.data)"),
    "a quotient's sign": ("(g / b.data, -g", "(g / b.data, g"),
    "exp": ("(g * power,)", "(g,)"),
    "log": ("(g / a.data,)", "(g * a.data,)"),
    "a sum": ("(g * np.ones_like(a.data),)", "(g * np.ones_like(a.data) / a.data.size,)"),
    "added axes stay": ("gradient.sum(axis=added).sum(", "gradient.sum("),
    "stretched axes are averaged": (".sum(axis=stretched", ".mean(axis=stretched"),
    "assigned in place of added": (
        "self.grad = self.grad + gradient.sum(",
        "self.grad = gradient.sum(",
    ),
    "a product's left": ("(g @ b.data.T,", "(0 * (g @ b.data.T),"),
    "a product's right": ("a.data.T @ g)", "0 * (a.data.T @ g))"),
    "no mask": ("(g * (a.data > 0),)", "(g,)"),
    "every entry wins": ("winners = a.data == top", "winners = a.data <= top"),
    "the fused rule": ("(g * gradient,)", "(g * gradient / 2,)"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_node_is_noticed(fault):
    right, wrong = BROKEN[fault]
    sources = cells_that_make_the_class()
    if sum(source.count(right) for source in sources) != 1:
        pytest.fail(f"chapter 8 does not have this once: {right}")
    sources = [source.replace(right, wrong) for source in sources]

    def run_and_check():
        names = names_after(sources)

        @given(programs(), st.integers(0, 2**32))
        def check(program, seed):
            check_program(names, program, seed)

        check()

    with pytest.raises((AssertionError, ValueError, ExceptionGroup)):
        run_and_check()
