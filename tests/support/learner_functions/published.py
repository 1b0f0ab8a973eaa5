"""Functions with the habits and mistakes that published programs of learners show.

Each was written for this table and holds one habit or one mistake; "cs231n style" and the like name
the tradition that it comes from. PUBLISHED holds a row for each; `table.py` says how to read it.
"""

from __future__ import annotations

import math

import numpy as np

from .table import Learner, keeper_of

PUBLISHED: list[Learner] = []
learner = keeper_of(PUBLISHED)


# --- softmax -----------------------------------------------------------------------------------


@learner("softmax", "wrong", "softmax-sum-of-everything")
def one_maximum_and_one_sum_for_all(z):
    top = np.exp(z - np.amax(z))
    return top / np.sum(top)


@learner("softmax", "wrong", "softmax-no-shift", layout="columns")
def formula_of_the_lecture_in_columns(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=0)


@learner("softmax", "wrong", "softmax-no-shift")
def no_shift_with_an_axis_argument(values, axis=-1):
    powers = np.exp(values)
    return powers / np.sum(powers, axis=axis, keepdims=True)


@learner("softmax", "wrong", "softmax-no-shift")
def no_shift_transposed_there_and_back(scores):
    grown = np.exp(scores).T
    return (grown / grown.sum(axis=0)).T


@learner("softmax", "wrong", "softmax-no-shift", layout="columns")
def no_shift_column_by_column(Z):
    out = np.exp(Z)
    totals = np.sum(out, axis=0)
    for example in range(Z.shape[1]):
        out[:, example] = out[:, example] / totals[example]
    return out


@learner("softmax", "right")
def branches_for_vectors_and_tables(a):
    if a.ndim == 1:
        lifted = np.exp(a - np.max(a))
        return lifted / np.sum(lifted)
    turned = a.T - np.max(a, axis=1)
    lifted = np.exp(turned)
    return (lifted / np.sum(lifted, axis=0)).T


@learner("softmax", "wrong", "NEW: brackets: the sum divides the logits inside the exponential")
def brackets_misplaced(x):
    total = np.exp(x).sum(axis=1, keepdims=True)
    return np.exp(x / total)


@learner("softmax", "wrong", "softmax-half-shifted", "softmax-sum-of-everything")
def shift_above_the_line_only(x):
    return np.exp(x - x.max()) / np.exp(x).sum()


@learner("softmax", "wrong", "softmax-batch-maximum")
def batch_maximum_with_a_branch(x):
    powers = np.exp(x - np.max(x))
    if powers.ndim > 1:
        return powers / np.sum(powers, axis=-1)[:, np.newaxis]
    return powers / np.sum(powers)


@learner("Softmax", "wrong", "softmax-wrong-axis", "softmax-no-shift")
def built_in_sum(Z):
    powers = np.exp(Z)
    return powers / sum(powers)


@learner("softmax", "right")
def columns_made_by_reshape(scores):
    centred = scores - np.reshape(np.max(scores, axis=1), (-1, 1))
    return np.exp(centred) / np.reshape(np.sum(np.exp(centred), axis=1), (-1, 1))


@learner(
    "softmax_stable",
    "wrong",
    "softmax-sum-of-everything",
    "NEW: each row's own maximum, but one sum for the whole batch",
)
def own_maxima_one_sum(scores):
    powers = np.exp(scores - scores.max(axis=1)[:, None])
    return powers / np.sum(powers)


@learner(
    "softmax",
    "wrong",
    "softmax-sum-of-everything",
    "NEW: one sum for the whole batch, and the caller's logits are overwritten",
)
def in_place_and_one_sum(v):  # "the probabilities are right" would be false of it
    v -= v.max()
    return np.exp(v) / np.sum(np.exp(v))


@learner("softmax", "form", "FORM: one example", kind="softmax_with_temperature")
def list_of_powers_with_temperature(preds, temp):
    powers = [np.exp(p / temp) for p in preds]
    return [power / sum(powers) for power in powers]


@learner("softmax", "right")
def temperature_before_the_shift(values, temperature):
    cooled = np.asarray(values, dtype=float) / temperature
    cooled -= cooled.max(axis=-1, keepdims=True)
    powers = np.exp(cooled)
    return powers / powers.sum(axis=-1, keepdims=True)


@learner("softmax", "form", "FORM: one example", kind="softmax_with_temperature")
def vector_with_temperature_and_clip(logits, temperature=1.0):
    logits = np.asarray(logits) / temperature
    powers = np.exp(np.clip(logits - logits.max(), -500, 500))
    return powers / powers.sum()


