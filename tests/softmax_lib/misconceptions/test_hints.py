"""Where no mistake is known there is a next step, and a section that exists."""

import functools
import json
import re
from pathlib import Path

import numpy as np
import pytest

import softmax_lib as lib
from softmax_lib.misconceptions.hints import next_step, section_of
from softmax_lib.misconceptions.kinds import KINDS
from tests.support.diagnoses import diagnosed

BOOK = Path(__file__).resolve().parents[3] / "book"


@functools.cache
def headings(chapter):
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_has_a_next_step_and_a_section(kind):
    chapter, section = section_of(kind)
    assert section in headings(chapter)
    assert next_step(kind).startswith("Next: ")


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_that_is_new_is_told_where_to_go_on(kind):
    def odd(*arguments):
        truth = KINDS[kind].truth(*arguments)
        return tuple(t * t + 0.1 for t in truth) if isinstance(truth, tuple) else truth**2 + 0.1

    verdict = diagnosed(odd, kind)
    assert verdict.id == "unknown"
    assert "Next: " in verdict.message.replace("\n", " ")
    assert f'See "{section_of(KINDS[kind])[1]}"' in verdict.message


def test_what_is_said_of_a_bias_is_true_of_its_layer():
    def first_layer_only(X, y, W1, b1, W2, b2):
        dW1, db1, dW2, db2 = KINDS["network_gradients"].truth(X, y, W1, b1, W2, b2)
        return dW1, db1.sum() + 1, dW2, db2

    message = diagnosed(first_layer_only, "network_gradients").message.replace("\n", " ")
    assert "one bias for each hidden unit. Sum over the examples alone, with axis=0." in message
    assert "sum of everything" not in message


def test_what_is_wrong_for_several_is_said_where_it_shows():
    def first_row(Z):
        for row in Z:
            return lib.softmax(row)[None]

    def first_loss(logits, y):
        for z, label in zip(logits, y, strict=True):
            return -lib.log_softmax(z)[label] / len(y)

    def last_row(Z):
        for row in Z:
            p = lib.softmax(row)
        return [p]

    def m_by_m(Z):
        maximum = Z.max(axis=1, keepdims=True)
        return maximum + np.log(np.exp(Z - maximum).sum(axis=1))

    def one_mean(Z):
        return lib.softmax(Z) - lib.softmax(Z).mean(axis=0) + lib.softmax(Z[:1])

    for function, kind, says in [
        (first_row, "softmax", "does return stand inside the loop?"),
        (first_loss, "cross_entropy", "does return stand inside the loop?"),
        (last_row, "softmax", "Only the last example comes back"),
        (m_by_m, "logsumexp", "(m, 1) and (m,) make (m, m)."),
        (one_mean, "softmax", "Do they share something"),
    ]:
        assert says in diagnosed(function, kind).message.replace("\n", " ")


def test_the_next_step_fits_the_input():
    def halved(Z):
        exps = np.exp(Z - Z.max(axis=1, keepdims=True) / 2)
        return exps / exps.sum(axis=1, keepdims=True)

    message = diagnosed(halved, "softmax").message.replace("\n", " ")
    assert "Next: print what is exponentiated: nothing above 0 may be" in message
    odd = diagnosed(lambda Z: lib.softmax(Z) ** 2, "softmax").message.replace("\n", " ")
    assert "Next: call it with this input, and print each step." in odd


def said(function, kind=None):
    return diagnosed(function, kind).message.replace("\n", " ")


def test_what_comes_back_as_it_was_given_is_told_so():
    assert "It gives back Z as it was given. Return what was computed." in said(
        lambda Z: Z, "softmax"
    )
    assert "It gives back y as it was given." in said(lambda y, n_classes: y, "one_hot")
    assert "gives back" not in said(lambda Z: 1.0 * Z + 1e-3, "softmax")


def test_an_answer_that_varies_is_told_so():
    numbers = np.random.default_rng(0)

    def descent_epoch(W, b, X, y, learning_rate, batch_size):
        order = numbers.permutation(len(X))
        return right(W, b, X[order], y[order], learning_rate, batch_size)

    right = KINDS["descent_epoch"].truth
    assert "It gives another answer each time that it is called." in said(descent_epoch)
    assert "batches are taken in order" in said(descent_epoch)
    noisy = said(lambda Z: lib.softmax(Z) + numbers.random(Z.shape), "softmax")
    assert "each time that it is called" in noisy
    assert "in order" not in noisy


def test_an_epoch_is_told_what_a_batch_takes():
    step = KINDS["gradient_step"].truth

    def descent_epoch(W, b, X, y, learning_rate, batch_size):
        for i in range(0, len(X), batch_size):
            x = X[i : i + batch_size]
            W, b = step(W, b, x, y[: len(x)], learning_rate)
        return W, b

    assert "Each takes its own rows of X and of y" in said(descent_epoch)

    def skewed(W, b, X, y, learning_rate, batch_size):
        return step(W, b, X, y, learning_rate * len(X))

    assert "It is right for one batch" not in said(skewed, "descent_epoch")


