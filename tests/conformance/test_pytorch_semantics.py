"""Cross-entropy against PyTorch's, wherever PyTorch is installed: the same rules, and every
difference that the docstring lists.

That ours follows the rules is tested without PyTorch in `test_losses`, on a definition read aloud.
"""

import numpy as np
import pytest
from hypothesis import given

from softmax_lib import cross_entropy, cross_entropy_and_gradient
from tests.support.hypothesis_strategies import layered_problems

THEIR_NAMES = {"class_weight": "weight"}


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch")


def theirs(torch, logits, targets, **options):
    """PyTorch's loss, and its gradient of the sum."""
    z = torch.tensor(np.asarray(logits), requires_grad=True)
    options = {THEIR_NAMES.get(name, name): value for name, value in options.items()}
    if "weight" in options:
        options["weight"] = torch.tensor(np.asarray(options["weight"], z.detach().numpy().dtype))
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(np.asarray(targets)), **options)
    loss.sum().backward()
    return loss.detach().numpy(), z.grad.numpy()


@given(problem=layered_problems())
def test_loss_and_gradient_are_pytorchs_under_all_options(torch, problem):
    logits, targets, options, axis = problem
    loss, gradient = cross_entropy_and_gradient(logits, targets, axis=axis, **options)
    second = min(1, logits.ndim - 1)
    if targets.shape == logits.shape:
        targets = np.moveaxis(targets, axis, second)
    their_loss, their_gradient = theirs(
        torch, np.moveaxis(logits, axis, second), targets, **options
    )
    np.testing.assert_allclose(loss, their_loss, rtol=1e-12, atol=1e-12)
    if np.isnan(loss).any():  # a mean over nothing: theirs is nan or 0, as tested below
        assert (gradient == 0).all()
    else:
        gradient = np.moveaxis(gradient, axis, second)
        np.testing.assert_allclose(gradient, their_gradient, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("row", "target", "options"),
    [
        ([-np.inf, 0.0], 1, {}),
        ([-np.inf, 0.0], 0, {}),
        ([-np.inf, 0.0], 1, {"label_smoothing": 0.1}),
        ([-np.inf, -np.inf], 0, {}),
        ([np.inf, 0.0], 0, {}),
        ([np.inf, 0.0], 1, {}),
        ([np.nan, 0.0], 1, {}),
        ([1e308, -1e308], 1, {}),
    ],
)
def test_logits_at_the_end_of_the_range_cost_the_same(torch, row, target, options):
    loss, gradient = cross_entropy_and_gradient(row, target, **options)
    their_loss, their_gradient = theirs(torch, row, target, **options)
    np.testing.assert_array_equal(loss, their_loss)
    np.testing.assert_allclose(gradient, their_gradient, rtol=1e-12)


@pytest.mark.parametrize(
    ("targets", "options"),
    [
        ([0, 2], {}),
        ([0, -1], {}),
        ([[0], [1]], {}),
        ([0.0, 1.0], {}),
        ([False, True], {}),
        ([0, 1, 1], {}),
        ([0, 1], {"label_smoothing": 1.1}),
        ([0, 1], {"class_weight": [1, 2, 3]}),
        ([0, 1], {"reduction": "average"}),
        ([[0.5, 0.5], [1.0, 0.0]], {"ignore_index": 1}),
    ],
)
def test_both_refuse(torch, targets, options):
    with pytest.raises((TypeError, ValueError)):
        cross_entropy(np.zeros((2, 2)), targets, **options)
    with pytest.raises((RuntimeError, ValueError, IndexError)):
        theirs(torch, np.zeros((2, 2)), targets, **options)


# The differences, in the order of the docstring

Z = np.array([[0.0, 1.0], [2.0, 0.0]])
HALVES = [[0.5, 0.5], [1.0, 0.0]]


def test_their_classes_are_always_axis_1(torch):
    z, y = np.random.default_rng(0).normal(size=(2, 3, 3)), [[0, 1, 2], [2, 2, 0]]
    last, second = cross_entropy(z, y), cross_entropy(z, y, axis=1)
    assert theirs(torch, z, y)[0] == pytest.approx(second, rel=1e-12)
    assert last != pytest.approx(second)


def test_they_ignore_minus_100_unasked(torch):
    expected = cross_entropy(Z, [0, -100], ignore_index=-100)
    assert theirs(torch, Z, [0, -100])[0] == pytest.approx(expected, rel=1e-12)
    with pytest.raises(ValueError, match="got -100 at index 1"):
        cross_entropy(Z, [0, -100])


def test_they_ignore_a_negative_index_beside_probabilities(torch):
    assert theirs(torch, Z, HALVES, ignore_index=-1)[0] == theirs(torch, Z, HALVES)[0]
    with pytest.raises(ValueError, match="ignore_index must be None"):
        cross_entropy(Z, HALVES, ignore_index=-1)


