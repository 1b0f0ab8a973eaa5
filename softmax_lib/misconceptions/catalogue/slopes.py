"""The catalogue's wrong versions of the slopes of sigmoid, tanh and ReLU, and of softmax's."""

from __future__ import annotations

import numpy as np

from ...activations import sigmoid
from ..mistake import mistake

CHAIN = ("prerequisites", "The chain rule")
BACK = ("07-network", "Back through both layers")
JACOBIAN = ("03-cross-entropy", "Through the Jacobian of softmax")
SMALL_STEP = ("03-cross-entropy", "Further: how small is a small step?")
OVERFLOW = ("01-softmax-vs-hardmax", "Overflow, and the shift that cures it")
SHAPES = ("prerequisites", "NumPy: shapes, broadcasting, keepdims")
WHAT_GOES_WRONG = ("01-softmax-vs-hardmax", "What goes wrong")


@mistake(
    "sigmoid_derivative",
    "z taken for the sigmoid of z",
    symptom="negative slopes; right only for one who passes the activation",
    message="it is z(1 - z), which is the slope for one who passes σ(z). Here z itself is "
    "passed: take the sigmoid first, then σ(1 - σ).",
    see=CHAIN,
)
def sigmoid_slope_of_activation(z):
    return z * (1 - z)


@mistake(
    "sigmoid_derivative",
    "1 - z for 1 - σ(z)",
    symptom="right at z = 0.5 or so, and slopes that grow without end where z is very negative",
    message="it is σ(z)(1 - z): the second factor takes z itself. The slope is σ(1 - σ): keep the "
    "sigmoid in a = sigmoid(z), and return a * (1 - a).",
    see=CHAIN,
)
def sigmoid_slope_one_less_z(z):
    return sigmoid(z) * (1 - z)


@mistake(
    "sigmoid_derivative",
    "the sigmoid itself",
    symptom="slopes up to 1, where a sigmoid is never steeper than 1/4",
    message="this is the value of the sigmoid. Its slope is σ(1 - σ), which is 1/4 at 0 and "
    "almost 0 on both sides.",
    see=CHAIN,
)
def sigmoid_slope_value(z):
    return sigmoid(z)


@mistake(
    "sigmoid_derivative",
    "the second factor is missing its 1",
    symptom="negative slopes",
    message="it is -σ² or σ², not σ(1 - σ): the 1 is missing in the second factor.",
    see=CHAIN,
    variants=({}, {"sign": -1}),
)
def sigmoid_slope_squared(z, sign=1):
    return sign * sigmoid(z) ** 2


@mistake(
    "sigmoid_derivative",
    "the slope of a hyperbolic tangent",
    symptom="a slope of 1 at 0, where 1/4 is due",
    message="1 - σ² belongs to the hyperbolic tangent. The slope of the sigmoid is σ(1 - σ).",
    see=CHAIN,
)
def sigmoid_slope_as_tanh(z):
    return 1 - sigmoid(z) ** 2


@mistake(
    "sigmoid_derivative",
    "one factor alone",
    symptom="a slope near 1 for very negative numbers",
    message="it is 1 - σ(z) alone, as exp(-z) / (1 + exp(-z)) is too: there the square is missing "
    "below the line. The slope is σ(z)(1 - σ(z)).",
    see=CHAIN,
    variants=({}, {"stable": False}),
)
def sigmoid_slope_one_factor(z, stable=True):
    if stable:
        return np.exp(-np.logaddexp(0, z))
    return np.exp(-z) / (1 + np.exp(-z))


@mistake(
    "sigmoid_derivative",
    "the sigmoid is applied once more",
    symptom="slopes between 0.2 and 0.25 everywhere",
    message="the sigmoid is applied twice: once to z and once more to σ(z). Once is meant.",
    see=CHAIN,
)
def sigmoid_slope_twice(z):
    a = sigmoid(sigmoid(z))
    return a * (1 - a)