def test_one_shape_whatever_is_given_is_told_so():
    given = np.array([[1.0, 2, 3], [3, 1, 2]])
    assert "it is the same whatever is given" in said(lambda Z: lib.softmax(given), "softmax")
    assert "it is the same whatever is given" not in said(
        lambda Z: lib.softmax(Z).sum(axis=1), "softmax"
    )


def test_rows_of_log_probabilities_are_summed():
    def log_softmax(Z):
        shifted = Z - Z.max(axis=1, keepdims=True)
        return shifted - np.log1p(np.exp(shifted).sum(axis=1, keepdims=True))

    assert "Your row sums, exponentiated, to 0.5429; it must sum to 1." in said(log_softmax)


def test_a_return_inside_the_loop_is_seen_below_zeros_too():
    def softmax(Z):
        out = np.zeros(Z.shape)
        for i, row in enumerate(Z):
            out[i] = lib.softmax(row)
            return out

    assert "It stops after the first example" in said(softmax)


def test_indices_in_the_wrong_order_are_spoken_of():
    def cross_entropy(probs, y):
        return -np.mean(np.log(probs[y, np.arange(len(y))]))

    assert "exchange the indices: the row comes first" in said(cross_entropy)


def test_no_accuracy_is_asked_of_one_example():
    assert 'layout="vector"' not in said(
        lambda y_pred, y: (y_pred == y).sum(), "accuracy_of_labels"
    )


def test_an_if_over_an_array_of_one_is_spoken_of():
    assert "is there an `if` in it" in said(lambda z: 1 if z > 0 else 0, "relu_derivative")


def test_a_number_in_the_exponent_is_told():
    def softmax(Z):
        return lib.softmax((Z - Z.mean(axis=1, keepdims=True)) / (Z.std(axis=1, keepdims=True) + 1))

    def attention_weights(Q, K):
        return lib.softmax(Q @ K.T / K.shape[1] ** 1 / 2)

    def cosines(Q, K):
        return lib.softmax(Q @ (K / np.linalg.norm(K, axis=1, keepdims=True)).T)

    assert re.search(r"It is the softmax of 0\.\d+ times the logits\.", said(softmax))
    assert "It is the softmax of 0.3536 times Q Kᵀ / √d." in said(attention_weights)
    assert "It is the softmax of" not in said(cosines, "attention_weights")


def test_an_epoch_in_another_order_is_told_so():
    def descent_epoch(W, b, X, y, learning_rate, batch_size):
        X, y = X[::-1], y[::-1]
        return KINDS["descent_epoch"].truth(W, b, X, y, learning_rate, batch_size)

    assert "takes the examples in another order" in said(descent_epoch)


@pytest.mark.parametrize("count", [lambda y: y.max() + 1, lambda y: len(np.unique(y))])
def test_classes_that_are_counted_in_labels_are_spoken_of(count):
    def logits_gradient(Z, y):
        return (lib.softmax(Z) - np.eye(count(y))[y]) / len(y)

    assert "Take their number from the shape of Z." in said(logits_gradient)
    squeezed = said(lambda Z, y: lib.softmax(Z.squeeze(), axis=1), "logits_gradient")
    assert "Take their number" not in squeezed


def test_what_is_kept_from_call_to_call_may_end_in_an_error():
    kept = []

    def softmax(Z):
        kept.extend(lib.softmax(Z))
        return np.array(kept)

    assert "It gives another answer each time that it is called." in said(softmax)


def test_nan_is_told_what_it_comes_of():
    def logits_gradient(Z, Y):
        P = lib.softmax(Z)
        return P * (np.sum(Y / P * P, axis=1, keepdims=True) - Y / P) / len(Y)

    assert "nan comes of 0/0, inf/inf, inf - inf or 0 · inf." in said(logits_gradient)


def test_what_holds_no_numbers_is_called_by_its_name():
    def masked_softmax(Z, mask):
        powers = np.exp(np.ma.masked_array(Z - 3.0, ~mask))
        return powers / powers.sum(axis=1, keepdims=True)

    message = said(masked_softmax)
    assert "[[0.9503 0.0473 0.0024 --]]" in message
    assert "got a masked array: .filled(0)" in message
    assert "got a list of texts." in said(lambda Z: [["1"]], "softmax")
    assert "got a list whose rows differ in length." in said(lambda Z: [[1], [1, 2]], "softmax")


def test_numbers_that_are_nearly_0_are_no_digits():
    def masked_softmax(Z, mask):
        return lib.softmax(np.where(mask, Z, Z.min() - 50))

    assert "right but for numbers that are nearly 0" in said(masked_softmax)


def test_a_large_step_is_spoken_of():
    def numerical_gradient(f, x):
        steps = 1e-2 * np.eye(x.size).reshape(x.size, *x.shape)
        return np.reshape([(f(x + h) - f(x - h)) / 2e-2 for h in steps], x.shape)

    assert "Is the step h too large?" in said(numerical_gradient)


