"""Functions in the style of courses, blogs, questions and homework.

VISITORS holds a row for each, with what is due to it, written down before any of them was judged.
"""

# ruff: noqa: B905   as learners write

from __future__ import annotations

import math

import numpy as np

from .table import Learner, keeper_of

VISITORS: list[Learner] = []
visitor = keeper_of(VISITORS)


def sm(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


# --- right, each in its own way ------------------------------------------------------------------


@visitor("softmax", "right")
def vector_or_matrix(x):
    if x.ndim == 1:
        x = x - np.max(x)
        return np.exp(x) / np.sum(np.exp(x))
    x = x.T
    x = x - np.max(x, axis=0)
    return (np.exp(x) / np.sum(np.exp(x), axis=0)).T


@visitor("softmax", "right")
def lists_of_lists(rows):
    result = []
    for row in rows:
        largest = max(row)
        powers = [math.exp(value - largest) for value in row]
        total = math.fsum(powers)
        result.append([power / total for power in powers])
    return result


@visitor("softmax", "right")
def with_out_arguments(inputs):
    work = np.array(inputs, dtype=float)
    np.subtract(work, np.maximum.reduce(work, axis=1)[:, np.newaxis], out=work)
    np.exp(work, out=work)
    np.divide(work, np.add.reduce(work, axis=1)[:, np.newaxis], out=work)
    return work


@visitor("softmax", "right")
def by_a_helper_for_the_logarithms(x, axis=-1):
    def log_normaliser(v):
        c = np.amax(v, axis=axis, keepdims=True)
        return c + np.log(np.exp(v - c).sum(axis=axis, keepdims=True))

    return np.exp(x - log_normaliser(x))


@visitor("log_softmax", "right")
def row_by_row_in_pure_python(Z):
    out = np.empty(np.shape(Z))
    for i, row in enumerate(Z):
        top = max(row)
        log_sum = math.log(sum(math.exp(v - top) for v in row))
        for j, v in enumerate(row):
            out[i, j] = v - top - log_sum
    return out


@visitor("cross_entropy", "right")
def taken_along_the_axis(logits, target):
    log_norm = np.logaddexp.reduce(logits, axis=1)
    picked = np.take_along_axis(logits, target.reshape(-1, 1), axis=1).ravel()
    return float(np.average(log_norm - picked))


@visitor("softmax_cross_entropy_with_logits", "right")
def one_hot_labels_and_logits(labels, logits):
    shifted = logits - logits.max(1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return -(labels * log_probs).sum(1).mean()


@visitor("cross_entropy", "right")
def picked_by_a_range(y_hat, y):
    return -np.log(y_hat[range(len(y_hat)), y]).mean()


@visitor("categorical_crossentropy", "right")
def summed_over_the_last_axis(y_true, y_pred):
    return np.mean(-np.sum(y_true * np.log(y_pred), axis=-1))


@visitor("compute_cost", "right")
def a_loop_over_examples(probs, labels):
    m = len(labels)
    cost = 0.0
    for i in range(m):
        with np.errstate(divide="ignore"):
            cost += -np.log(probs[i, labels[i]])
    return cost / m


@visitor("softmax_loss_gradient", "right")
def fancy_subtraction(scores, labels):
    N = scores.shape[0]
    d = sm(scores)
    np.subtract.at(d, (np.arange(N), labels), 1)
    return d * (1.0 / N)


@visitor("dscores", "right")
def of_probabilities_with_a_copy(probs, y):
    num_examples = probs.shape[0]
    ds = np.array(probs)
    ds[range(num_examples), y] -= 1
    ds /= num_examples
    return ds


@visitor("backward", "right", kind="logits_gradient_from_probs")
def one_hot_and_a_mean(y_pred, y_true):
    samples = len(y_pred)
    return (y_pred - y_true) / samples


@visitor("softmax_backward", "right")
def gradient_first(dout, s):
    dot = np.einsum("ij,ij->i", dout, s)
    return s * (dout - dot[:, None])


@visitor("weight_gradient", "right")
def outer_products(X, Z, y):
    m = len(y)
    dW, db = 0.0, 0.0
    for x, z, label in zip(X, Z, y):
        d = sm(z)
        d[label] -= 1
        dW = dW + np.outer(x, d)
        db = db + d
    return dW / m, db / m


@visitor("gradient_step", "right")
def bias_as_an_extra_weight(W, b, X, y, lr):
    ones = np.ones((len(X), 1))
    Xb, theta = np.hstack([ones, X]), np.vstack([b, W])
    grad = Xb.T @ (sm(Xb @ theta) - np.eye(theta.shape[1])[y]) / len(X)
    theta = theta - lr * grad
    return theta[1:], theta[0]


@visitor("update_parameters", "right", kind="gradient_step")
def one_hot_rows_and_a_dot(W, b, X, Y, alpha):
    A = sm(np.dot(X, W) + b)
    dZ = A - Y
    dW = np.dot(X.T, dZ) / X.shape[0]
    db = np.sum(dZ, axis=0, keepdims=True) / X.shape[0]
    return W - alpha * dW, (b - alpha * db).ravel()


@visitor("train_one_epoch", "right")
def while_there_are_examples(W, b, X, y, lr, batch_size):
    start = 0
    while start < X.shape[0]:
        stop = min(start + batch_size, X.shape[0])
        xb, yb = X[start:stop], y[start:stop]
        G = sm(xb @ W + b)
        G[np.arange(stop - start), yb] -= 1
        G /= stop - start
        W, b = W - lr * xb.T @ G, b - lr * G.sum(0)
        start = stop
    return W, b


@visitor("masked_softmax", "right")
def a_large_negative_number(scores, mask):
    return sm(np.where(mask, scores, -1e9))


@visitor("attention_weights", "right")
def queries_scaled_first(Q, K):
    Q = Q * Q.shape[-1] ** -0.5
    return sm(np.einsum("qd,kd->qk", Q, K))


@visitor("accuracy", "right")
def pairs_that_are_equal(y_pred, y_true):
    return sum(p == t for p, t in zip(y_pred, y_true)) / len(y_true)


@visitor("accuracy", "right")
def scores_or_labels(y_hat, y):
    if y_hat.ndim > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    return float((y_hat.astype(y.dtype) == y).sum()) / len(y)


@visitor("eval_numerical_gradient", "right")
def over_all_indices(f, x):
    grad = np.zeros(np.shape(x))
    h = 1e-5
    it = np.nditer(grad, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]
        x[ix] = old + h
        above = f(x)
        x[ix] = old - h
        below = f(x)
        x[ix] = old
        grad[ix] = (above - below) / (2 * h)
        it.iternext()
    return grad


@visitor("sigmoid", "right")
def two_sides_by_masks(x):
    x = np.asarray(x, dtype=float)
    result = np.empty_like(x)
    pos = x >= 0
    result[pos] = 1 / (1 + np.exp(-x[pos]))
    e = np.exp(x[~pos])
    result[~pos] = e / (1 + e)
    return result


@visitor("bce_with_logits", "right")
def the_well_known_stable_form(logits, targets):
    return np.mean(np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits))))