@learner("stable_softmax", "form", "FORM: one example")
def plain_python_for_one_list(numbers):
    biggest = max(numbers)
    powers = [math.exp(number - biggest) for number in numbers]
    total = sum(powers)
    return [power / total for power in powers]


@learner("softmax", "wrong", "NEW: the logits are clipped where the maximum should be subtracted")
def clipped_at_500(scores):
    powers = np.exp(np.clip(scores, -500, 500))
    return powers / np.sum(powers, axis=1, keepdims=True)


@learner("softmax", "wrong", "NEW: the mean of the row as the shift")
def shifted_by_the_mean(scores):
    powers = np.exp(scores - np.mean(scores, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True)


@learner("softmax", "wrong", "NEW: divided by the mean of the exponentials, so C times the truth")
def divided_by_a_mean(scores):
    powers = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return powers / np.mean(powers, axis=1, keepdims=True)


@learner("softmax", "wrong", "NEW: log-probabilities where probabilities belong")
def logarithms_returned(scores):
    centred = scores - np.max(scores, axis=1, keepdims=True)
    return centred - np.log(np.sum(np.exp(centred), axis=1, keepdims=True))


@learner("softmax", "wrong", "NEW: per cent, 100 times the truth")
def in_per_cent(scores):
    powers = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True) * 100


@learner("softmax", "wrong", "NEW: no shift, with a temperature", kind="softmax_with_temperature")
def sampling_without_a_shift(preds, temperature):
    powers = np.exp(preds / temperature)
    return powers / np.sum(powers, axis=1, keepdims=True)


@learner("softmax", "right")
def layer_by_layer(inputs):
    highest = inputs.max(axis=1, keepdims=True)
    output = np.exp(inputs - highest)
    output /= output.sum(axis=1, keepdims=True)
    return output


# --- log-softmax, log-sum-exp, sigmoid, Jacobian -----------------------------------------------


@learner("log_softmax", "wrong", "log-softmax-no-shift")
def log_sum_without_a_shift(logits):
    return logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))


@learner("log_softmax", "right")
def log_sum_with_the_maximum_put_back(logits, dim=1):
    biggest = np.max(logits, axis=dim, keepdims=True)
    total = np.log(np.sum(np.exp(logits - biggest), axis=dim, keepdims=True))
    return logits - (biggest + total)


@learner(
    "log_softmax",
    "wrong",
    "log-softmax-of-softmax",
    "NEW: a small number added in the logarithm of a finished softmax",
)
def guarded_logarithm_of_softmax(logits):
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return np.log(powers / np.sum(powers, axis=1, keepdims=True) + 1e-9)


@learner("log_softmax", "wrong", "NEW: no keepdims in the log-sum")
def log_sum_lost_its_axis(logits):
    centred = logits - np.max(logits, axis=1, keepdims=True)
    return centred - np.log(np.sum(np.exp(centred), axis=1))


@learner("logsumexp", "wrong", "logsumexp-shift-lost")
def maximum_never_put_back(x, axis=1):
    biggest = np.max(x, axis=axis, keepdims=True)
    return np.log(np.sum(np.exp(x - biggest), axis=axis))


@learner("logsumexp", "form", "FORM: one example")
def one_number_for_all(values):
    values = np.asarray(values, dtype=float).ravel()
    biggest = values.max()
    return float(biggest + np.log(np.exp(values - biggest).sum()))


@learner("logsumexp", "right")
def maximum_without_keepdims(logits):
    biggest = np.max(logits, axis=-1)
    return np.log(np.sum(np.exp(logits - biggest[:, None]), axis=-1)) + biggest


@learner("sigmoid", "wrong", "NEW: a product where a sum belongs, 1 / (1 * exp(-z))")
def times_for_plus(z):
    return 1.0 / (1.0 * np.exp(-z))


@learner("sigmoid", "right")
def sigmoid_clipped_at_500(z):
    z = np.clip(z, -500, 500)
    return 1 / (1 + np.exp(-z))


@learner("sigmoid", "wrong", "NEW: an if over a whole array")
def if_over_an_array(z):
    if z < 0:
        power = np.exp(z)
        return power / (1 + power)
    return 1 / (1 + np.exp(-z))


@learner("sigmoid", "right")
def sigmoid_of_two_halves(z):
    power = np.exp(-np.abs(z))
    return np.where(z < 0, power, 1) / (1 + power)


