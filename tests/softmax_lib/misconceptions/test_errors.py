"""An error is explained in plain words, and says what to do."""

import math

import numpy as np
import pytest

import softmax_lib as lib
from tests.support.diagnoses import diagnosed


def product_that_does_not_fit(X, Z, y):
    dZ = lib.softmax(Z)
    return X @ dZ, dZ.sum(axis=0)


def old_product_that_does_not_fit(X, Z, y):
    dZ = lib.softmax(Z)
    return np.dot(X, dZ), dZ.sum(axis=0)


def misspelt(Z):
    total = np.exp(Z).sum()
    return Z / (total + totl)  # noqa: F821


def used_before_it_is_set(Z):
    total = total + 1  # noqa: F821
    return total


def no_import(Z):
    return numpy.exp(Z)  # noqa: F821


def not_begun(Z):
    raise NotImplementedError


def asks_an_array(Z):
    return Z if (Z > 0) else -Z


def math_of_an_array(Z):
    return math.exp(Z)


def fractions_into_whole_numbers(Z):
    if Z.dtype.kind == "i":
        Z -= 0.5
    return lib.softmax(Z)


def wants_a_tensor(Z):
    raise TypeError("softmax(): argument 'input' (position 1) must be Tensor, not numpy.ndarray")


def wants_jax(Z):
    raise TypeError("Argument '[[5.]]' of type <class 'list'> is not a valid JAX type")


def no_such_axis(Z):
    return Z[0].sum(axis=1)


def beyond_the_end(Z):
    return Z[7]


def no_such_method(Z):
    return np.asarray(Z).softmax()


def lost_axis(Z):
    return lib.softmax(Z) + 0 * Z.sum(axis=1)


def overflows(Z):
    return [[math.exp(z) / (math.exp(z) + 1) for z in row] for row in np.asarray(Z) + 800]


def refuses(Z):
    assert Z is None
    return Z


def told_to_raise(Z):
    with np.errstate(all="raise"):
        exps = np.exp(Z - Z.max(axis=1, keepdims=True))
        return exps / exps.sum(axis=1, keepdims=True)


def not_called(Z):
    return np.exp(Z - Z.max)


def the_function_not_called(Z):
    return math.exp(np.max)


def words_of_torch(Z):
    return Z.sum(dim=1, keepdim=True)


def no_return(Z):
    def shifted(row):
        row -= row.max()

    return [np.exp(shifted(row)) for row in Z]


def an_array_is_called(Z):
    return Z(0)


def loops_over_a_number(Z):
    return [Z[i] for i in len(Z)]


def a_list_computes(Z):
    return Z.tolist() - 1.0


def text_among_numbers(Z):
    return Z + "1"


def half_a_row(Z):
    return np.zeros((Z.shape[0], Z.shape[1] / 2))


def asks_the_keyboard(Z):
    raise EOFError("EOF when reading a line")


def helper_of_two(Z):
    return (lambda row, maximum: row)(Z)


def another_call(W, dW, learning_rate):
    return W - learning_rate * dW


def labels_in_a_column(logits, y):  # of a hundred examples, whatever is given
    return -lib.log_softmax(logits)[np.arange(100), y[:, 0]].mean()


def labels_in_a_row(logits, y):
    return lib.cross_entropy(logits, y) * y.shape[1]


def keywords_alone(**given):
    return lib.softmax(given["Z"])


sigmoid_of_numbers = np.vectorize(lambda number: 1 / (1 + math.exp(-number)))


class Layer:
    def forward(Z):
        return Z

    def backward(self, dout):
        return dout


@pytest.mark.parametrize(
    ("function", "kind", "says"),
    [
        (product_that_does_not_fit, "weight_gradient", "has 2 columns, but the right one 1 rows"),
        (product_that_does_not_fit, "weight_gradient", "transpose X"),
        (old_product_that_does_not_fit, "weight_gradient", "(1,2) by (1,2)"),
        (misspelt, "softmax", "totl is used and never set: a typing slip?"),
        (used_before_it_is_set, "softmax", "total is used before it is set"),
        (no_import, "softmax", "Import numpy first."),
        (not_begun, "softmax", "It is not begun yet."),
        (asks_an_array, "softmax", "Use np.where, np.maximum, or .max(axis=1"),
        (math_of_an_array, "softmax", "np.exp and np.log take whole arrays"),
        (fractions_into_whole_numbers, "softmax", "cannot take fractions in place"),
        (wants_a_tensor, "softmax", "lambda Z: f(torch.tensor(Z)).detach().numpy()"),
        (wants_jax, "softmax", "lambda Z: np.asarray(f(jnp.asarray(Z)))"),
        (
            no_such_axis,
            "softmax",
            "There is no axis 1 in an array with 1; they are counted from 0.",
        ),
        (beyond_the_end, "softmax", "Entry 7 of 1 does not exist"),
        (no_such_method, "softmax", "An array has no softmax."),
        (lost_axis, "softmax", "look at axis and keepdims"),
        (overflows, "softmax", "Subtract the maximum of the row first."),
        (not_called, "softmax", "Call it, as in Z.max(): with round brackets."),
        (the_function_not_called, "softmax", "Call it, as in Z.max(): with round brackets."),
        (words_of_torch, "softmax", "NumPy says axis and keepdims"),
        (no_return, "softmax", "Something there is None: a function without return"),
        (an_array_is_called, "softmax", "Square ones pick an entry"),
        (loops_over_a_number, "softmax", "range(n), or an array"),
        (a_list_computes, "softmax", "A list does not compute."),
        (text_among_numbers, "softmax", "There is a text among the numbers"),
        (half_a_row, "softmax", "A whole number is wanted there"),
        (asks_the_keyboard, "softmax", "It asks the keyboard."),
        (helper_of_two, "softmax", "called there with too many arguments, or too few"),
        (another_call, "gradient_step", "learning_rate), and takes (W, dW, learning_rate)."),
        (keywords_alone, "softmax", "called as softmax(Z), and takes (**given)."),
        (labels_in_a_column, "cross_entropy", "Labels are of shape (m,) here"),
        (labels_in_a_row, "cross_entropy", "That of a vector has one, shape[0]. Labels"),
        (Layer().forward, "softmax", "write (self, Z)."),
        (Layer().backward, "softmax_backward", "and takes (self, dout)."),
        (sigmoid_of_numbers, "sigmoid", "ask for the sign of z, so that no exponent is above 0."),
        (refuses, "softmax", "rounding errors do not pass: np.isclose lets them."),
        (told_to_raise, "softmax", 'as it should. NumPy is told to raise an error: take under="ig'),
    ],
)
def test_an_error_is_explained(function, kind, says):
    verdict = diagnosed(function, kind)
    assert verdict.id == "unknown"
    assert says in verdict.message.replace("\n", " ")
    assert '\nSee "' in verdict.message


def test_the_line_that_raised_it_is_shown():
    number = not_called.__code__.co_firstlineno + 1
    line = diagnosed(not_called, "softmax").message.splitlines()[3]
    assert line.split() == f"In line {number} return np.exp(Z - Z.max)".split()


def test_the_line_is_the_learners_own():
    lines = diagnosed(lambda Z: lib.softmax(Z.reshape(-1, 7)), "softmax").message.splitlines()
    assert "lambda Z: lib.softmax(Z.reshape(-1, 7))" in lines[3]
    assert "In line" not in diagnosed(Layer().forward, "softmax").message
    typed = eval("lambda Z: Z.exp()")
    assert "In line" not in diagnosed(typed, "softmax").message