@visitor("log_loss", "right")
def targets_first_and_a_choice(y_true, p):
    with np.errstate(divide="ignore"):
        return -np.log(np.where(np.asarray(y_true) == 1, p, 1 - p)).mean()


@visitor("d_tanh", "right")
def one_over_the_square_of_cosh(z):
    with np.errstate(over="ignore"):
        return 1.0 / np.cosh(z) ** 2


@visitor("relu_prime", "right")
def by_sign(z):
    return (np.sign(z) + 1) // 2


@visitor("one_hot_encode", "right")
def one_by_one(labels, k):
    return [[1 if j == label else 0 for j in range(k)] for label in labels]


@visitor("jacobian_softmax", "right")
def kronecker_delta_in_loops(z):
    s = sm(z)
    n = len(s)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            J[i][j] = s[i] * ((i == j) - s[j])
    return J


@visitor("backprop", "right")
def gradients_by_name(X, y, W1, b1, W2, b2):
    n = X.shape[0]
    z1 = X.dot(W1) + b1
    a1 = z1 * (z1 > 0)
    delta3 = sm(a1.dot(W2) + b2)
    delta3[range(n), y] -= 1
    delta3 /= n
    delta2 = delta3.dot(W2.T)
    delta2[z1 <= 0] = 0
    return {
        "W1": X.T.dot(delta2),
        "b1": delta2.sum(axis=0),
        "W2": a1.T.dot(delta3),
        "b2": delta3.sum(axis=0),
    }


