"""Functions that nothing in `diagnose` was made for: they measure it, and only that.

They follow the habits of courses and blogs: columns and caches, layers as classes, a loss with its
gradient, loops in plain Python. STRANGERS holds a row for each; `table.py` says how to read it.
"""

# ruff: noqa: B905, SIM300   as learners write

from __future__ import annotations

import functools
import math

import numpy as np

from .table import Learner, keeper_of

STRANGERS: list[Learner] = []
stranger = keeper_of(STRANGERS)


def stranger_as_it_is(called, function, truth, *accepted, kind=None, layout="rows"):
    """Keep a method, a layer or a class, which has its own name or none."""
    STRANGERS.append(Learner(called, function, kind, layout, truth, accepted))


def rows_of(scores):
    """A right softmax of rows: what a learner has written a page earlier."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def columns_of(scores):
    return rows_of(scores.T).T


# --- softmax -----------------------------------------------------------------------------------


@stranger("softmax", "right")
def shifted_by_its_log_sum(x):
    a_max = np.amax(x, axis=-1, keepdims=True)
    total = np.log(np.sum(np.exp(x - a_max), axis=-1, keepdims=True)) + a_max
    return np.exp(x - total)


@stranger("softmax", "right")
def rows_stacked_from_a_helper(batch):
    def softmax_row(row):
        shifted = [v - max(row) for v in row]
        denominator = sum(math.exp(v) for v in shifted)
        return np.array([math.exp(v) / denominator for v in shifted])

    return np.vstack([softmax_row(row) for row in batch])


@stranger("softmax", "right")
def a_grain_in_the_denominator(X):
    exp_X = np.exp(X - np.max(X, axis=1).reshape(X.shape[0], 1))
    return exp_X / (exp_X.sum(axis=1).reshape(X.shape[0], 1) + 1e-12)


@stranger("softmax", "right", layout="columns")
def columns_without_keepdims(Z):
    t = np.exp(Z - Z.max(0))
    return t / t.sum(0)


@stranger("softmax", "right")
def filled_row_by_row_with_while(logits):
    result = np.array(logits, dtype=np.float64)
    i = 0
    while i < result.shape[0]:
        result[i] -= result[i].max()
        result[i] = np.exp(result[i])
        result[i] /= result[i].sum()
        i += 1
    return result


@stranger("softmax", "right", layout="vector")
def most_voted_answer_for_a_vector(x):
    e_x = np.exp(x - np.max(x))
    return e_x / e_x.sum(axis=0)


@stranger("softmax", "wrong", "softmax-batch-maximum", layout="columns")
def most_voted_answer_for_columns(x):
    e_x = np.exp(x - np.max(x))
    return e_x / e_x.sum(axis=0)


@stranger("softmax", "wrong", "softmax-wrong-axis", "softmax-batch-maximum", "layout")
def most_voted_answer_for_rows(x):
    e_x = np.exp(x - np.max(x))
    return e_x / e_x.sum(axis=0)


@stranger("softmax", "form", "FORM: one example")
def built_in_max_of_a_vector(x):
    exps = np.exp(x - max(x))
    return exps / sum(exps)


@stranger("softmax", "form", "FORM: one example", "softmax-no-shift")
def first_lab_in_plain_python(z):
    z_exp = [math.exp(i) for i in z]
    sum_z_exp = sum(z_exp)
    return [round(i / sum_z_exp, 10) for i in z_exp]


@stranger("softmax", "form", "FORM: generator")
def gives_its_numbers_one_by_one(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    s = np.sum(e, axis=1, keepdims=True)
    return (row / total for row, total in zip(e, s))


@stranger("softmax", "form", "FORM: pair", layout="columns")
def answer_and_cache(Z):
    cache = Z
    shifted = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    A = shifted / np.sum(shifted, axis=0, keepdims=True)
    return A, cache


@stranger("softmax", "form", "FORM: begun")
def an_exercise_not_begun(x):
    # YOUR CODE HERE
    raise NotImplementedError()


@stranger("softmax", "form", "FORM: method of an array")
def methods_of_a_tensor_on_an_array(x):
    x_exp = x.exp()
    return x_exp / x_exp.sum(1, keepdim=True)


@stranger("softmax", "wrong", "NEW: a name that is used and never set", "FORM: never set")
def a_typing_slip(z):
    z = z - np.max(z, axis=1, keepdims=True)
    total = np.sum(np.exp(z), axis=1, keepdims=True)  # noqa: F841
    return np.exp(z) / totl  # noqa: F821


@stranger("softmax", "careful", "FORM: one example")
def a_vector_becomes_a_column(x):  # reshape(1, -1) was meant: it gives ones for a vector
    if x.ndim == 1:
        x = x.reshape(-1, 1)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@stranger("softmax", "wrong", "NEW: the maximum of each column as the shift")
def maximum_over_the_examples(X):
    X = X - np.max(X, axis=0)
    return np.exp(X) / np.sum(np.exp(X), axis=1, keepdims=True)


@stranger("softmax", "wrong", "softmax-no-keepdims")
def both_keepdims_forgotten(scores):
    stable = np.exp(scores - np.max(scores, axis=1))
    return stable / np.sum(stable, axis=1)


@stranger("softmax", "wrong", "softmax-wrong-axis")
def first_axis_by_default(x, dim=0):
    x = x - x.max(axis=dim, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=dim, keepdims=True)


@stranger("softmax", "wrong", "softmax-integer-result")
def room_of_the_same_type(x):
    out = np.zeros_like(x)
    for i in range(len(x)):
        e = np.exp(x[i] - np.max(x[i]))
        out[i] = e / np.sum(e)
    return out


@stranger("softmax", "wrong", "softmax-no-shift")
def no_shift_but_a_guard(X):
    X_exp = np.exp(X)
    partition = X_exp.sum(1, keepdims=True) + 1e-8
    return X_exp / partition


@stranger("softmax", "wrong", "softmax-no-shift")
def counts_of_a_language_model(logits):
    counts = np.exp(logits)
    prob = counts * counts.sum(1, keepdims=True) ** -1
    return prob


@stranger("softmax", "wrong", "NEW: divided by the root of the sum of squares")
def divided_by_the_norm(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / np.linalg.norm(e, axis=1, keepdims=True)


@stranger("softmax", "wrong", "NEW: the sign of the logits turned round in the exponent")
def minus_in_the_exponent(x):
    e = np.exp(-(x - x.min(axis=1, keepdims=True)))
    return e / e.sum(axis=1, keepdims=True)


@stranger("softmax", "wrong", "NEW: rounded to three digits")
def rounded_for_the_report(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return np.round(e / e.sum(axis=1, keepdims=True), 3)


@stranger("softmax", "wrong", "softmax-wrong-axis", "layout", "NEW: the first axis longer than 1")
def axis_chosen_by_length(X, axis=None):
    y = np.atleast_2d(X)
    if axis is None:
        axis = next(j for j, n in enumerate(y.shape) if n > 1)
    y = y - np.expand_dims(np.max(y, axis=axis), axis)
    y = np.exp(y)
    p = y / np.expand_dims(np.sum(y, axis=axis), axis)
    return p.flatten() if X.ndim == 1 else p


@stranger("my_softmax", "wrong", "softmax-no-exponential")
def shares_of_the_scores(scores):
    return scores / np.sum(scores, axis=1, keepdims=True)


@stranger("softmax", "wrong", "softmax-as-sigmoids")
def logistic_activation_kept(z):
    return 1.0 / (1.0 + np.exp(-z))


@stranger("softmax", "wrong", "softmax-in-place")
def shifts_what_it_was_given(x):
    x -= np.max(x, axis=1, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis=1, keepdims=True)


@stranger("softmax", "wrong", "NEW: the class where probabilities belong")
def prediction_for_probabilities(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.argmax(e / e.sum(axis=1, keepdims=True), axis=1)


class SoftmaxLayer:
    """A layer of a network from scratch."""

    def forward(self, inputs, training=False):
        self.inputs = inputs
        exp_values = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = exp_values / np.sum(exp_values, axis=1, keepdims=True)
        return self.output


class Softmax:
    """A module that is called."""

    def __init__(self, dim=-1):
        self.dim = dim

    def __call__(self, x):
        e = np.exp(x - x.max(axis=self.dim, keepdims=True))
        self.out = e / e.sum(axis=self.dim, keepdims=True)
        return self.out


class Net:
    """A class of helpers."""

    def softmax(self, Z):
        return rows_of(Z)

    @staticmethod
    def log_softmax(Z):
        return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def softmax_along(x, dim):
    return np.exp(x - x.max(dim, keepdims=True)) / np.sum(
        np.exp(x - x.max(dim, keepdims=True)), axis=dim, keepdims=True
    )


stranger_as_it_is("forward_of_a_layer", SoftmaxLayer().forward, "right", kind="softmax")
stranger_as_it_is("module_that_is_called", Softmax(), "right")
stranger_as_it_is("method_of_an_object", Net().softmax, "right")
stranger_as_it_is("method_without_its_object", Net.softmax, "form", "FORM: method")
stranger_as_it_is("class_for_an_object", Softmax, "form", "FORM: method", kind="softmax")
stranger_as_it_is("layer_for_its_forward", SoftmaxLayer(), "form", "FORM: method", kind="softmax")
stranger_as_it_is("helper_of_a_class", Net.log_softmax, "wrong", "log-softmax-no-shift")
stranger_as_it_is(
    "last_dimension_by_partial", functools.partial(softmax_along, dim=1), "right", kind="softmax"
)


# --- temperature -------------------------------------------------------------------------------


@stranger("softmax_with_temperature", "wrong", "NEW: no shift, with a temperature")
def power_of_the_exponentials(logits, T):
    powers = np.exp(logits) ** (1 / T)
    return powers / powers.sum(axis=1, keepdims=True)


@stranger("tempered_softmax", "wrong", "temperature-upside-down")
def temperature_as_a_factor(q_values, temperature=1.0):
    z = q_values * temperature
    return rows_of(z)


@stranger("softmax_with_temperature", "right")
def preferences_over_tau(action_values, tau=1.0):
    preferences = action_values / tau
    max_preference = np.max(preferences, axis=1)
    exp_preferences = np.exp(preferences - max_preference.reshape((-1, 1)))
    return exp_preferences / np.sum(exp_preferences, axis=1).reshape((-1, 1))


@stranger("sample_probs", "form", "FORM: probabilities", kind="softmax_with_temperature")
def reweighted_distribution(preds, temperature=0.5):
    distribution = np.exp(np.log(preds) / temperature)
    return distribution / np.sum(distribution, axis=1, keepdims=True)


# --- one axis of an array, masks, attention ----------------------------------------------------


@stranger("softmax_nd", "right")
def softmax_of_any_axis(x, axis=-1):
    x = np.moveaxis(x, axis, -1)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.moveaxis(e / e.sum(axis=-1, keepdims=True), -1, axis)


@stranger("softmax_along_axis", "wrong", "NEW: the axis that is asked for is ignored")
def softmax_of_the_last_axis_only(x, axis):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@stranger("masked_softmax", "right")
def minus_infinity_where_masked(scores, mask):
    scores = np.where(mask, scores, -np.inf)
    return rows_of(scores)


@stranger("masked_softmax", "right")
def minus_a_billion_where_masked(X, mask):
    X = X.copy()
    X[~np.asarray(mask, dtype=bool)] = -1e9
    return rows_of(X)


@stranger("masked_softmax", "wrong", "NEW: masked after softmax, and the rows sum to less than 1")
def masked_afterwards(scores, mask):
    return rows_of(scores) * mask


@stranger("masked_softmax", "wrong", "NEW: masked scores set to 0, not to minus infinity")
def masked_by_a_product(scores, mask):
    return rows_of(scores * mask)


@stranger("masked_softmax", "wrong", "NEW: the mask's meaning turned round")
def masked_the_other_way(scores, mask):
    return rows_of(np.where(mask, -1e9, scores))


@stranger("attention_weights", "right")
def scaled_by_the_root(Q, K):
    d_k = K.shape[-1]
    scores = np.matmul(Q, np.swapaxes(K, -1, -2)) / math.sqrt(d_k)
    w = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return w / np.sum(w, axis=-1, keepdims=True)


@stranger("attention_weights", "wrong", "NEW: the scores are not divided by the root of d")
def dot_products_as_they_are(queries, keys):
    return rows_of(queries @ keys.T)


@stranger("attention_weights", "wrong", "NEW: divided by d, not by its root")
def scaled_by_the_width(Q, K):
    return rows_of(Q @ K.T / Q.shape[1])


@stranger(
    "attention", "wrong", "NEW: softmax over the queries, the wrong axis", kind="attention_weights"
)
def normalised_over_queries(q, k):
    att = q @ k.T * k.shape[-1] ** -0.5
    return columns_of(att)


@stranger("attention_weights", "wrong", "NEW: no shift, in attention weights")
def attention_without_a_shift(Q, K):
    scores = np.exp(np.dot(Q, K.T) / np.sqrt(Q.shape[-1]))
    return scores / scores.sum(axis=-1, keepdims=True)


# --- hardmax, one-hot, accuracy ----------------------------------------------------------------


@stranger("hardmax", "wrong", "hardmax-marks-all-ties")
def not_less_than_the_largest(Z):
    return (Z >= Z.max(axis=1, keepdims=True)) * 1


@stranger("hardmax", "wrong", "hardmax-marks-the-last-tie")
def best_so_far_with_or_equal(scores):
    out = np.zeros(scores.shape)
    for i, row in enumerate(scores):
        best = 0
        for j, s in enumerate(row):
            if s >= row[best]:
                best = j
        out[i, best] = 1
    return out


@stranger("hardmax", "right")
def marked_in_the_flat_array(Z):
    m, C = Z.shape
    out = np.zeros(m * C)
    out[np.arange(m) * C + np.argmax(Z, axis=1)] = 1.0
    return out.reshape(m, C)


@stranger("convert_to_one_hot", "right", kind="one_hot", layout="columns")
def eye_of_the_course(Y, C):
    Y = np.eye(C)[np.array(Y).reshape(-1)].T
    return Y


@stranger("one_hot_encode", "wrong", "NEW: a 1 in every column that is a label", kind="one_hot")
def colon_for_arange(y, num_classes):
    out = np.zeros((len(y), num_classes))
    out[:, y] = 1
    return out


@stranger("one_hot", "wrong", "one-hot-in-columns")
def classes_down_examples_across(Y, n_classes):
    one_hot_Y = np.zeros((n_classes, Y.size))
    one_hot_Y[Y, np.arange(Y.size)] = 1
    return one_hot_Y


@stranger("to_categorical", "right", kind="one_hot")
def as_a_framework_names_it(y, num_classes=None):
    y = np.asarray(y, dtype=int).ravel()
    if not num_classes:
        num_classes = np.max(y) + 1
    categorical = np.zeros((y.shape[0], num_classes), dtype="float32")
    categorical[np.arange(y.shape[0]), y] = 1
    return categorical


@stranger("accuracy", "right")
def hits_counted_by_sum(scores, y):
    y_pred = scores.argmax(1)
    return float(sum(y_pred == y)) / y.shape[0]


@stranger("accuracy", "wrong", "accuracy-as-count")
def number_of_correct_predictions(y_hat, y):
    if len(y_hat.shape) > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    cmp = y_hat.astype(y.dtype) == y
    return float(cmp.astype(y.dtype).sum())


@stranger("evaluate", "wrong", "accuracy-wrong-axis", kind="accuracy")
def columns_of_another_course(AL, y):
    return np.mean(np.argmax(AL, axis=0) == y)


@stranger("accuracy_score", "right")
def share_of_true_predictions(y_true, y_pred):
    return np.mean(y_true == y_pred)


@stranger("accuracy_metric", "wrong", "NEW: per cent, of labels", kind="accuracy_of_labels")
def correct_in_per_cent(actual, predicted):
    correct = 0
    for i in range(len(actual)):
        if actual[i] == predicted[i]:
            correct += 1
    return correct / float(len(actual)) * 100.0


@stranger(
    "accuracy",
    "wrong",
    "accuracy-of-misses",
    "NEW: the share of misses, of labels",
    kind="accuracy_of_labels",
)
def error_for_accuracy(predicted, y):
    return np.mean(predicted != y)


# --- log-softmax and log-sum-exp ---------------------------------------------------------------


@stranger("log_softmax", "right")
def as_a_scientific_library_does(x, axis=-1):
    x_max = np.amax(x, axis=axis, keepdims=True)
    tmp = x - x_max
    with np.errstate(divide="ignore"):
        out = np.log(np.sum(np.exp(tmp), axis=axis, keepdims=True))
    return tmp - out


@stranger("log_softmax", "wrong", "log-softmax-no-shift", "log-softmax-of-softmax")
def quotient_then_logarithm(x):
    return np.log(np.exp(x) / (np.exp(x).sum(-1, keepdims=True)))


@stranger("log_softmax", "wrong", "log-softmax-of-softmax")
def logarithm_of_a_layer(z):
    return np.log(rows_of(z))


@stranger("log_softmax", "wrong", "NEW: the sign of log-softmax")
def positive_surprisals(z):
    c = z.max(axis=1, keepdims=True)
    return np.log(np.exp(z - c).sum(axis=1, keepdims=True)) + c - z


@stranger("log_softmax", "wrong", "log-softmax-wrong-axis")
def log_of_columns(z):
    z = z - z.max(axis=0, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=0, keepdims=True))


@stranger("logsumexp", "right", layout="vector")
def lse_of_a_vector(x):
    c = x.max()
    return c + np.log(np.sum(np.exp(x - c)))


@stranger("logsumexp", "wrong", "NEW: the shift is subtracted where it should be added back")
def shift_subtracted_twice(x):
    c = np.max(x, axis=1)
    return np.log(np.sum(np.exp(x - c[:, None]), axis=1)) - c


@stranger("log_sum_exp", "wrong", "logsumexp-no-shift")
def tag_scores(vec):
    return np.log(np.exp(vec).sum(-1))


# --- sigmoid and slopes ------------------------------------------------------------------------


@stranger("sigmoid", "right")
def sigmoid_by_tanh(x):
    return 0.5 * (1 + np.tanh(0.5 * x))


@stranger("sigmoid", "form", "FORM: one example", "FORM: method of an array")
def sigmoid_of_one_number(x):
    return 1 / (1 + math.exp(-x))


@stranger("sigmoid", "form", "FORM: pair")
def activation_and_cache(Z):
    A = 1 / (1 + np.exp(-Z))
    cache = Z
    return A, cache


@stranger("sigmoid", "wrong", "sigmoid-no-brackets")
def one_over_one_plus(x):
    return 1 / 1 + np.exp(-x)


@stranger("sigmoid_derivative", "right")
def slope_by_the_sigmoid(x):
    s = 1 / (1 + np.exp(-x))
    ds = s * (1 - s)
    return ds


@stranger("d_sigmoid", "right")
def slope_by_a_product_of_two(z):
    return 1 / ((1 + np.exp(-z)) * (1 + np.exp(z)))


@stranger(
    "sigmoid_derivative", "form", "FORM: of the activation", "NEW: z taken for the sigmoid of z"
)
def slope_of_the_output(x):
    return x * (1.0 - x)


@stranger("sigmoid_prime", "wrong", "NEW: 1 - z for 1 - sigmoid(z)")
def half_of_the_slope(z):
    return 1 / (1 + np.exp(-z)) * (1 - z)


@stranger("sigmoid_prime", "wrong", "NEW: nan for a large negative number, in the sigmoid's slope")
def slope_by_the_quotient_rule(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@stranger("tanh_derivative", "right")
def one_less_the_square(x):
    return 1 - np.tanh(x) ** 2


@stranger("dtanh", "right")
def one_over_cosh_squared(x):
    return 1 / np.cosh(x) ** 2


@stranger("tanh_prime", "wrong", "NEW: the square is missing in the slope of tanh")
def square_forgotten(x):
    return 1 - np.tanh(x)


@stranger("relu_derivative", "right")
def ones_where_positive(x):
    return np.where(x > 0, 1.0, 0.0)


@stranger("ReLU_deriv", "right")
def a_comparison(Z):
    return Z > 0


@stranger("relu_prime", "wrong", "NEW: the caller's numbers are overwritten by the slope of ReLU")
def ones_and_zeros_put_in(x):
    x[x <= 0] = 0
    x[x > 0] = 1
    return x


@stranger(
    "relu_grad", "wrong", "NEW: ReLU's value for its slope, by itself", kind="relu_derivative"
)
def relu_itself(z):
    return np.maximum(0, z)


# --- Jacobian and softmax's way back -----------------------------------------------------------


@stranger("softmax_jacobian", "right")
def jacobian_by_broadcasting(z):
    p = np.exp(z - np.max(z))
    p /= p.sum()
    return p[:, None] * np.eye(len(p)) - p[:, None] * p[None, :]


@stranger("softmax_grad", "form", "FORM: probabilities", kind="softmax_jacobian")
def jacobian_of_a_finished_softmax(s):
    jacobian_m = np.diag(s)
    for i in range(len(jacobian_m)):
        for j in range(len(jacobian_m)):
            if i == j:
                jacobian_m[i][j] = s[i] * (1 - s[i])
            else:
                jacobian_m[i][j] = -s[i] * s[j]
    return jacobian_m


@stranger("softmax_derivative", "wrong", "jacobian-as-vector", kind="softmax_jacobian")
def slope_as_of_a_sigmoid(x):
    e = np.exp(x - np.max(x))
    s = e / e.sum()
    return s * (1 - s)


@stranger("softmax_jacobian", "form", "FORM: one example")
def jacobians_of_a_batch(Z):
    p = rows_of(Z)
    return np.einsum("ij,jk->ijk", p, np.eye(p.shape[1])) - np.einsum("ij,ik->ijk", p, p)


@stranger("softmax_backward", "right")
def product_less_its_share(probs, upstream):
    weighted = probs * upstream
    return weighted - probs * weighted.sum(axis=1, keepdims=True)


@stranger("softmax_backward", "right")
def one_jacobian_for_each_row(output, dvalues):
    dinputs = np.empty_like(dvalues, dtype=float)
    for index, (single_output, single_dvalues) in enumerate(zip(output, dvalues)):
        single_output = single_output.reshape(-1, 1)
        jacobian_matrix = np.diagflat(single_output) - np.dot(single_output, single_output.T)
        dinputs[index] = np.dot(jacobian_matrix, single_dvalues)
    return dinputs


@stranger("softmax_backward", "form", "FORM: order")
def upstream_comes_first(dout, out):
    return out * (dout - np.sum(out * dout, axis=-1, keepdims=True))


@stranger("softmax_backward", "wrong", "NEW: the diagonal of the Jacobian alone, on the way back")
def elementwise_on_the_way_back(probs, grad_output):
    return grad_output * probs * (1 - probs)


@stranger("softmax_backward", "wrong", "NEW: one sum for the whole batch, on softmax's way back")
def one_sum_on_the_way_back(probs, grad_output):
    return probs * (grad_output - np.sum(grad_output * probs))


# --- losses from probabilities -----------------------------------------------------------------


@stranger("cross_entropy", "wrong", "probs-loss-of-each")
def a_loss_for_each_example(y_hat, y):
    return -np.log(y_hat[range(len(y_hat)), y])


class CategoricalCrossentropy:
    """A loss of a network from scratch."""

    def forward(self, y_pred, y_true):
        samples = len(y_pred)
        y_pred_clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
        correct_confidences = y_pred_clipped[range(samples), y_true]
        return -np.log(correct_confidences)

    def calculate(self, output, y):
        return np.mean(self.forward(output, y))


stranger_as_it_is(
    "calculate_of_a_loss",
    CategoricalCrossentropy().calculate,
    "wrong",
    "probs-loss-clipped",
    kind="cross_entropy_from_probs",
)


@stranger("compute_cost", "wrong", "probs-loss-binary", layout="columns")
def logistic_cost_of_columns(AL, Y):
    m = Y.shape[1]
    cost = -1 / m * np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))
    return np.squeeze(cost)


@stranger("cross_entropy", "form", "FORM: one-hot", "probs-loss-clipped", "probs-loss-epsilon")
def clipped_and_guarded(predictions, targets, epsilon=1e-12):
    predictions = np.clip(predictions, epsilon, 1.0 - epsilon)
    N = predictions.shape[0]
    return -np.sum(targets * np.log(predictions + 1e-9)) / N


@stranger("cross_entropy", "form", "FORM: one example", "probs-loss-other-base")
def bits_between_two_distributions(p, q):
    return -sum(p[i] * math.log2(q[i]) for i in range(len(p)))


@stranger("data_loss", "right", kind="cross_entropy_from_probs")
def taken_from_the_flat_array(probs, y):
    m, C = probs.shape
    picked = probs.ravel().take(np.arange(m) * C + y)
    return (1 / m) * -np.sum(np.log(picked))


@stranger("cross_entropy_loss", "wrong", "probs-loss-of-winner")
def confidence_of_the_prediction(probs, y):
    confidence = np.max(probs, axis=1)
    return -np.mean(np.log(confidence))


@stranger("cross_entropy_loss", "wrong", "probs-loss-all-pairs")
def colon_where_rows_belong(probs, y):
    correct = probs[:, y]
    return np.mean(-np.log(correct))


@stranger("loss", "wrong", "probs-loss-sign", kind="cross_entropy_from_probs")
def likelihood_for_loss(Y_hat, Y):
    return np.mean(np.sum(Y * np.log(Y_hat), axis=1))


@stranger("focal_loss", "wrong", kind="cross_entropy_from_probs")
def hard_examples_weigh_more(probs, y, gamma=2.0):
    p_t = probs[np.arange(len(y)), y]
    return np.mean(-((1 - p_t) ** gamma) * np.log(p_t))


@stranger("loss", "wrong", "probs-loss-mean-squared", kind="cross_entropy_from_probs")
def mean_squared_error(Y_hat, Y):
    return np.average((Y - Y_hat) ** 2)


@stranger(
    "categorical_crossentropy", "form", "FORM: one-hot", "FORM: labels first", "probs-loss-of-each"
)
def framework_order_and_one_loss_each(y_true, y_pred):
    return -np.sum(y_true * np.log(y_pred), axis=-1)


@stranger("cross_entropy", "wrong", "probs-loss-log-of-mean")
def logarithm_after_the_mean(probs, y):
    return -np.log(np.mean(probs[range(len(y)), y]))


@stranger("nll_loss", "form", "FORM: log-probabilities", "probs-loss-as-log-probs")
def log_probabilities_wanted(input, target):
    return -input[range(target.shape[0]), target].mean()


@stranger("cross_entropy_from_probs", "right")
def logarithms_only_where_they_count(probs, y):
    Y = np.eye(probs.shape[1])[y].astype(bool)
    return np.log(1 / probs[Y]).sum() / len(probs)


@stranger("binary_cross_entropy", "right")
def yes_or_no_by_where(p, y):
    return np.where(y == 1, -np.log(p), -np.log(1 - p)).mean()


@stranger("bce_loss", "right", kind="binary_cross_entropy")
def formula_of_logistic_regression(y_hat, y):
    return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@stranger("binary_cross_entropy", "wrong", "NEW: the part of the zeros is missing")
def yes_without_no(p, y):
    return -np.mean(y * np.log(p))


@stranger("binary_cross_entropy", "wrong", "NEW: the minus sign is missing, of a yes-no loss")
def log_likelihood_of_coins(y_hat, y):
    return np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@stranger(
    "log_loss",
    "wrong",
    "NEW: a clip before the logarithm, of a yes-no loss",
    kind="binary_cross_entropy",
)
def coins_with_a_clip(p, y):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


@stranger("bce_with_logits", "right")
def stable_by_the_absolute_value(z, y):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@stranger(
    "sigmoid_cross_entropy_with_logits",
    "wrong",
    "NEW: the losses are not averaged, of yes-no logits",
    kind="binary_cross_entropy_from_logits",
)
def a_loss_for_each_logit(logits, labels):
    return np.maximum(logits, 0) - logits * labels + np.log(1 + np.exp(-abs(logits)))


@stranger(
    "binary_cross_entropy_from_logits",
    "wrong",
    "NEW: the logarithm of a finished sigmoid, inf for a confident mistake",
)
def sigmoid_and_then_its_logarithm(z, y):
    a = 1 / (1 + np.exp(-z))
    return -np.where(y > 0, np.log(a), np.log(1 - a)).mean()


# --- losses from logits ------------------------------------------------------------------------


@stranger("loss_fn", "wrong", "loss-no-shift", kind="cross_entropy")
def next_character_loss(logits, ys):
    counts = np.exp(logits)
    prob = counts / counts.sum(1, keepdims=True)
    return -np.log(prob[np.arange(ys.shape[0]), ys]).mean()


@stranger("cross_entropy", "right", kind="cross_entropy")
def labels_called_by_a_capital(logits, Yb):
    logit_maxes = logits.max(1, keepdims=True)
    norm_logits = logits - logit_maxes
    logprobs = norm_logits - np.log(np.exp(norm_logits).sum(1, keepdims=True))
    return -logprobs[range(len(Yb)), Yb].mean()


class CrossEntropyLoss:
    """A module with a way back."""

    def __call__(self, logits, target):
        shifted = logits - logits.max(axis=-1, keepdims=True)
        log_z = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        self.log_probs, self.target = shifted - log_z, target
        return -np.mean(self.log_probs[np.arange(len(target)), target])

    def backward(self):
        grad = np.exp(self.log_probs)
        grad[np.arange(len(self.target)), self.target] -= 1
        return grad / len(self.target)


stranger_as_it_is("module_of_a_loss", CrossEntropyLoss(), "right")


@stranger("loss", "wrong", "NEW: the hinge loss", kind="cross_entropy")
def hinge_of_another_classifier(scores, y):
    correct = scores[np.arange(len(y)), y][:, None]
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(len(y)), y] = 0
    return np.sum(margins) / len(y)


@stranger("softmax_loss", "wrong", "dlogits-no-mean", "FORM: pair")
def pair_with_the_gradient_of_the_sum(x, y):
    shifted = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = np.exp(log_probs)
    dx[np.arange(N), y] -= 1
    return loss, dx


@stranger(
    "svm_or_softmax_loss", "wrong", "NEW: one log-sum-exp for the whole batch", kind="cross_entropy"
)
def one_log_sum_for_all(f, y):
    f = f - np.max(f)
    return np.mean(-f[np.arange(len(y)), y] + np.log(np.sum(np.exp(f))))


@stranger("L_i", "form", "FORM: one example", "loss-no-shift-in-logsumexp", kind="cross_entropy")
def loss_of_one_row_of_scores(f, y):
    return -f[y] + np.log(sum(math.exp(score) for score in f))


@stranger(
    "cross_entropy_loss", "wrong", "NEW: the true class's logit as the shift", kind="cross_entropy"
)
def differences_to_the_true_class(Z, y):
    true = Z[np.arange(len(y)), y]
    return np.log(np.sum(np.exp(Z - true[:, np.newaxis]), axis=1)).mean()


@stranger("cross_entropy", "right", layout="vector", kind="cross_entropy")
def loss_of_a_vector_and_its_label(z, label):
    z = z - np.max(z)
    return np.log(np.exp(z).sum()) - z[label]


@stranger("cross_entropy_with_logits", "wrong", "loss-logits-as-log-probs", kind="cross_entropy")
def scores_taken_as_they_are(outputs, targets):
    return -outputs[np.arange(len(targets)), targets].mean()


@stranger("cross_entropy_with_logits", "wrong", "loss-wrong-axis", kind="cross_entropy")
def loss_normalised_over_the_batch(logits, y):
    p = columns_of(logits)
    return -np.log(p[np.arange(len(y)), y]).mean()


# --- a linear classifier's loss and gradient ---------------------------------------------------


@stranger("softmax_loss_naive", "right")
def loss_and_gradient_by_loops(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    num_train, num_classes = X.shape[0], W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        scores -= np.max(scores)
        p = np.exp(scores) / np.sum(np.exp(scores))
        loss += np.log(np.sum(np.exp(scores))) - scores[y[i]]
        for j in range(num_classes):
            dW[:, j] += (p[j] - (j == y[i])) * X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW


@stranger("softmax_loss_vectorized", "right")
def loss_and_gradient_with_half_a_penalty(W, X, y, reg):
    n = X.shape[0]
    f = X @ W
    f = f - f.max(axis=1, keepdims=True)
    log_p = f - np.log(np.exp(f).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(n), y].mean() + 0.5 * reg * np.sum(W**2)
    ds = np.exp(log_p)
    ds[np.arange(n), y] -= 1
    return loss, X.T.dot(ds) / n + reg * W


@stranger(
    "softmax_loss_vectorized", "wrong", "NEW: the penalty's gradient is half of what the loss says"
)
def penalty_without_its_two(W, X, y, reg):
    n = X.shape[0]
    p = rows_of(X.dot(W))
    f = X @ W
    f -= f.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(f).sum(axis=1)) - f[range(n), y])
    p[range(n), y] -= 1
    return loss + reg * np.sum(W * W), X.T @ p / n + reg * W


@stranger("softmax_loss_vectorized", "wrong", "NEW: the gradient is not averaged, and the loss is")
def gradient_not_divided(W, X, y, reg):
    n = X.shape[0]
    f = X @ W
    f -= f.max(axis=1, keepdims=True)
    p = np.exp(f) / np.exp(f).sum(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(f).sum(axis=1)) - f[range(n), y]) + reg * np.sum(W * W)
    p[range(n), y] -= 1
    return loss, X.T @ p + 2 * reg * W


@stranger("softmax_loss_naive", "wrong", "NEW: no shift, in a linear classifier's loss")
def loss_and_gradient_without_a_shift(W, X, y, reg):
    scores = np.exp(np.dot(X, W))
    p = scores / np.sum(scores, axis=1, keepdims=True)
    loss = -np.sum(np.log(p[np.arange(len(y)), y])) / len(y) + reg * np.sum(W * W)
    p[np.arange(len(y)), y] -= 1
    return loss, np.dot(X.T, p) / len(y) + 2 * reg * W


# --- the gradient by the logits ----------------------------------------------------------------


@stranger("softmax_loss_backward", "right")
def gradient_of_a_finished_softmax(probs, y_true):
    samples = len(probs)
    if len(y_true.shape) == 2:
        y_true = np.argmax(y_true, axis=1)
    dinputs = probs.copy()
    dinputs[range(samples), y_true] -= 1
    return dinputs / samples


@stranger("logits_gradient_from_probs", "wrong", "NEW: 1/m is missing, from probabilities")
def output_less_target(y_hat, Y):
    return y_hat - Y


@stranger(
    "cross_entropy_derivative",
    "form",
    "FORM: probabilities",
    "dlogits-by-probs",
    kind="logits_gradient_from_probs",
)
def slope_by_the_probabilities(y_pred, Y):
    return -(Y / y_pred) / len(Y)


@stranger("dZ", "wrong", "dlogits-no-mean", layout="columns")
def activation_less_target(Z, Y):
    A = columns_of(Z)
    dZ = A - Y
    return dZ


@stranger("grad_logits", "wrong", "dlogits-all-pairs", kind="logits_gradient")
def one_subtracted_in_whole_columns(logits, y):
    probs = rows_of(logits)
    probs[:, y] -= 1
    return probs / len(y)


@stranger("compute_dZ", "wrong", "dlogits-sign", kind="logits_gradient")
def target_less_output(Z, Y):
    error = Y - rows_of(Z)
    return error / Y.shape[0]


@stranger("logits_gradient", "wrong")
def chain_rule_with_a_guard(Z, Y):  # 0 for a confident mistake
    P = rows_of(Z)
    upstream = -Y / (P + 1e-9) / len(Z)
    return P * (upstream - np.sum(P * upstream, axis=1, keepdims=True))


@stranger("logits_gradient", "right")
def difference_of_two_averages(Z, y):
    n, k = Z.shape
    target = np.zeros((n, k))
    for i in range(n):
        target[i][y[i]] = 1
    return rows_of(Z) / n - target / n


@stranger("softmax_cross_entropy_gradient", "right", kind="logits_gradient", layout="vector")
def probabilities_less_a_one(z, label):
    e = np.exp(z - z.max())
    g = e / e.sum()
    g[label] -= 1
    return g


@stranger("logits_gradient", "wrong", "dlogits-label-as-number")
def label_as_a_column(Z, y):
    return (rows_of(Z) - y.reshape(-1, 1)) / len(y)


# --- the gradient by the weights ---------------------------------------------------------------


@stranger(
    "propagate", "wrong", "dweights-bias-over-classes", kind="weight_gradient", layout="columns"
)
def bias_summed_along_the_other_axis(X, Z, Y):
    m = X.shape[1]
    dZ = columns_of(Z) - Y
    dW = 1 / m * np.dot(dZ, X.T)
    db = 1 / m * np.sum(dZ, axis=0, keepdims=True)
    return dW, db


@stranger("weight_gradient", "form", "FORM: dict")
def gradients_by_the_weights_names(X, Z, y):
    dscores = rows_of(Z)
    dscores[range(len(y)), y] -= 1
    dscores /= len(y)
    grads = {}
    grads["W"] = X.T.dot(dscores)
    grads["b"] = np.sum(dscores, axis=0)
    return grads


@stranger("weight_gradient", "wrong", "NEW: the label's number is subtracted, by the weights")
def labels_as_numbers(X, Z, y):
    error = (rows_of(Z) - y[:, None]) / len(y)
    return X.T @ error, error.sum(axis=0)


@stranger("weight_gradient", "wrong", "NEW: divided by the number of features, not of examples")
def wrong_side_of_the_shape(X, Z, Y):
    m = X.shape[1]
    dZ = (rows_of(Z) - Y) / m
    return np.dot(X.T, dZ), np.sum(dZ, axis=0)


@stranger("weight_gradient", "form", "FORM: bias")
def weights_alone(X, Z, y):
    G = rows_of(Z)
    G[np.arange(len(y)), y] -= 1
    return X.T @ (G / len(y))


@stranger("weight_gradient", "form", "FORM: order")
def labels_before_logits(X, y, Z):
    G = rows_of(Z)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    return X.T @ G, G.sum(axis=0)


@stranger("compute_gradient", "wrong", "dweights-sign", kind="weight_gradient")
def error_the_wrong_way_round(X, Z, Y):
    N = len(X)
    error = Y - rows_of(Z)
    return X.T @ error / N, np.mean(error, axis=0)


# --- steps and epochs --------------------------------------------------------------------------


@stranger("gradient_step", "form", "FORM: order")
def data_before_parameters(X, y, W, b, learning_rate):
    p = rows_of(X @ W + b)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    return W - learning_rate * X.T @ p, b - learning_rate * p.sum(axis=0)


@stranger("gradient_step", "form", "FORM: order")
def by_keywords_alone(*, X, y, W, b, learning_rate):
    p = rows_of(X @ W + b)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    return W - learning_rate * X.T @ p, b - learning_rate * p.sum(axis=0)


@stranger("gradient_step", "wrong", "step-of-the-sum", layout="columns")
def columns_not_averaged(w, b, X, Y, learning_rate):
    dZ = columns_of(np.dot(w, X) + b) - Y
    w = w - learning_rate * np.dot(dZ, X.T)
    b = b - learning_rate * np.sum(dZ, axis=1, keepdims=True)
    return w, b


@stranger("update", "wrong", "step-uphill", kind="gradient_step")
def plus_where_minus_belongs(W, b, X, y, alpha):
    p = rows_of(X @ W + b)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    W = W + alpha * X.T @ p
    b = b + alpha * p.sum(axis=0)
    return W, b


@stranger("gradient_step", "wrong")
def signs_of_the_gradient(W, b, X, y, lr):
    p = rows_of(X @ W + b)
    p[np.arange(len(y)), y] -= 1
    return W - lr * np.sign(X.T @ p), b - lr * np.sign(p.sum(axis=0))


@stranger("gradient_step", "wrong", "NEW: softmax along the wrong axis, in a step")
def step_normalised_over_the_batch(W, b, X, y, lr):
    p = columns_of(X @ W + b)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    return W - lr * X.T @ p, b - lr * p.sum(axis=0)


@stranger("gradient_step", "wrong", "step-without-bias")
def bias_returned_as_it_came(W, b, X, y, lr):
    p = rows_of(X @ W + b)
    p[np.arange(len(y)), y] -= 1
    return W - lr * X.T @ p / len(y), b


@stranger("step", "wrong", "penalty-doubled", kind="gradient_step_with_l2")
def penalty_with_its_two(W, b, X, y, lr, reg):
    p = rows_of(X @ W + b)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    dW = X.T @ p + 2 * reg * W
    return W - lr * dW, b - lr * p.sum(axis=0)


@stranger("sgd_epoch", "right")
def batches_by_a_range(W, b, X, y, learning_rate, batch_size):
    for start in range(0, len(X), batch_size):
        xb, yb = X[start : start + batch_size], y[start : start + batch_size]
        p = rows_of(xb @ W + b)
        p[np.arange(len(yb)), yb] -= 1
        p /= len(yb)
        W = W - learning_rate * (xb.T @ p)
        b = b - learning_rate * p.sum(axis=0)
    return W, b


@stranger("train_epoch", "wrong", "NEW: the last, smaller batch is left out")
def whole_batches_only(W, b, X, y, lr, bs):
    for i in range(len(X) // bs):
        xb, yb = X[i * bs : (i + 1) * bs], y[i * bs : (i + 1) * bs]
        p = rows_of(xb @ W + b)
        p[np.arange(bs), yb] -= 1
        W, b = W - lr * (xb.T @ p) / bs, b - lr * p.sum(axis=0) / bs
    return W, b


@stranger(
    "epoch",
    "wrong",
    "NEW: the last batch is divided by the batch size, not by its length",
    kind="descent_epoch",
)
def last_batch_divided_by_the_full_size(W, b, X, y, lr, batch_size):
    for i in range(0, X.shape[0], batch_size):
        xb, yb = X[i : i + batch_size], y[i : i + batch_size]
        p = rows_of(xb @ W + b)
        p[range(len(yb)), yb] -= 1
        p /= batch_size
        W, b = W - lr * xb.T @ p, b - lr * p.sum(0)
    return W, b


@stranger("sgd_epoch", "form", "FORM: in place")
def epoch_in_place(W, b, X, y, lr, batch_size):
    n = len(X)
    for i in range((n - 1) // batch_size + 1):
        xb, yb = X[i * batch_size : (i + 1) * batch_size], y[i * batch_size : (i + 1) * batch_size]
        p = rows_of(xb @ W + b)
        p[range(len(yb)), yb] -= 1
        p /= len(yb)
        W -= lr * xb.T @ p
        b -= lr * p.sum(axis=0)


# --- networks ----------------------------------------------------------------------------------


@stranger("backward_propagation", "form", "FORM: dict", kind="network_gradients", layout="columns")
def dictionary_of_the_course(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = np.dot(W1, X) + b1
    A1 = np.maximum(0, Z1)
    dZ2 = columns_of(np.dot(W2, A1) + b2) - Y
    dZ1 = np.dot(W2.T, dZ2)
    dZ1[Z1 <= 0] = 0
    return {
        "dW1": np.dot(dZ1, X.T) / m,
        "db1": np.sum(dZ1, axis=1, keepdims=True) / m,
        "dW2": np.dot(dZ2, A1.T) / m,
        "db2": np.sum(dZ2, axis=1, keepdims=True) / m,
    }


@stranger("two_layer_gradients", "form", "FORM: dict", kind="network_gradients")
def dictionary_by_the_weights_names(X, y, W1, b1, W2, b2):
    h1 = np.maximum(X.dot(W1) + b1, 0)
    dscores = rows_of(h1.dot(W2) + b2)
    dscores[range(len(y)), y] -= 1
    dscores /= len(y)
    grads = {"W2": h1.T.dot(dscores), "b2": dscores.sum(axis=0)}
    dh1 = dscores.dot(W2.T) * (h1 > 0)
    grads["W1"], grads["b1"] = X.T.dot(dh1), dh1.sum(axis=0)
    return grads


@stranger("backward_prop", "form", "FORM: signature", kind="network_gradients", layout="columns")
def values_of_the_way_forward_wanted(Z1, A1, Z2, A2, W1, W2, X, Y):
    m = Y.shape[1]
    dZ2 = A2 - Y
    dW2 = 1 / m * dZ2.dot(A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = W2.T.dot(dZ2) * (Z1 > 0)
    dW1 = 1 / m * dZ1.dot(X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2


@stranger("backprop", "wrong", "network-no-mask", kind="network_gradients")
def masked_where_relu_is_negative(X, y, W1, b1, W2, b2):  # ReLU's value is never negative
    hidden = np.maximum(0, X @ W1 + b1)
    dscores = rows_of(hidden @ W2 + b2)
    dscores[range(len(y)), y] -= 1
    dscores /= len(y)
    dhidden = dscores @ W2.T
    dhidden[hidden < 0] = 0
    return X.T @ dhidden, dhidden.sum(axis=0), hidden.T @ dscores, dscores.sum(axis=0)


@stranger(
    "backprop",
    "wrong",
    "NEW: the hidden biases are summed over the units",
    kind="network_gradients",
)
def hidden_bias_along_the_other_axis(X, y, W1, b1, W2, b2):
    a1 = np.maximum(0, X @ W1 + b1)
    delta2 = rows_of(a1 @ W2 + b2)
    delta2[range(len(y)), y] -= 1
    delta2 /= len(y)
    delta1 = delta2 @ W2.T * (a1 > 0)
    return X.T @ delta1, delta1.sum(axis=1), a1.T @ delta2, delta2.sum(axis=0)


@stranger("backprop", "form", "FORM: activation", kind="network_gradients")
def leaky_in_the_middle(X, y, W1, b1, W2, b2):
    z1 = X @ W1 + b1
    a1 = np.where(z1 > 0, z1, 0.01 * z1)
    delta = rows_of(a1 @ W2 + b2)
    delta[range(len(y)), y] -= 1
    delta /= len(y)
    delta1 = delta @ W2.T * np.where(z1 > 0, 1, 0.01)
    return X.T @ delta1, delta1.sum(axis=0), a1.T @ delta, delta.sum(axis=0)


@stranger("backprop", "wrong", kind="network_gradients")
def slope_of_tanh_before_tanh(X, y, W1, b1, W2, b2):
    z1 = X @ W1 + b1
    a1 = np.tanh(z1)
    delta3 = rows_of(a1 @ W2 + b2)
    delta3[range(len(y)), y] -= 1
    delta3 /= len(y)
    delta2 = delta3 @ W2.T * (1 - np.power(z1, 2))
    return X.T @ delta2, delta2.sum(axis=0), a1.T @ delta3, delta3.sum(axis=0)


@stranger("backprop", "form", "FORM: bias", "FORM: signature", kind="network_gradients")
def no_biases_at_all(X, y, W1, W2):
    h = np.maximum(X @ W1, 0)
    d = rows_of(h @ W2)
    d[range(len(y)), y] -= 1
    d /= len(y)
    return X.T @ (d @ W2.T * (h > 0)), h.T @ d


class Linear:
    """A layer with its gradients."""

    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad):
        self.dW, self.db = self.x.T @ grad, grad.sum(axis=0)
        return grad @ self.W.T


class ReLU:
    """A layer without weights."""

    def __call__(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, grad):
        return grad * self.mask


@stranger("backward_pass", "right", kind="network_gradients")
def layers_one_after_another(X, y, W1, b1, W2, b2):
    layers = [Linear(W1, b1), ReLU(), Linear(W2, b2)]
    out = X
    for layer in layers:
        out = layer(out)
    loss = CrossEntropyLoss()
    loss(out, y)
    grad = loss.backward()
    for layer in reversed(layers):
        grad = layer.backward(grad)
    return layers[0].dW, layers[0].db, layers[2].dW, layers[2].db


@stranger(
    "backward_propagation",
    "wrong",
    "network-extra-slope",
    kind="network_gradients",
    layout="columns",
)
def slope_of_the_last_layer_once_more(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)
    A2 = columns_of(W2 @ A1 + b2)
    dZ2 = (A2 - Y) * A2 * (1 - A2)
    dZ1 = W2.T @ dZ2 * (Z1 > 0)
    return (
        dZ1 @ X.T / m,
        dZ1.sum(axis=1, keepdims=True) / m,
        dZ2 @ A1.T / m,
        dZ2.sum(axis=1, keepdims=True) / m,
    )


@stranger("backprop", "wrong", "NEW: no shift, in a network", kind="network_gradients")
def network_without_a_shift(X, y, W1, b1, W2, b2):
    a1 = np.maximum(0, X @ W1 + b1)
    exp_scores = np.exp(a1 @ W2 + b2)
    delta = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    delta[range(len(y)), y] -= 1
    delta /= len(y)
    delta1 = delta @ W2.T * (a1 > 0)
    return X.T @ delta1, delta1.sum(axis=0), a1.T @ delta, delta.sum(axis=0)


@stranger(
    "backprop",
    "wrong",
    "NEW: returned in another order, the last layer first",
    "FORM: order",
    kind="network_gradients",
)
def last_layer_first(X, y, W1, b1, W2, b2):
    a1 = np.maximum(0, X @ W1 + b1)
    delta = rows_of(a1 @ W2 + b2)
    delta[range(len(y)), y] -= 1
    delta /= len(y)
    delta1 = delta @ W2.T * (a1 > 0)
    return a1.T @ delta, delta.sum(axis=0), X.T @ delta1, delta1.sum(axis=0)


# --- a numerical gradient ----------------------------------------------------------------------


@stranger("eval_numerical_gradient", "right")
def one_entry_at_a_time(f, x, h=1e-5):
    grad = np.zeros_like(x, dtype=float)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / (2 * h)
        it.iternext()
    return grad


@stranger("numerical_gradient", "wrong", "NEW: divided by h where 2h belongs")
def twice_the_slope(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        grad[i] = (f(x + e) - f(x - e)) / h
    return grad


@stranger("numerical_gradient", "wrong", "NEW: an entry is not put back before the next one moves")
def never_put_back(f, x):
    x, h = x.astype(float), 1e-2
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        grad[i] = (above - f(x)) / (2 * h)
    return grad


@stranger("numerical_gradient", "wrong", "NEW: all entries are moved together")
def one_number_for_all_slopes(f, x):
    h = 1e-5
    return (f(x + h) - f(x - h)) / (2 * h) * np.ones_like(x)