@learner("softmax_derivative", "right", kind="softmax_jacobian")
def entry_by_entry(z):
    powers = np.exp(z - np.max(z))
    p = powers / powers.sum()
    slopes = np.zeros((p.size, p.size))
    for row, a in enumerate(p):
        for column, b in enumerate(p):
            slopes[row, column] = a * ((row == column) - b)
    return slopes


@learner("softmax_derivative", "right")
def jacobian_under_another_name(z):  # the same as softmax_jacobian(z); nobody says so with a kind
    powers = np.exp(z - z.max())
    p = powers / powers.sum()
    return np.diag(p) - np.outer(p, p)


@learner("softmax_jacobian", "wrong", kind="softmax_jacobian")
def logits_where_probabilities_belong(z):
    powers = np.exp(z - np.max(z))
    p = powers / powers.sum()
    slopes = np.zeros(len(p))
    for row in range(len(p)):
        for column in range(len(p)):
            slopes[row] = p[row] * (1 - z[row]) if row == column else -p[row] * z[column]
    return slopes


@learner(
    "softmax_grad",
    "wrong",
    "NEW: the row sums of the Jacobian, which are always 0",
    kind="softmax_jacobian",
)
def jacobian_summed_up(z):
    powers = np.exp(z - np.max(z))
    p = powers / powers.sum()
    return np.sum(np.diag(p) - np.outer(p, p), axis=1)


@learner(
    "softmax_jacobian",
    "wrong",
    "NEW: the larger of 0 and the maximum as the shift",
    kind="softmax_jacobian",
)
def jacobian_with_a_shift_of_at_least_0(z):
    powers = np.exp(z - max(0.0, z.max()))
    p = powers / powers.sum()
    return np.diag(p) - np.outer(p, p)


@learner("softmax_jacobian", "form", "FORM: probabilities", kind="softmax_jacobian")
def jacobian_of_probabilities(p):
    return np.diagflat(p) - np.outer(p, p)


# --- losses from probabilities -----------------------------------------------------------------


@learner("cross_entropy_error", "wrong", "probs-loss-epsilon")
def picked_with_a_guard(y, t):
    if y.ndim == 1:
        y, t = y[np.newaxis], np.atleast_1d(t)[np.newaxis]
    if t.shape == y.shape:
        t = np.argmax(t, axis=1)
    picked = y[np.arange(len(y)), t]
    return -np.log(picked + 1e-7).sum() / len(y)


@learner("cross_entropy_error", "form", "FORM: one-hot", "probs-loss-sum", "probs-loss-epsilon")
def one_hot_targets_called_t(y, t):
    return -(t * np.log(y + 1e-7)).sum()


@learner("cross_entropy", "form", "FORM: one-hot")
def one_hot_targets_turned_into_labels(probs, y):
    rows = np.arange(len(probs))
    return -np.mean(np.log(probs[rows, np.argmax(y, axis=1)]))


@learner("cross_entropy_loss", "form", "FORM: labels first", "probs-loss-clipped")
def labels_first_and_a_clip(y_true, y_pred):
    safe = np.clip(y_pred, 1e-8, 1 - 1e-8)
    return -np.log(safe[np.arange(y_true.shape[0]), y_true]).mean()


@learner("cross_entropy_loss", "wrong", "probs-loss-clipped", "probs-loss-epsilon")
def one_hot_with_a_clip(y_hat, Y):
    y_hat = np.clip(y_hat, 1e-12, 1 - 1e-12)
    return np.sum(-Y * np.log(y_hat)) / len(Y)


@learner("cross_entropy", "wrong", "probs-loss-class-mean")
def mean_over_all_entries(p, Y):
    return np.mean(-Y * np.log(p))


@learner("mean_cross_entropy", "wrong", "probs-loss-binary-mean")
def yes_and_no_by_where(probs, Y):
    return np.where(Y > 0, -np.log(probs), -np.log(1 - probs)).mean()


@learner("cross_entropy", "wrong", "probs-loss-binary")
def yes_and_no_without_nan(pred, Y):  # it has no softmax, so no axis of a softmax can be wrong
    yes, no = -Y * np.log(pred), -(1 - Y) * np.log(1 - pred)
    return np.nan_to_num(yes + no).sum(axis=1).mean()


@learner(
    "cross_entropy",
    "wrong",
    "NEW: the gradient where the loss belongs",
    kind="cross_entropy_from_probs",
)
def gradient_where_the_loss_belongs(y_hat, Y):
    return (y_hat - Y) / len(Y)


@learner("cross_entropy", "right", layout="columns")
def picked_in_columns(probs, y):
    m = y.size
    return np.sum(-np.log(probs[y, np.arange(m)])) / m