# --- sound, and not in the documented form -------------------------------------------------------


@visitor("softmax", "form", "FORM: one example")
def a_comprehension_over_one_list(z):
    exps = [np.exp(i - max(z)) for i in z]
    sum_of_exps = sum(exps)
    return [j / sum_of_exps for j in exps]


@visitor("nll_loss", "form", "FORM: log-probabilities")
def of_log_probabilities(log_probs, targets):
    return -log_probs[np.arange(len(targets)), targets].mean()


@visitor("gradient", "form", "FORM: probabilities")
def weights_from_probabilities(X, probs, y):
    G = probs.copy()
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    return X.T @ G, G.sum(axis=0)


@visitor("grad_W", "form", "FORM: probabilities")
def one_hot_weights_from_predictions(X, y_true, y_pred):
    return X.T @ (y_pred - y_true) / X.shape[0]


@visitor("weight_gradient", "form", "FORM: probabilities")
def under_the_books_name(X, P, Y):
    dZ = (P - Y) / len(X)
    return X.T @ dZ, dZ.sum(axis=0)


@visitor("relu_backward", "right")
def upstream_times_the_mask(dA, Z):
    return dA * (Z > 0)


@visitor("sigmoid_backward", "right")
def upstream_times_the_slope(dA, Z):
    s = 1 / (1 + np.exp(-Z))
    return dA * s * (1 - s)


@visitor("train_epoch", "form", "FORM: shuffled")
def in_another_order_each_time(W, b, X, y, lr, batch_size):
    order = np.random.default_rng().permutation(len(X))
    for i in range(0, len(X), batch_size):
        rows = order[i : i + batch_size]
        G = sm(X[rows] @ W + b)
        G[np.arange(len(rows)), y[rows]] -= 1
        G /= len(rows)
        W = W - lr * X[rows].T @ G
        b = b - lr * G.sum(axis=0)
    return W, b


@visitor("cross_entropy_loss", "form", "FORM: pair")
def loss_and_probabilities(scores, y):
    p = sm(scores)
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    return loss, p


@visitor("gradient_descent_step", "form", "FORM: bias")
def weights_without_a_bias(W, X, y, lr):
    G = sm(X @ W)
    G[np.arange(len(y)), y] -= 1
    return W - lr * X.T @ G / len(y)


# --- wrong: softmax and its logarithm ------------------------------------------------------------


@visitor("softmax", "wrong", "softmax-wrong-axis")
def shift_of_the_row_and_sum_of_the_column(x):
    exp_x = np.exp(x - np.max(x, axis=1, keepdims=True))
    return exp_x / np.sum(exp_x, axis=0, keepdims=True)


