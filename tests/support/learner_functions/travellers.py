"""Functions in styles that the other tables lack: layers of books, ports, decorators, slips.

TRAVELLERS holds a row for each, with what is due to it, written down before any of them was judged.
"""

# ruff: noqa: B905   as learners write

from __future__ import annotations

import dataclasses
import functools
import math
from typing import NamedTuple

import numpy as np

from .table import Learner, keeper_of

TRAVELLERS: list[Learner] = []
traveller = keeper_of(TRAVELLERS)


def traveller_as_it_is(called, function, truth, *accepted, kind=None, layout="rows"):
    """Keep an object, a method or what a factory makes, which has its own name or none."""
    TRAVELLERS.append(Learner(called, function, kind, layout, truth, accepted))


def sm(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def eye(y, C):
    return np.eye(C)[y]


def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def checked(function):
    def wrapper(*args, **kwargs):
        result = function(*args, **kwargs)
        assert np.all(np.isfinite(result))
        return result

    return wrapper


# --- softmax: right ------------------------------------------------------------------------------


@dataclasses.dataclass
class Softmax:
    axis: int = -1

    def __call__(self, x: np.ndarray) -> np.ndarray:
        x = x - x.max(axis=self.axis, keepdims=True)
        e = np.exp(x)
        return e / e.sum(axis=self.axis, keepdims=True)


traveller_as_it_is("dataclass_that_is_called", Softmax(axis=1), "right")


@traveller("softmax", "right")
@timed
def decorated_with_wraps(x):
    return sm(x)


traveller_as_it_is("decorated_without_wraps", checked(sm), "right", kind="softmax")

traveller_as_it_is(
    "lambda_in_a_lambda",
    lambda x: (lambda e: e / e.sum(-1, keepdims=True))(np.exp(x - x.max(-1, keepdims=True))),
    "right",
    kind="softmax",
)


def _one_row(v):
    e = np.exp(v - v.max())
    return e / e.sum()


traveller_as_it_is(
    "vectorised_by_signature", np.vectorize(_one_row, signature="(n)->(n)"), "right", kind="softmax"
)


@traveller("softmax", "right")
def by_a_matrix_object(x):
    x = np.asmatrix(x)
    e = np.exp(x - x.max(axis=1))
    return e / e.sum(axis=1)


@traveller("softmax", "right")
def running_maximum_and_sum(x):
    out = []
    for row in x:
        top, total = -math.inf, 0.0
        for v in row:
            higher = max(top, v)
            total = total * math.exp(top - higher) + math.exp(v - higher)
            top = higher
        out.append([math.exp(v - top) / total for v in row])
    return np.array(out)


@traveller("softmax", "right")
def from_an_iterator(x):
    tops = [max(row) for row in x]
    e = np.fromiter(
        (math.exp(v - top) for row, top in zip(x, tops) for v in row), dtype=float, count=x.size
    ).reshape(x.shape)
    return e / e.sum(axis=1, keepdims=True)


@traveller("softmax", "right")
def transposed_there_and_back(x):
    e = np.exp((x.T - np.max(x, axis=1)).T)
    return (e.T / np.sum(e, axis=-1)).T


# --- softmax: wrong ------------------------------------------------------------------------------


@traveller("softmax", "wrong")
def running_sum_not_rescaled(x):
    out = []
    for row in x:
        top, total = row[0], 0.0
        for v in row:
            top = max(top, v)
            total += math.exp(v - top)
        out.append([math.exp(v - top) / total for v in row])
    return np.array(out)


@traveller("softmax", "wrong")
def powers_kept_by_logit(x):  # two equal logits are one key
    out = []
    for row in x:
        powers = {v: math.exp(v - max(row)) for v in row}
        total = sum(powers.values())
        out.append([powers[v] / total for v in row])
    return np.array(out)


@traveller("softmax", "wrong")
def default_list_that_grows(x, out=[]):  # noqa: B006
    for row in x:
        e = np.exp(row - row.max())
        out.append(e / e.sum())
    return np.array(out)


@traveller("softmax", "wrong")
def exponentials_of_the_positions(L):
    total = 0.0
    for i in range(len(L)):
        total += np.exp(i)
    return [np.exp(i) / total for i in range(len(L))]


@traveller("softmax", "wrong")
def whole_numbers_of_the_logits(x):
    x = x.astype(int)
    return sm(x)


@traveller("softmax", "wrong")
def clipped_after_the_shift(x):
    x = np.clip(x - x.max(axis=1, keepdims=True), -10, None)
    e = np.exp(x)
    return e / e.sum(axis=1, keepdims=True)


@traveller("softmax", "wrong", "NEW: computed in half precision")
def half_precision(x):
    x = x.astype(np.float16)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@traveller("softmax", "wrong", "NEW: another number in the exponent")
def logits_over_their_spread(x):
    z = (x - x.mean(axis=1, keepdims=True)) / (x.std(axis=1, keepdims=True) + 1e-8)
    return sm(z)


@traveller("softmax", "wrong")
def in_sorted_order(x):
    s = np.sort(x, axis=1)[:, ::-1]
    e = np.exp(s - s[:, :1])
    return e / e.sum(axis=1, keepdims=True)


@traveller("softmax", "wrong", "FORM: itself")
def calls_its_own_name(x):  # the library's was meant
    return calls_its_own_name(x - x.max(axis=1, keepdims=True))


@traveller("softmax", "form", "FORM: keyword")
def keyword_of_another_library(x):
    e = np.exp(x - x.max(axis=1, keepdim=True))
    return e / e.sum(axis=1, keepdim=True)


class ActivationSoftmax:
    """A layer that keeps its output."""

    def forward(self, inputs):
        exp_values = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = exp_values / np.sum(exp_values, axis=1, keepdims=True)

    def backward(self, dvalues):
        self.dinputs = self.output * (
            dvalues - np.sum(dvalues * self.output, axis=1, keepdims=True)
        )


traveller_as_it_is(
    "forward_that_keeps_its_output",
    ActivationSoftmax().forward,
    "form",
    "FORM: returned",
    kind="softmax",
)


# --- log-softmax, logsumexp, hardmax -------------------------------------------------------------


@traveller("logsumexp", "right")
def halves_of_halves(x):
    def of(row):
        if len(row) == 1:
            return row[0]
        a, b = of(row[: len(row) // 2]), of(row[len(row) // 2 :])
        return max(a, b) + math.log1p(math.exp(-abs(a - b)))

    return np.array([of(row) for row in x])


@traveller("log_sum_exp", "right")
def folded_over_the_classes(x):
    return functools.reduce(np.logaddexp, x.T)


@traveller("hardmax", "wrong", "hardmax-marks-the-last-tie")
def last_of_the_sorted(Z):
    winner = np.argsort(Z, axis=1, kind="stable")[:, -1]
    out = np.zeros(Z.shape)
    out[np.arange(len(Z)), winner] = 1
    return out


# --- temperature ---------------------------------------------------------------------------------


@traveller("softmax_with_temperature", "right")
def greedy_at_zero(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    if temperature == 0:
        return eye(logits.argmax(axis=-1), logits.shape[-1])
    return sm(logits / temperature)


@traveller("softmax_with_temperature", "wrong", "NEW: the temperature is ignored")
def temperature_never_used(logits, temperature=1.0):
    return sm(logits)


@traveller("softmax_temp", "wrong", kind="softmax_with_temperature")
def whole_division_by_the_temperature(z, T):
    return sm(z // T)


@traveller(
    "boltzmann", "form", "temperature-upside-down", "FORM: inverse", kind="softmax_with_temperature"
)
def inverse_temperature(q, beta):
    return sm(beta * q)


@traveller("gumbel_softmax", "wrong", "FORM: random", kind="softmax_with_temperature")
def with_noise(logits, tau=1.0):
    noise = -np.log(-np.log(np.random.default_rng().random(logits.shape)))
    return sm((logits + noise) / tau)


# --- labels --------------------------------------------------------------------------------------


@traveller("one_hot", "wrong", "one-hot-all-pairs")
def the_same_list_over_and_over(labels, k):
    rows = [[0] * k] * len(labels)
    for row, label in zip(rows, labels):
        row[label] = 1
    return rows


@traveller("one_hot", "form", "FORM: text")
def booleans_of_words(y, k):
    return [["1" if j == label else "0" for j in range(k)] for label in y]


@traveller("one_hot", "form", "FORM: classes", layout="columns")
def labels_alone_transposed(Y):
    one_hot_Y = np.zeros((Y.size, Y.max() + 1))
    one_hot_Y[np.arange(Y.size), Y] = 1
    return one_hot_Y.T


@traveller("top_k_accuracy", "right", kind="accuracy")
def best_k(scores, y, k=1):
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.any(best == y[:, None], axis=1).mean()


@traveller("accuracy", "form", "FORM: text")
def in_words(scores, y):
    share = (scores.argmax(axis=1) == y).mean()
    return f"{share:.2%}"


@traveller("accuracy", "wrong", "accuracy-threshold", "accuracy-over-entries")
def rounded_entries(probs, Y):
    return np.mean(np.round(probs) == Y)


@traveller("one_hot", "wrong")
def counted_from_their_least(labels, n_classes):
    labels = labels - labels.min()
    return eye(labels, n_classes)


@traveller("accuracy", "wrong")
def ties_count_as_hits(scores, y):
    of_truth = scores[np.arange(len(y)), y]
    return np.mean(of_truth[:, None] >= scores.max(axis=1, keepdims=True))


# --- losses: right -------------------------------------------------------------------------------


@traveller("cross_entropy", "right")
def many_defaults(
    logits, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0
):
    logp = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    keep = target != ignore_index
    w = np.ones(logits.shape[1]) if weight is None else np.asarray(weight)
    picked = -logp[np.arange(len(target)), target] * w[target]
    smooth = -(logp * w).sum(axis=1) / logits.shape[1]
    losses = ((1 - label_smoothing) * picked + label_smoothing * smooth)[keep]
    if label_smoothing == 0:
        losses = picked[keep]
    if reduction == "mean":
        return losses.sum() / w[target][keep].sum()
    return losses.sum() if reduction == "sum" else losses


@traveller("cross_entropy", "right", kind="cross_entropy")
def arguments_unpacked(*args, **kwargs):
    logits, y = args
    return np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y])


@traveller("cross_entropy", "right")
def absolute_value_for_a_minus(probs, y):
    with np.errstate(divide="ignore"):
        return abs(np.mean(np.log(probs[np.arange(len(y)), y])))


@traveller("focal_loss", "right", kind="cross_entropy_from_probs")
def no_focus_by_default(probs, y, gamma=0.0):
    p = probs[np.arange(len(y)), y]
    with np.errstate(divide="ignore"):
        return np.mean((1 - p) ** gamma * -np.log(p))


@traveller("kl_divergence", "right", kind="cross_entropy_from_probs")
def divergence_from_one_hot(Y, P):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(Y > 0, Y * (np.log(Y) - np.log(P)), 0.0)
    return terms.sum() / len(Y)


@traveller("bce_with_logits", "right")
def signs_for_yes_and_no(z, y):
    t = 2 * y - 1
    return np.logaddexp(0, -t * z).mean()


# --- losses: wrong -------------------------------------------------------------------------------


@traveller("weighted_cross_entropy", "wrong", kind="cross_entropy_from_probs")
def weighted_by_rarity(probs, y):
    counts = np.bincount(y, minlength=probs.shape[1])
    w = 1.0 / counts[y]
    return np.sum(-np.log(probs[np.arange(len(y)), y]) * w) / np.sum(w)


@traveller("focal_loss", "wrong", kind="cross_entropy_from_probs")
def focus_by_default(probs, y, gamma=2.0):
    p = probs[np.arange(len(y)), y]
    return np.mean((1 - p) ** gamma * -np.log(p))


@traveller("smooth_cross_entropy", "wrong", kind="cross_entropy")
def smoothed_by_default(logits, y, smoothing=0.1):
    C = logits.shape[1]
    logp = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    q = eye(y, C) * (1 - smoothing) + smoothing / C
    return -(q * logp).sum(axis=1).mean()


@traveller("cost", "wrong", "probs-loss-binary", kind="cross_entropy_from_probs")
def port_by_traces(H, Y):
    m = Y.shape[0]
    with np.errstate(all="ignore"):
        return -(1 / m) * (np.trace(Y.T @ np.log(H)) + np.trace((1 - Y).T @ np.log(1 - H)))


@traveller("cross_entropy", "wrong", kind="cross_entropy_from_probs")
def divided_inside_the_loop(probs, y):
    loss = 0.0
    for i in range(len(y)):
        loss += -np.log(probs[i, y[i]])
        loss /= len(y)
    return loss


@traveller("cross_entropy", "wrong", kind="cross_entropy_from_probs")
def counted_from_one(probs, y):
    loss = 0.0
    for i in range(1, len(y)):
        loss -= np.log(probs[i, y[i]])
    return loss / len(y)


@traveller("loss", "wrong", kind="cross_entropy_from_probs")
def median_for_the_mean(probs, y):
    return np.median(-np.log(probs[np.arange(len(y)), y]))


@traveller("logistic_loss", "wrong", kind="binary_cross_entropy_from_logits")
def no_is_zero_in_a_margin(z, y):
    return np.mean(np.logaddexp(0, -y * z))


@traveller(
    "logistic_loss",
    "wrong",
    "NEW: the exponential overflows, of yes-no logits",
    kind="binary_cross_entropy_from_logits",
)
def margins_that_overflow(z, y):
    t = np.where(y == 1, 1, -1)
    return np.log(1 + np.exp(-t * z)).mean()


@traveller("binary_cross_entropy", "wrong", "FORM: together")
def as_many_yes_as_no(p, y):
    yes = -(y * np.log(p)).sum() / max(y.sum(), 1)
    no = -((1 - y) * np.log(1 - p)).sum() / max((1 - y).sum(), 1)
    return yes + no


@traveller("cross_entropy", "form", "FORM: column of labels", kind="cross_entropy")
def labels_in_a_column(logits, y):
    logp = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    m = y.shape[0]
    return -logp[np.arange(m), y[:, 0]].sum() / m


@traveller("cross_entropy", "form", "FORM: by keyword", kind="cross_entropy")
def keywords_alone(**given):
    logits, y = given["logits"], given["y"]
    return np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y])


# --- the gradient by the logits ------------------------------------------------------------------


@traveller("softmax_grad", "right", kind="logits_gradient")
def with_assertions(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    assert z.ndim == 2
    assert y.shape == (z.shape[0],)
    g = sm(z)
    g[np.arange(z.shape[0]), y] -= 1
    return g / z.shape[0]


@traveller("logits_gradient", "right")
def options_that_change_nothing(logits, y, *, weights=None, smoothing=0.0, reduction="mean"):
    C = logits.shape[1]
    q = (1 - smoothing) * eye(y, C) + smoothing / C
    g = sm(logits) - q
    if weights is not None:
        g *= np.asarray(weights)[y][:, None]
    return g / len(y) if reduction == "mean" else g


@traveller("logits_gradient", "wrong", "NEW: minus 1 is set, not subtracted")
def minus_and_equals_exchanged(Z, y):
    g = sm(Z)
    g[np.arange(len(y)), y] = -1
    return g / len(y)


@traveller("logits_gradient", "wrong")
def chain_rule_through_the_jacobians(Z, y):  # 0/0 where the probability is 0
    P = sm(Z)
    J = np.einsum("ij,jk->ijk", P, np.eye(P.shape[1])) - np.einsum("ij,ik->ijk", P, P)
    with np.errstate(all="ignore"):
        upstream = -eye(y, P.shape[1]) / P / len(y)
        return np.einsum("ijk,ik->ij", J, upstream)


@traveller("logits_gradient", "wrong", "FORM: counted classes")
def classes_counted_in_the_batch(Z, y):
    Y = np.eye(y.max() + 1)[y]
    return (sm(Z) - Y) / len(y)


@traveller("logits_gradient", "wrong")
def zero_for_right_ones(Z, y):  # perceptron: learns from mistakes alone
    p = sm(Z)
    d = p - eye(y, Z.shape[1])
    d[p.argmax(axis=1) == y] = 0
    return d / len(y)


@traveller("logits_gradient", "wrong")
def last_example_left_as_it_is(Z, y):
    g = sm(Z)
    for i in range(len(y) - 1):
        g[i, y[i]] -= 1
    return g / len(y)


@traveller(
    "backward",
    "wrong",
    "NEW: the caller's probabilities are overwritten",
    kind="logits_gradient_from_probs",
)
def not_a_copy(dvalues, y_true):
    samples = len(dvalues)
    dinputs = dvalues
    dinputs[range(samples), y_true] -= 1
    dinputs = dinputs / samples
    return dinputs


class LossAndSoftmax:
    """A layer that keeps its gradient."""

    def backward(self, dvalues, y_true):
        samples = len(dvalues)
        if len(y_true.shape) == 2:
            y_true = np.argmax(y_true, axis=1)
        self.dinputs = dvalues.copy()
        self.dinputs[range(samples), y_true] -= 1
        self.dinputs = self.dinputs / samples


traveller_as_it_is(
    "backward_that_keeps_its_gradient",
    LossAndSoftmax().backward,
    "form",
    "FORM: returned",
    kind="logits_gradient_from_probs",
)


# --- softmax's Jacobian and way back -------------------------------------------------------------


@traveller("softmax_jacobian", "wrong")
def inputs_among_the_outputs(z):
    p = sm(z)
    J = np.zeros((len(z), len(z)))
    for i in range(len(z)):
        for j in range(len(z)):
            J[i, j] = p[i] * (1 - z[i]) if i == j else -p[i] * z[j]
    return J


@traveller("softmax_derivative", "wrong", kind="softmax_jacobian")
def one_number_overwritten_in_the_loop(z):
    p = sm(z)
    g = np.zeros(len(z))
    for i in range(len(z)):
        for j in range(len(z)):
            if i == j:
                g[i] = p[i] * (1 - p[i])
            else:
                g[i] = -p[i] * p[j]
    return g


@traveller("softmax_backward", "wrong", "NEW: the sum over the batch, on softmax's way back")
def sum_along_the_batch(probs, upstream):
    return probs * (upstream - (upstream * probs).sum(axis=0))


def make_softmax():
    cache = {}

    def forward(x):
        cache["y"] = sm(x)
        return cache["y"]

    def backward(dout):
        y = cache["y"]
        return y * (dout - (dout * y).sum(axis=1, keepdims=True))

    return forward, backward


traveller_as_it_is(
    "backward_of_a_closure", make_softmax()[1], "form", "FORM: called as", kind="softmax_backward"
)


# --- the gradient by the weights, steps ----------------------------------------------------------


class Gradients(NamedTuple):
    dW: np.ndarray
    db: np.ndarray


@dataclasses.dataclass
class GradientObject:
    dW: np.ndarray
    db: np.ndarray


@traveller("weight_gradient", "right")
def in_a_named_tuple(X, Z, y):
    d = (sm(Z) - eye(y, Z.shape[1])) / len(y)
    return Gradients(dW=X.T @ d, db=d.sum(axis=0))


@traveller("weight_gradient", "form", "FORM: object")
def in_a_dataclass(X, Z, y):
    d = (sm(Z) - eye(y, Z.shape[1])) / len(y)
    return GradientObject(dW=X.T @ d, db=d.sum(axis=0))


@traveller("weight_gradient", "right")
def by_matrix_objects(X, Z, y):
    X = np.asmatrix(X)
    d = np.asmatrix(sm(Z) - eye(y, Z.shape[1])) / len(y)
    return X.T * d, np.squeeze(np.asarray(d.sum(axis=0)))


@traveller("weight_gradient", "wrong", "dweights-transposed")
def indices_of_the_result_exchanged(X, Z, y):
    d = (sm(Z) - eye(y, Z.shape[1])) / len(y)
    return np.einsum("ni,nj->ji", X, d), np.einsum("nj->j", d)


@traveller("sgd_step", "right")
def momentum_at_rest(W, b, X, y, lr, momentum=0.9, velocity=None):
    d = (sm(X @ W + b) - eye(y, len(b))) / len(y)
    grads = (X.T @ d, d.sum(axis=0))
    velocity = velocity or (np.zeros_like(W), np.zeros_like(b))
    velocity = tuple(momentum * v - lr * g for v, g in zip(velocity, grads))
    return tuple(p + v for p, v in zip((W, b), velocity))


@traveller("gradient_step", "wrong")
def entries_clipped(W, b, X, y, learning_rate):
    d = (sm(X @ W + b) - eye(y, len(b))) / len(y)
    dW, db = np.clip(X.T @ d, -1, 1), np.clip(d.sum(axis=0), -1, 1)
    return W - learning_rate * dW, b - learning_rate * db


@traveller("weight_gradient", "wrong")
def clipped_by_its_norm(X, Z, y):
    d = (sm(Z) - eye(y, Z.shape[1])) / len(y)
    dW, db = X.T @ d, d.sum(axis=0)
    norm = np.sqrt((dW**2).sum() + (db**2).sum())
    scale = 5.0 / max(norm, 5.0)
    return scale * dW, scale * db


@traveller("linear_loss_and_gradient", "wrong")
def subtracted_for_every_class(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(N):
        scores = X[i] @ W
        scores = scores - scores.max()
        p = np.exp(scores) / np.exp(scores).sum()
        loss += np.log(np.exp(scores).sum()) - scores[y[i]]
        for j in range(C):
            dW[:, j] += p[j] * X[i]
            dW[:, y[i]] -= X[i]
    return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W


@traveller(
    "softmax_cost", "form", "FORM: called as", kind="linear_loss_and_gradient", layout="columns"
)
def parameters_unrolled(theta, n_classes, input_size, lam, data, labels):
    theta = theta.reshape(n_classes, input_size)
    m = data.shape[1]
    P = sm((theta @ data).T).T
    truth = eye(labels, n_classes).T
    cost = -(truth * np.log(P)).sum() / m + lam / 2 * (theta**2).sum()
    grad = -(truth - P) @ data.T / m + lam * theta
    return cost, grad.ravel()


# --- epochs --------------------------------------------------------------------------------------


def one_step(W, b, X, y, lr):
    d = (sm(X @ W + b) - eye(y, len(b))) / len(y)
    return W - lr * X.T @ d, b - lr * d.sum(axis=0)


@traveller("train_epoch", "right")
def batches_from_a_generator(W, b, X, y, lr, batch_size=32):
    def batches():
        for start in range(0, len(X), batch_size):
            yield X[start : start + batch_size], y[start : start + batch_size]

    for xb, yb in batches():
        W, b = one_step(W, b, xb, yb, lr)
    return W, b


@traveller("train_epoch", "right")
def the_rest_by_recursion(W, b, X, y, lr, batch_size):
    if len(X) == 0:
        return W, b
    W, b = one_step(W, b, X[:batch_size], y[:batch_size], lr)
    return the_rest_by_recursion(W, b, X[batch_size:], y[batch_size:], lr, batch_size)


@traveller("train_epoch", "form", "FORM: other order")
def in_one_other_order(W, b, X, y, lr, batch_size):
    order = np.random.RandomState(42).permutation(len(X))
    X, y = X[order], y[order]
    for i in range(0, len(X), batch_size):
        W, b = one_step(W, b, X[i : i + batch_size], y[i : i + batch_size], lr)
    return W, b


@traveller("train_epoch", "form", "FORM: other order")
def last_batch_first(W, b, X, y, lr, batch_size):
    for i in reversed(range(0, len(X), batch_size)):
        xb, yb = X[i : i + batch_size], y[i : i + batch_size]
        d = (sm(xb @ W + b) - eye(yb, len(b))) / len(yb)
        W, b = W - lr * xb.T @ d, b - lr * d.sum(0)
    return W, b


@traveller("train_epoch", "wrong", "FORM: shuffled")
def labels_left_in_their_order(W, b, X, y, lr, batch_size):
    X = X[np.random.default_rng().permutation(len(X))]
    for i in range(0, len(X), batch_size):
        W, b = one_step(W, b, X[i : i + batch_size], y[i : i + batch_size], lr)
    return W, b


# --- networks ------------------------------------------------------------------------------------


@traveller(
    "back_prop",
    "wrong",
    "network-biases-of-everything",
    "NEW: no shift, in a network",
    kind="network_gradients",
    layout="columns",
)
def the_notebook_that_everybody_copies(X, Y, W1, b1, W2, b2):
    m = Y.size
    Z1 = W1.dot(X) + b1
    A1 = np.maximum(Z1, 0)
    Z2 = W2.dot(A1) + b2
    A2 = np.exp(Z2) / sum(np.exp(Z2))
    dZ2 = A2 - eye(Y, len(W2)).T
    dW2 = 1 / m * dZ2.dot(A1.T)
    db2 = 1 / m * np.sum(dZ2)
    dZ1 = W2.T.dot(dZ2) * (Z1 > 0)
    dW1 = 1 / m * dZ1.dot(X.T)
    db1 = 1 / m * np.sum(dZ1)
    return dW1, db1, dW2, db2


@traveller(
    "back_prop", "wrong", "FORM: counted classes", kind="network_gradients", layout="columns"
)
def one_hot_from_the_largest_label(X, Y, W1, b1, W2, b2):
    m = Y.size
    one_hot_Y = np.zeros((Y.size, Y.max() + 1))
    one_hot_Y[np.arange(Y.size), Y] = 1
    Z1 = W1.dot(X) + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = (sm((W2.dot(A1) + b2).T).T - one_hot_Y.T) / m
    dZ1 = W2.T.dot(dZ2) * (Z1 > 0)
    return dZ1.dot(X.T), dZ1.sum(1, keepdims=True), dZ2.dot(A1.T), dZ2.sum(1, keepdims=True)


@traveller("backprop", "form", "FORM: activation", kind="network_gradients")
def softplus_in_the_middle(X, y, W1, b1, W2, b2):
    z = X @ W1 + b1
    h = np.logaddexp(0, z)
    d2 = (sm(h @ W2 + b2) - eye(y, len(b2))) / len(y)
    d1 = d2 @ W2.T / (1 + np.exp(-z))
    return X.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)


# --- masks, attention ----------------------------------------------------------------------------


@traveller("masked_softmax", "right")
def mask_that_is_added(scores, mask):
    return sm(scores + (1.0 - mask) * -1e9)


@traveller("masked_softmax", "right")
def exp_times_mask_own_max(Z, mask):
    m = np.max(Z, axis=1, keepdims=True, where=mask, initial=-np.inf)
    e = np.exp(np.where(mask, Z - m, -np.inf))
    return e / e.sum(axis=1, keepdims=True)


@traveller("masked_softmax", "right")
def masked_array_filled(Z, mask):
    Z = np.ma.masked_array(Z, ~mask)
    e = np.ma.exp(Z - Z.max(axis=1)[:, None])
    return (e / e.sum(axis=1)[:, None]).filled(0)


@traveller("masked_softmax", "form", "FORM: masked array")
def masked_array_returned(Z, mask):
    Z = np.ma.masked_array(Z, ~mask)
    e = np.ma.exp(Z - Z.max(axis=1)[:, None])
    return e / e.sum(axis=1)[:, None]


@traveller("masked_softmax", "wrong", "masked-with-zero")
def minus_sign_of_the_exponent(scores, mask):
    return sm(np.where(mask, scores, 1e-9))  # -1e9 was meant


@traveller("masked_softmax", "wrong", "NEW: a masked number that is not small enough")
def not_so_large_a_number(scores, mask):
    return sm(np.where(mask, scores, -100.0))


@traveller("masked_softmax", "wrong", "FORM: nearly 0")
def a_little_below_the_least(Z, mask):
    return sm(np.where(mask, Z, Z.min() - 50))


@traveller("masked_softmax", "wrong")
def nan_turned_to_zero(Z, mask):
    powers = np.exp(Z) * mask
    return np.nan_to_num(powers / powers.sum(axis=1, keepdims=True))


@traveller("attention_weights", "wrong", "NEW: another number in the exponent")
def over_the_root_of_the_queries(Q, K):
    return sm(Q @ K.T / math.sqrt(Q.shape[0]))


@traveller("attention_weights", "wrong", "NEW: divided after the softmax")
def scaled_after_softmax(q, k):
    return sm(q @ k.T) / np.sqrt(k.shape[-1])


@traveller("attention_weights", "wrong", "NEW: another number in the exponent")
def power_before_division(q, k):
    return sm(q @ k.T / k.shape[-1] ** 1 / 2)


@traveller("attention_weights", "wrong", "NEW: another number in the exponent")
def learned_scale(Q, K, scale=0.125):
    return sm(Q @ K.T * scale)


@traveller("attention_weights", "wrong")
def cosine_for_dot(Q, K):
    q = Q / np.linalg.norm(Q, axis=1, keepdims=True)
    k = K / np.linalg.norm(K, axis=1, keepdims=True)
    return sm(q @ k.T)


@traveller("causal_attention", "wrong", kind="attention_weights")
def no_look_ahead(Q, K):
    scores = Q @ K.T / math.sqrt(Q.shape[-1])
    return sm(np.where(np.tri(*scores.shape, dtype=bool), scores, -np.inf))


@traveller("scaled_dot_product_attention", "form", "FORM: called as", kind="attention_weights")
def values_as_well(q, k, v, mask=None):
    scores = q @ k.T / math.sqrt(k.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -1e9)
    weights = sm(scores)
    return weights @ v, weights


# --- slopes, sigmoids, numerical gradients -------------------------------------------------------

traveller_as_it_is(
    "vectorised_by_numpy",
    np.vectorize(lambda v: 1 / (1 + math.exp(-v))),
    "wrong",
    "FORM: exponent of Python",
    kind="sigmoid",
)


@traveller("tanh_derivative", "wrong", "NEW: the square inside the tanh")
def square_inside(z):
    return 1 - np.tanh(z**2)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@traveller("sigmoid_derivative", "wrong", "FORM: not called")
def function_for_its_value(z):
    return sigmoid * (1 - sigmoid)


@traveller("numerical_gradient", "right")
def five_points(f, x, h=1e-3):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        g[i] = (f(x - 2 * e) - 8 * f(x - e) + 8 * f(x + e) - f(x + 2 * e)) / (12 * h)
    return g


@traveller("numerical_gradient", "wrong")
def step_in_proportion(f, x):  # 0 at 0
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        h = 1e-5 * abs(x[i])
        e = np.zeros(x.shape)
        e[i] = h
        with np.errstate(all="ignore"):
            g[i] = np.divide(f(x + e) - f(x - e), 2 * h)
    return g


@traveller("numerical_gradient", "wrong", "FORM: too large")
def a_step_of_a_hundredth(f, x, h=1e-2):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g