@learner("cost", "right", kind="cross_entropy_from_probs", layout="columns")
def column_by_column(P, Y):
    total = 0.0
    for p, t in zip(P.T, Y.T, strict=True):
        total -= t @ np.log(p)
    return total / P.shape[1]


@learner("compute_cost", "wrong", "NEW: divided by the number of classes, not of examples")
def wrong_entry_of_the_shape(A, Y):
    cost = np.sum(-Y * np.log(A))
    return cost / Y.shape[1]


@learner("cross_entropy", "right")
def divergence_from_one_hot(probs, Y):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(Y > 0, Y * np.log(Y / probs), 0.0)
    return np.mean(np.sum(terms, axis=1))


@learner("cross_entropy", "wrong", "probs-loss-epsilon")
def guard_of_a_googol(probs, y):
    return np.mean(-np.log(probs[range(len(y)), y] + 1e-100))


@learner("cross_entropy", "wrong", "probs-loss-clipped", "probs-loss-epsilon")
def zeros_and_ones_replaced_in_place(probs, Y):
    probs[probs == 0] = 1e-10
    probs[probs == 1] = 1 - 1e-10
    return -(Y * np.log(probs)).sum(axis=1).mean()


@learner("cross_entropy", "form", "FORM: one example")
def one_forecast_one_label(p, label):
    return -np.log(p[int(label)])


@learner("cross_entropy", "wrong", "NEW: perplexity, the exponential of the loss")
def exponential_of_the_loss(probs, y):
    return np.exp(np.mean(-np.log(probs[np.arange(y.size), y])))


@learner("cross_entropy_error", "careful", "FORM: one example")
def broken_branch_for_one_example(y, T):  # for one forecast and its target the answer is always 0
    if y.ndim == 1:
        T = np.reshape(T, (1, -1))
        y = np.reshape(T, (1, -1))
    picked = y[np.arange(len(y)), T]
    return -np.mean(np.log(picked))


@learner("categorical_loss", "wrong", "probs-loss-clipped")
def labels_or_one_hot_with_two_clips(y_pred, y_true):
    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
    if y_true.ndim == 2:
        picked = (y_pred * y_true).sum(axis=1)
    else:
        picked = y_pred[np.arange(len(y_pred)), y_true]
    return np.mean(-np.log(picked))


# --- losses from logits ------------------------------------------------------------------------


@learner("softmax_loss", "right")
def checked_and_shifted(Z, y):
    assert Z.ndim == 2
    assert len(y) == len(Z)
    centred = Z - Z.max(axis=1, keepdims=True)
    picked = centred[np.arange(len(y)), y]
    return np.mean(np.log(np.exp(centred).sum(axis=1)) - picked)


@learner("softmax_loss", "wrong", "loss-no-shift-in-logsumexp", "loss-no-shift")
def prints_as_it_goes(Z, y):
    print("logits", Z.shape)
    totals = np.log(np.sum(np.exp(Z), axis=1))
    cost = np.sum(totals - Z[range(len(Z)), y]) / len(Z)
    print("cost", cost)
    return cost


@learner("softmax_cross_entropy", "wrong", "loss-of-each", "loss-no-shift-in-logsumexp")
def one_loss_for_each(logits, answers):
    return np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(answers)), answers]


@learner("CrossEntropyLoss", "wrong", "loss-epsilon", "probs-loss-softmax-again")
def logits_under_the_name_of_probabilities(y_hat, y):
    powers = np.exp(y_hat - y_hat.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    losses = [-np.log(p[row, label] + 1e-5) for row, label in enumerate(y)]
    return sum(losses) / len(losses)


@learner("softmax_loss", "wrong", "loss-other-base")
def decimal_logarithm(scores, y):  # cs231n style
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return -np.log10(p[np.arange(len(y)), y]).sum() / len(y)


@learner("cross_entropy_loss", "form", "FORM: pair")
def loss_and_gradient_together(logits, targets):
    n = len(targets)
    centred = logits - logits.max(axis=-1, keepdims=True)
    logs = centred - np.log(np.exp(centred).sum(axis=-1, keepdims=True))
    dlogits = np.exp(logs)
    dlogits[range(n), targets] -= 1
    return -logs[range(n), targets].mean(), dlogits / n


@learner("cross_entropy", "right", kind="cross_entropy")
def maximum_added_at_the_end(inputs, targets):
    biggest = inputs.max(axis=-1, keepdims=True)
    totals = np.log(np.exp(inputs - biggest).sum(axis=-1))
    picked = inputs[np.arange(targets.size), targets]
    return np.mean(totals - picked + biggest[:, 0])


@learner("cross_entropy", "wrong", "loss-softmax-twice")
def softmax_before_a_loss_that_has_one(logits, y):
    def normalise(table):
        powers = np.exp(table - table.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    return -np.mean(np.log(normalise(normalise(logits))[np.arange(y.size), y]))


@learner("softmax_loss", "form", "FORM: kind")
def loss_of_weights_and_a_penalty(W, X, y, reg):  # cs231n style, the loss alone
    scores = X @ W
    scores = scores - scores.max(axis=1, keepdims=True)
    losses = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(y)), y]
    return losses.mean() + reg * np.sum(W * W)