@visitor("softmax", "wrong", "NEW: the maximum is added where it should be subtracted")
def plus_the_maximum(z):
    e = np.exp(z + z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@visitor("softmax", "wrong", "NEW: divided by the sum of the logits")
def over_the_sum_of_the_logits(z):
    return np.exp(z) / np.sum(z, axis=1, keepdims=True)


@visitor("stable_softmax", "wrong", "softmax-no-keepdims", "softmax-no-keepdims-in-sum")
def maxima_that_lost_their_axis(x):
    shifted = x - np.max(x, axis=1)
    e = np.exp(shifted)
    return e / np.sum(e, axis=1)


@visitor("softmax", "wrong", "softmax-unit-length")
def over_the_norm(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / np.linalg.norm(e, axis=1, keepdims=True)


@visitor("softmax", "wrong", "NEW: the maximum is taken from the sum alone", "softmax-half-shifted")
def shifted_below_the_line_only(x):
    m = x.max(axis=1, keepdims=True)
    return np.exp(x) / np.exp(x - m).sum(axis=1, keepdims=True)


@visitor("softmax", "wrong", "NEW: the first row alone comes back")
def returned_inside_the_loop(Z):
    out = np.zeros_like(Z, dtype=float)
    for i in range(len(Z)):
        e = np.exp(Z[i] - Z[i].max())
        out[i] = e / e.sum()
        return out


@visitor("softmax", "wrong", "NEW: the exponential of the quotient", "softmax-scaled-by-maximum")
def divided_by_the_maximum(x):
    x = x / np.max(x, axis=1, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis=1, keepdims=True)


@visitor("log_softmax", "wrong", "log-softmax-no-shift", "log-softmax-sum-of-everything")
def one_sum_and_no_shift(x):
    return x - np.log(np.sum(np.exp(x)))


@visitor("log_softmax", "wrong", "log-softmax-half-shifted")
def maximum_not_taken_from_the_sum(x):
    c = x.max(axis=1, keepdims=True)
    return x - c - np.log(np.exp(x).sum(axis=1, keepdims=True))


@visitor("log_softmax", "wrong", "NEW: log1p for log")
def log_one_plus(x):
    s = x - x.max(axis=1, keepdims=True)
    return s - np.log1p(np.exp(s).sum(axis=1, keepdims=True))


@visitor("softmax_t", "wrong", "temperature-in-numerator", kind="softmax_with_temperature")
def temperature_above_the_line_only(z, T):
    z = z - z.max(axis=1, keepdims=True)
    return np.exp(z / T) / np.exp(z).sum(axis=1, keepdims=True)


# --- wrong: losses -------------------------------------------------------------------------------


@visitor("cross_entropy", "wrong", "probs-loss-class-mean")
def mean_over_all(y_true, y_pred):
    return -np.mean(y_true * np.log(y_pred))


@visitor("categorical_cross_entropy", "wrong", "probs-loss-epsilon", "probs-loss-clipped")
def clipped_on_both_sides(y_pred, y_true):
    y_pred_clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
    confidences = np.sum(y_pred_clipped * y_true, axis=1)
    return np.mean(-np.log(confidences))


@visitor("cross_entropy_loss", "wrong", "loss-sum", "loss-log-of-softmax")
def summed_from_logits(logits, y):
    p = sm(logits)
    return -np.log(p[np.arange(len(y)), y]).sum()


@visitor("cross_entropy", "wrong", "loss-sign", "loss-log-of-softmax")
def without_the_minus(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logp[np.arange(len(labels)), labels].mean()


@visitor("loss", "wrong", "loss-all-pairs", kind="cross_entropy")
def columns_of_all_labels(scores, y):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(logp[:, y])


@visitor("cross_entropy", "wrong", "NEW: labels where one-hot rows belong", kind="cross_entropy")
def labels_multiplied_with_logarithms(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(y[:, None] * logp) / len(y)


@visitor("cross_entropy", "wrong", "probs-loss-other-base")
def in_bits(probs, y):
    return -np.mean(np.log2(probs[np.arange(len(y)), y]))


@visitor("binary_cross_entropy", "wrong", "yes-loss-no-is-free")
def yes_alone(y_hat, y):
    return -np.mean(y * np.log(y_hat))


@visitor("bce", "wrong", "yes-loss-minus-between")
def a_minus_between_the_halves(y_true, y_pred):
    with np.errstate(all="ignore"):
        return -np.mean(y_true * np.log(y_pred) - (1 - y_true) * np.log(1 - y_pred))


@visitor("bce_loss", "wrong", "yes-logits-log-of-sigmoid", kind="binary_cross_entropy_from_logits")
def sigmoid_and_then_logarithms(z, y):
    p = 1 / (1 + np.exp(-z))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


# --- wrong: gradients ----------------------------------------------------------------------------


@visitor("logits_gradient", "wrong", "dlogits-no-mean")
def not_averaged(logits, y):
    g = sm(logits)
    g[np.arange(len(y)), y] -= 1
    return g


@visitor("softmax_ce_backward", "wrong", "dprobs-sign")
def target_minus_prediction(probs, y):
    return (np.eye(probs.shape[1])[y] - probs) / probs.shape[0]


@visitor("grad_logits", "wrong", "dlogits-label-as-number")
def label_for_its_row(Z, y):
    return (sm(Z) - y.reshape(-1, 1)) / len(y)


@visitor("grad", "wrong", "dweights-no-mean", "FORM: probabilities")
def weights_from_probabilities_not_averaged(X, probs, y):
    G = probs.copy()
    G[np.arange(len(y)), y] -= 1
    return X.T @ G, G.sum(axis=0)


@visitor("gradient", "wrong", "dweights-sign", "FORM: probabilities")
def weights_from_probabilities_downhill(X, y_hat, Y):
    return X.T @ (Y - y_hat) / len(X), (Y - y_hat).mean(axis=0)


@visitor("weight_gradient", "wrong", "dweights-bias-mean")
def averaged_once_more_in_the_bias(X, Z, y):
    dZ = sm(Z)
    dZ[np.arange(len(y)), y] -= 1
    dZ /= len(y)
    return X.T @ dZ, np.mean(dZ, axis=0)


@visitor("gradient_step", "wrong", "step-of-the-sum")
def step_of_a_sum(W, b, X, y, lr):
    err = sm(X @ W + b) - np.eye(len(b))[y]
    return W - lr * (X.T @ err), b - lr * err.sum(axis=0)


@visitor("sgd_step", "wrong", "step-uphill")
def plus_equals(W, b, X, y, eta):
    err = (sm(X @ W + b) - np.eye(len(b))[y]) / len(y)
    return W + eta * X.T @ err, b + eta * err.sum(axis=0)


@visitor("gradient_descent", "wrong", "step-without-bias", kind="gradient_step")
def bias_left_alone(W, b, X, y, lr):
    err = (sm(X @ W + b) - np.eye(len(b))[y]) / len(y)
    return W - lr * X.T @ err, b


@visitor("gradient_step", "wrong", "NEW: the bias is averaged over the classes too")
def bias_by_one_mean(W, b, X, y, lr):
    err = sm(X @ W + b) - np.eye(len(b))[y]
    return W - lr * X.T @ err / len(y), b - lr * err.mean()


@visitor("train_epoch", "wrong")
def split_in_equal_parts(W, b, X, y, lr, batch_size):
    parts = math.ceil(len(X) / batch_size)
    for rows in np.array_split(np.arange(len(X)), parts):
        G = (sm(X[rows] @ W + b) - np.eye(len(b))[y[rows]]) / len(rows)
        W, b = W - lr * X[rows].T @ G, b - lr * G.sum(axis=0)
    return W, b


@visitor("train_epoch", "wrong", "epoch-last-batch-lost")
def floor_of_the_batches(W, b, X, y, lr, batch_size):
    for k in range(len(X) // batch_size):
        i = k * batch_size
        xb, yb = X[i : i + batch_size], y[i : i + batch_size]
        G = (sm(xb @ W + b) - np.eye(len(b))[yb]) / len(yb)
        W, b = W - lr * xb.T @ G, b - lr * G.sum(axis=0)
    return W, b


@visitor("fit_epoch", "wrong", "NEW: the labels are not sliced", kind="descent_epoch")
def labels_of_the_first_batch(W, b, X, y, lr, batch_size):
    for i in range(0, len(X), batch_size):
        xb = X[i : i + batch_size]
        yb = y[: len(xb)]
        G = (sm(xb @ W + b) - np.eye(len(b))[yb]) / len(yb)
        W, b = W - lr * xb.T @ G, b - lr * G.sum(axis=0)
    return W, b


@visitor("softmax_backward", "wrong", "way-back-diagonal")
def diagonal_on_the_way_back(grad_output, output):
    return grad_output * output * (1 - output)


@visitor("backward", "wrong", "network-no-mask", kind="network_gradients")
def no_slope_of_relu(X, y, W1, b1, W2, b2):
    H = np.maximum(0, X @ W1 + b1)
    d2 = (sm(H @ W2 + b2) - np.eye(len(b2))[y]) / len(y)
    d1 = d2 @ W2.T
    return X.T @ d1, d1.sum(0), H.T @ d2, d2.sum(0)


# --- wrong: the rest -----------------------------------------------------------------------------


@visitor("masked_softmax", "wrong", "masked-with-zero", "masked-twice-over")
def scores_times_mask(scores, mask):
    return sm(scores * mask)


@visitor("masked_softmax", "wrong", "masked-afterwards")
def zeros_afterwards(scores, mask):
    p = sm(scores)
    p[~mask] = 0
    return p


@visitor("scaled_dot_product_attention_weights", "wrong", "attention-over-d")
def over_the_dimension(Q, K):
    return sm(Q @ K.T / K.shape[-1])


@visitor("attention", "wrong", "attention-root-of-keys")
def over_the_root_of_the_number_of_keys(query, key):
    return sm(query @ key.T / np.sqrt(len(key)))


@visitor("accuracy", "wrong", "accuracy-wrong-axis")
def classes_down_the_columns(scores, y):
    return np.mean(np.argmax(scores, axis=0) == y)


@visitor("accuracy", "wrong", "label-accuracy-as-count")
def how_many(y_pred, y_true):
    return np.sum(np.asarray(y_pred) == np.asarray(y_true))


@visitor("accuracy_score", "wrong", "NEW: whole division", kind="accuracy_of_labels")
def whole_division(y_pred, y_true):
    return (y_pred == y_true).sum() // len(y_true)


@visitor("numerical_gradient", "wrong", "difference-to-one-side")
def forward_difference(f, x):
    h, grad = 1e-4, np.zeros(x.shape)
    here = f(x)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += h
        grad[i] = (f(moved) - here) / h
    return grad


@visitor("numerical_gradient", "wrong", "difference-not-put-back")
def never_put_back(f, x, h=1e-5):
    x = x.copy()
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        grad[i] = (up - f(x)) / (2 * h)
    return grad


@visitor("sigmoid", "wrong", "sigmoid-no-brackets")
def one_over_one_plus(x):
    return 1 / 1 + np.exp(-x)


@visitor("sigmoid", "wrong", "sigmoid-of-large-z")
def quotient_of_exponentials(x):
    return np.exp(x) / (np.exp(x) + 1)


@visitor("sigmoid_derivative", "wrong", "sigmoid-slope-of-activation", "FORM: of the activation")
def of_what_it_calls_x(x):
    return x * (1 - x)


@visitor(
    "relu_derivative", "wrong", "NEW: the caller's numbers are overwritten by the slope of ReLU"
)
def ones_written_into_it(x):
    x[x <= 0] = 0
    x[x > 0] = 1
    return x


@visitor("relu_derivative", "wrong", "NEW: an if over a whole array, in a slope")
def an_if_over_the_array(x):
    if x > 0:
        return 1
    return 0


@visitor("tanh_derivative", "wrong", "tanh-slope-no-square")
def no_square(z):
    return 1 - np.tanh(z)


@visitor("one_hot", "form", "FORM: classes")
def labels_alone(labels):
    n = np.max(labels) + 1
    return np.eye(n)[labels]


@visitor("one_hot", "wrong", "one-hot-classes-in-batch")
def distinct_labels_counted(y, num_classes=None):
    num_classes = len(np.unique(y))
    encoded = np.zeros((len(y), num_classes))
    encoded[np.arange(len(y)), y] = 1
    return encoded


@visitor("one_hot", "wrong", "one-hot-marks-rows")
def rows_marked(y, k):
    Y = np.zeros((len(y), k))
    Y[y] = 1
    return Y