def test_a_mean_of_several_numbers_is_spoken_of_as_one():
    def binary_cross_entropy(probs, y):
        losses = -np.log(np.where(y == 1, probs, 1 - probs))
        return sum(losses[y == one].mean() for one in np.unique(y))

    says = "It is right for one example alone, and wrong for several. Their answer is the mean"
    assert says in said(binary_cross_entropy)


def test_what_is_left_out_is_told():
    def softmax_of_all_but_the_last(Z):
        return np.vstack([lib.softmax(Z)[:-1], np.zeros(Z.shape[1])])

    def log_softmax_from_the_second_on(Z):
        return np.vstack([Z[:1], lib.log_softmax(Z[1:])])

    def logsumexp_of_all_but_the_last(Z):
        return np.append(lib.logsumexp(Z[:-1]), 0)

    def loss_if_there_is_a_label(probs, y):
        return sum(
            -np.log(p[label]) if label else 0 for p, label in zip(probs, y, strict=True)
        ) / len(y)

    assert "right but the last: does a loop end one" in said(softmax_of_all_but_the_last, "softmax")
    assert "right but the last" in said(logsumexp_of_all_but_the_last, "logsumexp")
    first = said(log_softmax_from_the_second_on, "log_softmax")
    assert "right but the first: does a loop begin at 1?" in first
    no_zero = said(loss_if_there_is_a_label, "cross_entropy_from_probs")
    assert "It is wrong exactly where a label is 0." in no_zero


def test_what_lasts_too_long_is_told():
    known = {}

    def remembered(Z):
        return known.setdefault(Z.shape, lib.softmax(Z))

    def sums_that_grow(Z):
        exps = np.exp(Z - Z.max(axis=1, keepdims=True))
        return exps / exps.sum(axis=1).cumsum()[:, np.newaxis]

    def mean_of_all_calls(probs, y):
        losses.append(-np.log(probs[np.arange(len(y)), y]).mean())
        return np.mean(losses)

    losses = []
    assert "It gave this answer before, to another input." in said(remembered, "softmax")
    assert "such as a sum that is not set back to 0?" in said(sums_that_grow, "softmax")
    assert "kept from call to call?" in said(mean_of_all_calls, "cross_entropy_from_probs")


def test_whole_numbers_in_a_result_are_told():
    def sigmoid(z):
        return lib.sigmoid(z).astype(z.dtype)

    assert "np.zeros_like makes an array of the same type." in said(sigmoid)
    assert "cut to whole numbers" not in said(lambda z: np.trunc(lib.sigmoid(z)), "sigmoid")


def test_a_shape_is_told_what_became_of_its_axes():
    assert "np.squeeze drops it" in said(lambda Z: lib.softmax(Z).squeeze(), "softmax")
    assert "np.squeeze" not in said(lambda Z: Z.argmax(axis=0), "hardmax")
    moved = said(
        lambda Z, axis: lib.softmax(np.moveaxis(Z, axis, -1), axis=-1), "softmax_along_axis"
    )
    assert "Its axes come in another order" in moved


def test_what_is_put_back_by_arithmetic_is_told_so():
    def numerical_gradient(f, x):
        slopes = np.zeros(x.shape)
        for place in np.ndindex(x.shape):
            x[place] += 1e-5
            above = f(x)
            x[place] -= 2e-5
            slopes[place] = (above - f(x)) / 2e-5
            x[place] += 1e-5
        return slopes

    assert "by a rounding error: x + h - h is not x" in said(numerical_gradient)
    assert "rounding error" not in said(
        lambda Z: lib.softmax(Z, out=Z) if Z.any() else Z, "softmax"
    )


def test_another_librarys_array_is_told_to_become_one():
    class Tensor:
        def numpy(self):
            return np.ones(1)

    assert "got a Tensor: .numpy() makes an array of it." in said(lambda Z: Tensor(), "softmax")


def test_an_iterator_is_told_to_be_collected():
    assert "list(...) around it" in said(lambda Z: map(lib.softmax, Z), "softmax")


def test_the_first_example_is_blamed_only_if_all_answers_say_so():
    def descent_epoch(W, b, X, y, learning_rate, batch_size):  # the last of each batch is lost
        for i in range(0, len(X), batch_size):
            kept = slice(i, max(i + 1, i + batch_size - 1))
            W, b = KINDS["gradient_step"].truth(W, b, X[kept], y[kept], learning_rate)
        return W, b

    assert "after the first example" not in said(descent_epoch)


def test_what_takes_batches_is_not_told_that_it_takes_one_example():
    def only_one_winner(Z):
        probs = lib.softmax(Z)
        for row in probs:
            winners = np.flatnonzero(row == row.max())
            if row.ndim:
                row[winners[1:]] = 0
        return probs

    message = said(only_one_winner, "softmax")
    assert "for one example alone" not in message
    assert "Row 0 of yours sums to 0.5777" in message