@mistake(
    "sigmoid_derivative",
    "inf divided by inf",
    symptom="nan for large numbers, where the slope is 0",
    message="an exponential that overflowed stands above and below the line, and inf/inf is nan. "
    "Compute the sigmoid safely first, then σ(1 - σ).",
    see=OVERFLOW,
    variants=({}, {"sign": 1}),
)
def sigmoid_slope_overflow(z, sign=-1):
    exps = np.exp(sign * z)
    return exps / (1 + exps) ** 2


@mistake(
    "tanh_derivative",
    "z taken for the tanh of z",
    symptom="slopes far below 0; right only for one who passes the activation",
    message="it is 1 - z², which is the slope for one who passes tanh(z). Here z itself is "
    "passed: 1 - tanh(z)².",
    see=CHAIN,
)
def tanh_slope_of_activation(z):
    return 1 - z**2


@mistake(
    "tanh_derivative",
    "no square",
    symptom="slopes up to 2",
    message="it is 1 - tanh(z). The slope is 1 - tanh(z)², which is 1 at 0 and falls to both "
    "sides.",
    see=CHAIN,
)
def tanh_slope_no_square(z):
    return 1 - np.tanh(z)


@mistake(
    "tanh_derivative",
    "the square inside the brackets",
    symptom="slopes that are too large near 0, and far too small elsewhere",
    message="it is 1 - tanh(z²): the square stands inside the brackets. The hyperbolic tangent "
    "itself is squared: 1 - np.tanh(z) ** 2.",
    see=CHAIN,
)
def tanh_slope_square_inside(z):
    return 1 - np.tanh(z**2)


@mistake(
    "tanh_derivative",
    "the slope of a sigmoid",
    symptom="a slope of 0 at 0, and negative slopes",
    message="a(1 - a) belongs to the sigmoid. The slope of the hyperbolic tangent is 1 - a².",
    see=CHAIN,
)
def tanh_slope_as_sigmoid(z):
    a = np.tanh(z)
    return a * (1 - a)


@mistake(
    "tanh_derivative",
    "the hyperbolic tangent itself",
    symptom="a slope of 0 at 0, where 1 is due",
    message="this is the value of the hyperbolic tangent. Its slope is 1 - tanh(z)².",
    see=CHAIN,
)
def tanh_slope_value(z):
    return np.tanh(z)


@mistake(
    "tanh_derivative",
    "inf divided by inf",
    symptom="nan for large numbers, where the slope is 0",
    message="its exponentials overflow, and inf/inf is nan. np.tanh knows how to avoid that: "
    "1 - np.tanh(z)**2.",
    see=OVERFLOW,
)
def tanh_slope_overflow(z):
    a = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    return 1 - a**2


@mistake(
    "relu_derivative",
    "ReLU's value for its slope",
    symptom="slopes as large as z",
    message="this is the value of ReLU. Its slope is 1 where z is above 0, and 0 elsewhere.",
    see=BACK,
)
def relu_slope_value(z):
    return np.maximum(z, 0)


@mistake(
    "relu_derivative",
    "z where a 1 belongs",
    symptom="negative numbers pass, numbers above 0 become 1",
    message="it sets what is above 0 to 1 and leaves the rest as it was. Where z is below 0 the "
    "slope is 0.",
    see=BACK,
)
def relu_slope_half_set(z):
    return np.where(z > 0, 1, z)


@mistake(
    "relu_derivative",
    "the two sides exchanged",
    symptom="only units that were cut off learn",
    message="it is 1 where z is below 0. ReLU lets through what is above 0: there its slope is 1.",
    see=BACK,
)
def relu_slope_exchanged(z):
    return np.where(z < 0, 1.0, 0.0)


@mistake(
    "relu_derivative",
    "the slope of a leaky ReLU",
    symptom="a small slope below 0, where 0 is due",
    message="below 0 it has a small slope, as a leaky ReLU has. The plain ReLU is flat there.",
    see=BACK,
    variants=({}, {"leak": 0.1}, {"leak": 0.2}, {"leak": 0.001}),
)
def relu_slope_leaky(z, leak=0.01):
    return np.where(z > 0, 1.0, leak)