@learner("cross_entropy", "wrong", kind="cross_entropy")
def smoothed_labels(logits, y, smoothing=0.1):
    centred = logits - logits.max(axis=1, keepdims=True)
    logs = centred - np.log(np.exp(centred).sum(axis=1, keepdims=True))
    targets = np.full(logs.shape, smoothing / logs.shape[1])
    targets[np.arange(y.size), y] += 1 - smoothing
    return np.mean(-np.sum(targets * logs, axis=1))


@learner("softmax_loss", "wrong", "loss-shift-lost")
def maximum_on_one_side(scores, y):
    totals = np.log(np.exp(scores - scores.max(axis=1)[:, None]).sum(axis=1))
    return np.sum(totals - scores[np.arange(y.size), y]) / y.size


@learner("cross_entropy", "wrong", "NEW: the mean of the row as the shift", kind="cross_entropy")
def loss_shifted_by_the_mean(logits, y):
    middle = logits.mean(axis=1)
    totals = middle + np.log(np.exp(logits - middle[:, None]).sum(axis=1))
    return np.mean(totals - logits[np.arange(y.size), y])


# --- one-hot and accuracy ----------------------------------------------------------------------


@learner(
    "one_hot",
    "wrong",
    "one-hot-classes-in-batch",
    "NEW: it takes the labels alone, and counts the classes in them",
    layout="columns",
)
def labels_alone(Y):
    table = np.zeros((int(Y.max()) + 1, Y.size))
    table[Y, np.arange(Y.size)] = 1
    return table


@learner("one_hot", "wrong", "one-hot-counted-from-1")
def counted_from_one(y, num_classes):
    return np.eye(num_classes)[np.asarray(y, dtype=np.uint8) - 1]


@learner("one_hot", "form", "FORM: one example")
def list_for_one_label(label, n):
    row = n * [0]
    row[label] = 1
    return row


@learner("one_hot", "right")
def lists_and_tables_taken(labels, n):
    labels = np.ravel(labels)
    table = np.zeros((labels.size, n))
    table[np.arange(labels.size), labels] = 1
    return table


@learner("one_hot", "wrong", "NEW: ten classes are written into the code", layout="columns")
def ten_classes(labels, n_classes):
    return np.eye(10)[labels].T


@learner("one_hot", "wrong", "one-hot-classes-in-batch", "one-hot-renumbered")
def compared_with_the_labels_that_occur(y, n_classes):
    return np.equal.outer(y, np.unique(y)).astype(float)


@learner("accuracy", "right")
def share_of_hits(out, yb):
    return np.mean(out.argmax(axis=1) == yb)


@learner("accuracy", "wrong", "NEW: per cent, 100 times the truth")
def hits_in_per_cent(scores, y):
    return np.mean(np.argmax(scores, axis=1) == y) * 100.0


@learner("get_accuracy", "form", "FORM: labels")
def share_of_equal_labels(predictions, y):
    hits = predictions == y
    return hits.sum() / len(hits)


@learner(
    "accuracy",
    "wrong",
    "accuracy-over-entries",
    "NEW: a threshold of one half, compared entry by entry",
)
def threshold_against_one_hot(scores, Y):
    return np.mean((scores > 0.5).astype(int) == Y)


# --- the gradient by the logits ----------------------------------------------------------------


@learner("delta_cross_entropy", "right")
def delta_under_the_name_of_a_loss(Z, y):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    delta = powers / powers.sum(axis=1, keepdims=True)
    delta[range(len(y)), y] -= 1
    return delta / len(y)


@learner("grad_logits", "wrong", "dlogits-no-shift", kind="logits_gradient")
def delta_without_a_shift(logits, answers):
    targets = np.zeros(logits.shape)
    targets[np.arange(len(answers)), answers] = 1
    powers = np.exp(logits)
    return (powers / powers.sum(axis=1, keepdims=True) - targets) / len(answers)