def test_they_refuse_integers_and_bools_of_the_logits_shape(torch):
    for hot in np.array([[0, 1], [1, 0]]), np.array([[False, True], [True, False]]):
        assert cross_entropy(Z, hot) == pytest.approx(cross_entropy(Z, [1, 0]), rel=1e-14)
        with pytest.raises(RuntimeError, match="Expected floating point type for target"):
            theirs(torch, Z, hot)


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.uint64])
def test_their_labels_are_int64_or_uint8(torch, dtype):
    labels = np.array([1, 0], dtype)
    for accepted in np.int64, np.uint8:
        expected = theirs(torch, Z, labels.astype(accepted))[0]
        assert cross_entropy(Z, labels) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(RuntimeError, match="expected target dtype to be Long or Byte"):
        theirs(torch, Z, labels)


def test_they_refuse_integer_logits_and_weights_of_other_dtypes(torch):
    loss = torch.nn.functional.cross_entropy
    y = torch.tensor([0, 1])
    with pytest.raises(NotImplementedError):
        loss(torch.tensor([[0, 1], [2, 0]]), y)
    with pytest.raises(RuntimeError, match="expected scalar type Double but found Float"):
        loss(torch.tensor(Z), y, weight=torch.tensor([1.0, 2.0]))
    assert cross_entropy(Z.astype(int), [0, 1], class_weight=np.float32([1, 2])) > 0


@pytest.mark.parametrize(
    ("targets", "options"),
    [
        ([[-0.5, 0.2], [1.0, 3.0]], {}),
        ([[np.nan, 0.2], [1.0, 3.0]], {}),
        ([0, 1], {"class_weight": [-3, 1]}),
        ([0, 1], {"class_weight": [np.nan, 1]}),
    ],
)
def test_they_compute_with_negative_and_nan_targets_and_weights(torch, targets, options):
    theirs(torch, Z, targets, **options)
    with pytest.raises(ValueError, match="must be finite and not negative"):
        cross_entropy(Z, targets, **options)


def test_an_empty_class_axis_is_nan_to_them(torch):
    assert np.isnan(theirs(torch, np.empty((2, 0)), np.empty((2, 0)))[0])
    with pytest.raises(ValueError, match="at least one class"):
        cross_entropy(np.empty((2, 0)), np.empty((2, 0)))


@pytest.mark.parametrize(
    ("target", "options"),
    [
        ([0.0, 1.0], {}),
        ([0.5, 0.5], {"class_weight": [0, 1]}),
        (0, {"class_weight": [0, 1], "reduction": "sum"}),
        (1, {"class_weight": [0, 1], "label_smoothing": 0.1}),
    ],
)
def test_nothing_times_minus_infinity_is_nan_to_them_and_0_here(torch, target, options):
    row = [-np.inf, 0.0]
    assert np.isnan(theirs(torch, row, target, **options)[0])
    assert cross_entropy(row, target, **options) == 0


@pytest.mark.parametrize("row", [[np.nan, 0.0], [np.inf, 0.0], [-np.inf, -np.inf]])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_an_ignored_row_without_softmax_has_nan_slopes_there(torch, row, smoothing):
    problem = np.array([row, [2.0, 0.0]]), np.array([-100, 0])
    options = {"ignore_index": -100, "label_smoothing": smoothing}
    loss, gradient = cross_entropy_and_gradient(*problem, **options)
    their_loss, their_gradient = theirs(torch, *problem, **options)
    assert loss == pytest.approx(their_loss, rel=1e-12)
    assert np.isnan(their_gradient[0]).any()
    assert (gradient[0] == 0).all()
    assert gradient[1] == pytest.approx(their_gradient[1], rel=1e-12)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_a_mean_over_weights_of_0_has_a_gradient_of_nan_there(torch, smoothing):
    options = {"class_weight": [0, 1], "label_smoothing": smoothing}
    loss, gradient = cross_entropy_and_gradient(Z, [0, 0], **options)
    their_loss, their_gradient = theirs(torch, Z, [0, 0], **options)
    assert np.isnan([loss, their_loss]).all()
    assert np.isnan(their_gradient).any()
    assert (gradient == 0).all()


@pytest.mark.parametrize("problem", [(Z, [-100, -100]), (np.empty((0, 2)), np.empty(0, int))])
def test_a_mean_over_nothing_is_nan_with_zero_gradient_in_both(torch, problem):
    for loss, gradient in (
        cross_entropy_and_gradient(*problem, ignore_index=-100),
        theirs(torch, *problem),
    ):
        assert np.isnan(loss)
        assert (gradient == 0).all()


def test_a_confident_winner_costs_0_there(torch):
    their_loss, their_gradient = theirs(torch, [40.0, 0.0], 0)
    assert their_loss == 0
    assert their_gradient[0] == 0
    loss, gradient = cross_entropy_and_gradient([40.0, 0.0], 0)
    assert loss == pytest.approx(np.exp(-40), rel=1e-14, abs=0)
    assert gradient[0] == pytest.approx(-np.exp(-40), rel=1e-14, abs=0)


def test_their_float16_mean_overflows_on_the_way(torch):
    z, y = np.tile(np.float16([0, 100]), (10_000, 1)), np.zeros(10_000, int)
    assert theirs(torch, z, y)[0] == np.inf
    assert cross_entropy(z, y) == 100