@mistake(
    "relu_derivative",
    "the sign of z",
    symptom="a slope of -1 below 0",
    message="it is the sign of z, the slope of |z|. ReLU is flat below 0: its slope there is 0.",
    see=BACK,
)
def relu_slope_sign(z):
    return np.sign(z)


@mistake(
    "relu_derivative",
    "1 for every number",
    symptom="units that were cut off learn as well",
    message="it is 1 for every z. Where z is below 0, ReLU is flat and nothing may flow back.",
    see=BACK,
    is_one_number=True,
)
def relu_slope_ones(z):
    return np.ones(z.shape)


# --- back through softmax ----------------------------------------------------------------------


@mistake(
    "softmax_backward",
    "the diagonal of the Jacobian alone",
    symptom="rows that do not sum to 0",
    message="it multiplies with p(1 - p), the diagonal of the Jacobian. Every logit moves every "
    "probability: p (g - Σ p g), with g the gradient that comes in.",
    see=JACOBIAN,
)
def way_back_diagonal(probs, upstream):
    return upstream * probs * (1 - probs)


@mistake(
    "softmax_backward",
    "the Jacobian without the gradient that comes in",
    symptom="the same answer whatever comes in",
    message="the gradient that comes in does not occur. The chain rule multiplies it with the "
    "Jacobian: p (g - Σ p g).",
    see=JACOBIAN,
)
def way_back_alone(probs, upstream):
    return probs * (1 - probs)


@mistake(
    "softmax_backward",
    "the sum without its weights",
    symptom="rows that do not sum to 0",
    message="it takes the plain sum of the incoming gradient off. Each entry counts with its "
    "probability: Σ p g.",
    see=JACOBIAN,
)
def way_back_plain_sum(probs, upstream):
    return probs * (upstream - upstream.sum(axis=1, keepdims=True))


@mistake(
    "softmax_backward",
    "the sum is not taken off",
    symptom="raising all logits seems to matter; rows that do not sum to 0",
    message="it is p g alone. The probabilities share a sum of 1, so the weighted mean of g is "
    "taken off: p (g - Σ p g).",
    see=JACOBIAN,
)
def way_back_no_sum(probs, upstream):
    return probs * upstream


@mistake(
    "softmax_backward",
    "the factor in front is missing",
    symptom="rows that do not sum to 0",
    message="it takes the weighted mean off, and leaves it at that. Each entry is multiplied by "
    "its probability too: p (g - Σ p g).",
    see=JACOBIAN,
)
def way_back_mean_alone(probs, upstream):
    return upstream - (probs * upstream).sum(axis=1, keepdims=True)


@mistake(
    "softmax_backward",
    "one sum for the whole batch",
    symptom="right for one example, wrong in a batch",
    message="it sums over the whole batch. Each row has a sum of its own: axis=1, keepdims=True.",
    see=SHAPES,
)
def way_back_one_sum(probs, upstream):
    return probs * (upstream - (probs * upstream).sum())


@mistake(
    "softmax_backward",
    "no keepdims in the sum",
    symptom="an error about shapes, or silence when there are as many rows as classes",
    message="the sum has lost its axis, so NumPy lines it up with the classes and not with "
    "the rows. Pass keepdims=True to it.",
    see=SHAPES,
)
def way_back_no_keepdims(probs, upstream):
    return probs * (upstream - (probs * upstream).sum(axis=1))


@mistake(
    "softmax_backward",
    "summed along the wrong axis",
    symptom="columns that sum to 0, rows that do not",
    message="it sums over the examples. The probabilities of one example share a sum of 1, so "
    "the sum runs over its classes: axis=1.",
    see=WHAT_GOES_WRONG,
)
def way_back_wrong_axis(probs, upstream):
    return probs * (upstream - (probs * upstream).sum(axis=0))