@learner("logits_gradient", "wrong", "dlogits-no-mean")
def delta_of_each_example(Z, Y):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True) - Y


@learner(
    "cross_entropy_backward", "form", "FORM: probabilities", "FORM: kind", kind="logits_gradient"
)
def delta_of_probabilities(probs, y):
    delta = np.array(probs)
    delta[np.arange(y.size), y] -= 1
    return delta / y.size


@learner("cross_entropy_grad", "wrong")
def divided_by_the_logarithm(Z, Y):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    logs = np.log(powers / powers.sum(axis=1, keepdims=True) + 1e-7)
    return -(Y / logs) / len(Z)


@learner("logits_gradient", "wrong", "dlogits-extra-slope")
def delta_times_a_slope(Z, Y):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    a = powers / powers.sum(axis=1, keepdims=True)
    return (a - Y) * a * (1 - a) / len(Z)


@learner("logits_gradient", "right")
def central_differences(Z, y):
    def cost(table):
        table = table - table.max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(table).sum(axis=1)) - table[np.arange(y.size), y])

    slopes, h = np.zeros(Z.shape), 1e-5
    for place in np.ndindex(Z.shape):
        bump = np.zeros(Z.shape)
        bump[place] = h
        slopes[place] = (cost(Z + bump) - cost(Z - bump)) / (2 * h)
    return slopes


@learner("logits_gradient", "form", "FORM: one example", layout="columns")
def delta_of_one_column(z, target):
    powers = np.exp(z)
    delta = powers / np.sum(powers)
    delta[target] -= 1
    return delta


@learner("score_gradient", "right", kind="logits_gradient")
def delta_made_from_a_fresh_table(scores, y):  # cs231n style
    dscores = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores /= dscores.sum(axis=1, keepdims=True)
    dscores[range(y.size), y] -= 1
    dscores /= y.size
    return dscores


@learner("logits_gradient", "wrong")
def jacobian_times_slope(Z, Y):  # exact on paper; 0 times infinity for a confident mistake
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = powers / powers.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        rows = [
            (np.diag(p) - np.outer(p, p)) @ np.where(t > 0, -1 / p, 0)
            for p, t in zip(P, Y, strict=True)
        ]
    return np.array(rows) / len(Z)


@learner("logits_gradient", "wrong", "NEW: the size of a batch is written into the code")
def divided_by_a_hundred(Z, Y):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True) - Y) / 100


@learner(
    "gradient_of_scores",
    "wrong",
    "NEW: the maximum of the whole batch as the shift",
    kind="logits_gradient",
)
def delta_with_the_batch_maximum(f, y):  # cs231n style
    powers = np.exp(f - np.max(f))
    delta = powers / np.sum(powers, axis=1, keepdims=True)
    delta[range(len(y)), y] -= 1
    return delta / len(y)


# --- the gradient by the weights ---------------------------------------------------------------


@learner("compute_gradients", "right", kind="weight_gradient")
def weights_and_biases(X, Z, y):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    dZ = powers / powers.sum(axis=1, keepdims=True)
    dZ[np.arange(y.size), y] -= 1
    dZ /= y.size
    return np.dot(X.T, dZ), np.sum(dZ, axis=0)


@learner(
    "backward_prop",
    "wrong",
    "NEW: the bias gradient is the sum of everything, one number",
    kind="weight_gradient",
    layout="columns",
)
def one_number_for_all_biases(X, Z, Y):  # the sum of all of dZ is always 0
    powers = np.exp(Z - Z.max(axis=0))
    dZ = powers / powers.sum(axis=0) - Y
    return dZ.dot(X.T) / Y.shape[1], np.sum(dZ) / Y.shape[1]


@learner("softmax_grad", "wrong", "dweights-no-mean", kind="weight_gradient")
def gradient_of_the_sum(X, Z, Y):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    error = powers / powers.sum(axis=1, keepdims=True) - Y
    return np.dot(X.T, error), error.sum(axis=0)


@learner("gradients", "right", kind="weight_gradient", layout="columns")
def biases_by_a_product_with_ones(X, Z, Y):
    m = X.shape[1]
    powers = np.exp(Z - Z.max(axis=0, keepdims=True))
    G = powers / powers.sum(axis=0, keepdims=True) - Y
    return np.dot(G, X.T) / m, np.dot(G, np.ones((m, 1))) / m


@learner("gradient_loops", "right", kind="weight_gradient")
def example_by_example(X, Z, y):  # cs231n style
    dW, db = np.zeros((X.shape[1], Z.shape[1])), np.zeros(Z.shape[1])
    for x, z, label in zip(X, Z, y, strict=True):
        powers = np.exp(z - z.max())
        for k, p in enumerate(powers / powers.sum()):
            error = p - 1 if k == label else p
            dW[:, k] += error * x
            db[k] += error
    return dW / len(X), db / len(X)


@learner("weight_gradient", "wrong", "NEW: the maximum of the whole batch as the shift")
def weights_with_the_batch_maximum(X, Z, y):
    scores = Z - np.max(Z)
    p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return X.T.dot(p) / len(y), np.sum(p, axis=0) / len(y)


@learner("weight_gradient", "wrong", "NEW: returned in another order", "FORM: order")
def biases_returned_first(X, Z, Y):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    dZ = (powers / powers.sum(axis=1, keepdims=True) - Y) / len(X)
    return dZ.sum(axis=0), np.dot(X.T, dZ)


@learner("weight_gradient", "form", "FORM: dict")
def gradients_in_a_dict(X, Z, Y):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    dZ = (powers / powers.sum(axis=1, keepdims=True) - Y) / len(X)
    return {"dW": np.dot(X.T, dZ), "db": dZ.sum(axis=0)}


# --- steps -------------------------------------------------------------------------------------


@learner("step", "wrong", "step-in-place", "NEW: it works in place and returns nothing")
def in_place_without_return(W, b, X, y, lr):
    scores = X @ W + b
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[range(len(y)), y] -= 1
    W -= lr / len(y) * (X.T @ p)
    b -= lr / len(y) * p.sum(axis=0)


@learner("step", "wrong", "step-in-place")
def added_in_place(W, b, X, y, step_size):  # cs231n style
    scores = X @ W + b
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[range(len(y)), y] -= 1
    W += -step_size * np.dot(X.T, p) / len(y)
    b += -step_size * np.sum(p, axis=0) / len(y)
    return W, b


@learner("gradient_step", "right")
def biases_as_a_row(W, b, X, y, rate):
    scores = X @ W + b
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[range(len(y)), y] -= 1
    return W - rate * (X.T @ p) / len(y), b - rate * p.mean(axis=0, keepdims=True)


@learner("step_with_decay", "wrong", "penalty-over-m", kind="gradient_step_with_l2")
def decay_divided_by_m(W, b, X, y, lr, lambd):
    m = y.size
    scores = X @ W + b
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(m), y] -= 1
    dW = (X.T @ p + lambd * W) / m
    return W - lr * dW, b - lr * p.sum(axis=0) / m


@learner(
    "step",
    "wrong",
    "NEW: the penalty's gradient is the sum of all weights, one number",
    kind="gradient_step_with_l2",
)
def decay_by_the_sum_of_weights(W, b, X, y, lr, reg):
    m = y.size
    scores = X @ W + b
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(m), y] -= 1
    return W - lr * (X.T @ p / m + reg * W.sum()), b - lr * p.sum(axis=0) / m


@learner("step", "wrong", "NEW: the maximum is not subtracted, in a step")
def step_without_a_shift(W, b, X, y, lr):
    p = np.exp(X @ W + b)
    p = p / p.sum(axis=1, keepdims=True)
    p[range(len(y)), y] -= 1
    return W - lr * np.dot(X.T, p) / len(y), b - lr * np.mean(p, axis=0)


@learner(
    "gradient_step", "wrong", "NEW: the logits are clipped where the maximum should be subtracted"
)
def step_with_clipped_logits(W, b, X, y, lr):
    p = np.exp(np.clip(X @ W + b, -50, 50))
    p = p / p.sum(axis=1, keepdims=True)
    p[range(len(y)), y] -= 1
    return W - lr * np.dot(X.T, p) / len(y), b - lr * np.mean(p, axis=0)


# --- networks ----------------------------------------------------------------------------------


@learner("backprop", "right", kind="network_gradients")
def hidden_gradient_set_to_0(X, y, W1, b1, W2, b2):  # cs231n style
    hidden = np.maximum(0, X @ W1 + b1)
    scores = hidden @ W2 + b2
    d = np.exp(scores - scores.max(axis=1, keepdims=True))
    d /= d.sum(axis=1, keepdims=True)
    d[range(len(X)), y] -= 1
    d /= len(X)
    dhidden = d @ W2.T
    dhidden[hidden <= 0] = 0
    dW1, db1 = X.T @ dhidden, dhidden.sum(axis=0, keepdims=True)
    return dW1, db1, hidden.T @ d, d.sum(axis=0, keepdims=True)


@learner("backprop", "form", "FORM: activation", "network-no-mean", kind="network_gradients")
def tanh_and_the_gradient_of_the_sum(X, y, W1, b1, W2, b2):
    hidden = np.tanh(X @ W1 + b1)
    scores = hidden @ W2 + b2
    d = np.exp(scores - scores.max(axis=1, keepdims=True))
    d /= d.sum(axis=1, keepdims=True)
    d[range(len(X)), y] -= 1
    back = (d @ W2.T) * (1 - hidden * hidden)
    return X.T @ back, back.sum(axis=0), hidden.T @ d, d.sum(axis=0)


@learner("gradient", "form", "FORM: activation", kind="network_gradients")
def sigmoid_in_the_middle(X, y, W1, b1, W2, b2):
    hidden = 1 / (1 + np.exp(-(X @ W1 + b1)))
    scores = hidden @ W2 + b2
    d = np.exp(scores - scores.max(axis=1, keepdims=True))
    d /= d.sum(axis=1, keepdims=True)
    d[range(len(X)), y] -= 1
    d /= len(X)
    back = d @ W2.T * (1 - hidden) * hidden
    return X.T @ back, back.sum(axis=0), hidden.T @ d, d.sum(axis=0)


@learner(
    "backward_propagation",
    "wrong",
    "NEW: returned in another order",
    "FORM: order",
    "NEW: the bias gradient is the sum of everything, one number",
    kind="network_gradients",
    layout="columns",
)
def last_layer_first_and_a_bias_from_the_wrong_layer(X, Y, W1, b1, W2, b2):
    m = Y.shape[1]
    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)
    Z2 = W2 @ A1 + b2
    A2 = np.exp(Z2 - Z2.max(axis=0))
    dZ2 = A2 / A2.sum(axis=0) - Y
    dZ1 = (Z1 > 0) * (W2.T @ dZ2)
    return dZ2 @ A1.T / m, dZ2.sum() / m, dZ1 @ X.T / m, dZ2.sum() / m


@learner("backprop", "right", kind="network_gradients")
def both_layers_divided_by_m(X, Y, W1, b1, W2, b2):
    m = len(X)
    Z1 = X @ W1 + b1
    A1 = np.where(Z1 > 0, Z1, 0)
    Z2 = A1 @ W2 + b2
    A2 = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    dZ2 = A2 / A2.sum(axis=1, keepdims=True) - Y
    dZ1 = np.where(Z1 > 0, dZ2 @ W2.T, 0)
    return X.T @ dZ1 / m, dZ1.sum(axis=0) / m, A1.T @ dZ2 / m, dZ2.sum(axis=0) / m


@learner("backward", "wrong", "network-sigmoid-slope", "network-no-mean", kind="network_gradients")
def sigmoid_slope_of_z_and_no_mean(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    scores = A1 @ W2 + b2
    d = np.exp(scores - scores.max(axis=1, keepdims=True))
    d /= d.sum(axis=1, keepdims=True)
    d[range(len(X)), y] -= 1
    s = 1 / (1 + np.exp(-Z1))
    back = d @ W2.T * s * (1 - s)
    return X.T @ back, back.sum(axis=0), A1.T @ d, d.sum(axis=0)


@learner("backward", "wrong", "network-sigmoid-slope", kind="network_gradients")
def sigmoid_slope_of_relu_values(X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    scores = A1 @ W2 + b2
    d = np.exp(scores - scores.max(axis=1, keepdims=True))
    d /= d.sum(axis=1, keepdims=True)
    d[range(len(X)), y] -= 1
    d /= len(X)
    back = d @ W2.T * (A1 * (1 - A1))
    return X.T @ back, back.sum(axis=0), A1.T @ d, d.sum(axis=0)


@learner(
    "backward",
    "wrong",
    "NEW: the second layer was stepped before the first layer's gradient",
    kind="network_gradients",
)
def second_layer_stepped_too_early(X, y, W1, b1, W2, b2, lr=0.1):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    scores = A1 @ W2 + b2
    d = np.exp(scores - scores.max(axis=1, keepdims=True))
    d /= d.sum(axis=1, keepdims=True)
    d[range(len(X)), y] -= 1
    d /= len(X)
    dW2 = A1.T @ d
    back = d @ (W2 - lr * dW2).T * (Z1 > 0)
    return X.T @ back, back.sum(axis=0), dW2, d.sum(axis=0)