@mistake(
    "softmax_backward",
    "softmax is applied to the probabilities",
    symptom="a gradient check that fails",
    message="it applies softmax to what are probabilities already. Use them as they are.",
    see=JACOBIAN,
)
def way_back_softmax_again(probs, upstream):
    exps = np.exp(probs)
    p = exps / exps.sum(axis=1, keepdims=True)
    return p * (upstream - (p * upstream).sum(axis=1, keepdims=True))


# --- finite differences ------------------------------------------------------------------------


@mistake(
    "numerical_gradient",
    "a step to one side only",
    symptom="differences that agree with the gradient to a few digits only",
    message="it compares f(x) with f(x + h), or with f(x - h). The error of that is as large as h; "
    "with a step to both sides, (f(x + h) - f(x - h)) / 2h, it is as small as h².",
    see=SMALL_STEP,
    variants=tuple(  # a step back is one to a side as well
        {"h": sign * h} for h in (1e-5, 1e-2, 1e-3, 1e-4, 1e-6, 1e-7, 1e-8) for sign in (1, -1)
    ),
)
def difference_to_one_side(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = h
        gradient[place] = (f(x + step) - f(x)) / h
    return gradient


@mistake(
    "numerical_gradient",
    "a step that is too small",
    symptom="slopes of 0, or noise in every digit",
    message="its step is so small that f(x + h) and f(x - h) agree in nearly all their digits, "
    "and what is left is rounding error. Take a step of about 1e-5.",
    see=SMALL_STEP,
    variants=tuple({"h": h, "back": back} for h in (1e-12, 1e-10, 1e-11, 1e-13) for back in (1, 0)),
)
def difference_too_small(f, x, h=1e-12, back=1):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = h
        gradient[place] = (f(x + step) - f(x - back * step)) / (h + back * h)
    return gradient


@mistake(
    "numerical_gradient",
    "divided by h, not by 2h",
    symptom="exactly twice the gradient",
    message="between x - h and x + h lie two steps. Divide by 2h.",
    see=SMALL_STEP,
)
def difference_over_h(f, x):
    h, gradient = 1e-5, np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = h
        gradient[place] = (f(x + step) - f(x - step)) / h
    return gradient


@mistake(
    "numerical_gradient",
    "brackets: divided by 2 and multiplied by h",
    symptom="slopes of almost 0",
    message="without brackets, / 2 * h divides by 2 and then multiplies by h. Write / (2 * h).",
    see=SMALL_STEP,
)
def difference_without_brackets(f, x):
    h, gradient = 1e-5, np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = h
        gradient[place] = (f(x + step) - f(x - step)) / 2 * h
    return gradient


@mistake(
    "numerical_gradient",
    "all entries are moved at once",
    symptom="the same slope everywhere: the sum of all",
    message="it moves all entries of x by h at once, which gives the sum of all slopes. Move one "
    "entry, and leave the others where they are.",
    see=SMALL_STEP,
)
def difference_of_all(f, x):
    h = 1e-5
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return np.full(x.shape, slope)


@mistake(
    "numerical_gradient",
    "an entry is not put back",
    symptom="right in the first entry, and less and less after it",
    message="it moves an entry and leaves it there while it moves the next. Put each back "
    "before the next is moved.",
    see=SMALL_STEP,
    # From x forwards; or from above downwards, as in a symmetric difference.
    variants=(
        {},
        *({"h": h} for h in (0.1, 0.01)),
        *({"h": -2 * h, "first": h} for h in (0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6)),
    ),
)
def difference_not_put_back(f, x, h=1e-3, first=0):
    moved, gradient = x.astype(float), np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        moved[place] += first
        start = f(moved)
        moved[place] += h
        gradient[place] = (f(moved) - start) / h
    return gradient


@mistake(
    "numerical_gradient",
    "a flat number as the index of a table",
    symptom="an error about an index, or rows that move together",
    message="x.size counts all numbers, and x[i] picks whole rows. Go through the places: "
    "for place in np.ndindex(x.shape).",
    see=SHAPES,
)
def difference_of_rows(f, x):
    h, gradient = 1e-5, np.zeros(x.shape)
    for i in range(x.size):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient
