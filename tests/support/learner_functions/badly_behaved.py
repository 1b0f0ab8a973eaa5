"""Functions that raise, loop, print, or change their input or what everybody shares."""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import softmax_lib as lib

from .right import backprop, gradient_step, only_lists, weight_gradient_by_einsum


class Case(NamedTuple):
    function: Callable
    says: str  # a part of the verdict
    kind: str = "softmax"
    ok: bool = False


BADLY_BEHAVED: list[Case] = []


def badly_behaved(says, kind="softmax", ok=False):
    def keep(function):
        BADLY_BEHAVED.append(Case(function, says, kind, ok))
        return function

    return keep


class Awkward(Exception):
    def __str__(self):
        raise RuntimeError("no words for you")


class Unreadable:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array for you")

    def __len__(self):
        raise RuntimeError("no length for you")

    def __repr__(self):
        raise RuntimeError("no picture for you")


class UnreadableTuple(tuple):
    def __len__(self):
        raise RuntimeError("no length for you")

    def __iter__(self):
        raise RuntimeError("no parts for you")


class AlwaysEqual:
    def __eq__(self, other):
        return True

    __hash__ = None


class ManyLines:
    def __repr__(self):
        return "first line\n" * 1000


def raising(error):
    def softmax(Z):
        raise error

    return softmax


def returning(value):
    def softmax(*arguments):
        return value

    return softmax


BADLY_BEHAVED += [
    Case(raising(KeyError("row")), "It raised   KeyError: 'row'"),
    Case(raising(SystemExit("bye")), "It raised   SystemExit: bye"),
    Case(raising(KeyboardInterrupt()), "It raised   KeyboardInterrupt"),
    Case(raising(GeneratorExit()), "It raised   GeneratorExit"),
    Case(raising(StopIteration(3)), "It raised   StopIteration: 3"),
    Case(raising(MemoryError()), "It raised   MemoryError"),
    Case(raising(Awkward()), "It raised   Awkward"),
    Case(raising(ValueError("a line of a message\n" * 500)), "ValueError: a line of a message"),
    Case(raising(ValueError("long" * 2500)), "ValueError: longlong"),
    Case(raising(ValueError("first\rsecond\x0bthird")), "ValueError: first"),
    Case(raising(ExceptionGroup("both", [ValueError("a"), KeyError("b")])), "ExceptionGroup"),
    Case(returning(None), "It returns nothing"),
    Case(returning("0.27 0.73"), "return numbers; got something of type str"),
    Case(returning("text " * 1000), "return numbers; got something of type str"),
    Case(returning({"probs": [1.0]}), "return numbers; got something of type dict"),
    Case(returning([[1.0], [0.5, 0.5]]), "return numbers; got a list whose rows differ"),
    Case(returning([None]), "return numbers; got something of type list"),
    Case(returning(np.array(None)), "return numbers; got an array of dtype object"),
    Case(returning(np.ones((1, 4), complex)), "return numbers; got an array of dtype complex"),
    Case(returning(np.array([["1", "0", "0", "0"]])), "got an array of dtype <U1"),
    Case(returning(np.zeros((1, 4), "M8[s]")), "got an array of dtype datetime64"),
    Case(returning(np.array([object()] * 4)), "return numbers; got an array of dtype object"),
    Case(returning(np.broadcast_to(0.0, (10**6, 10**6))), "return"),
    Case(returning(np.zeros((0, 4))), "The shape is wrong"),
    Case(returning(10**400), "return numbers; got something of type int"),
    Case(returning(AlwaysEqual()), "got something of type AlwaysEqual"),
    Case(returning(Unreadable()), "got something of type Unreadable"),
    Case(returning(UnreadableTuple((1, 2))), "got something of type UnreadableTuple"),
    Case(returning(UnreadableTuple((1, 2))), "return 2 arrays: dW, db", "weight_gradient"),
    Case(returning(ManyLines()), "got something of type ManyLines"),
    Case(returning(object), "got something of type type"),
    Case(returning([print, np.exp, lambda: 0]), "got something of type list"),
    Case(returning(float("nan")), "Your answer nan"),
]


@badly_behaved("got something of type function")
def softmax_itself(Z):
    return softmax_itself


@badly_behaved("got something of type generator")
def softmax_by_yield(Z):
    yield from lib.softmax(Z)


@badly_behaved("Your answer [[nan, nan, nan, nan]]")
def softmax_nan(Z):
    return np.full(Z.shape, np.nan)


@badly_behaved("RecursionError")
def softmax_without_end(Z):
    return softmax_without_end(Z)


@badly_behaved("It prints its answer and returns nothing")
def softmax_printed(Z):
    print(lib.softmax(Z))


@badly_behaved("It also prints", ok=True)
def softmax_chatty(Z):
    print("Z =", Z)
    return lib.softmax(Z)


@badly_behaved("It also prints", ok=True)
def softmax_talks_for_a_megabyte(Z):
    for _ in range(16):
        print("x" * 2**16)
    return lib.softmax(Z)


@badly_behaved("right", ok=True)
def softmax_warns(Z):
    warnings.warn("a line\n" * 100, stacklevel=1)
    return lib.softmax(Z)


@badly_behaved("not right yet")
def softmax_warns_and_is_wrong(Z):
    warnings.warn("a line\n" * 100, stacklevel=1)
    return Z


@badly_behaved("RuntimeWarning: overflow encountered in exp")
def softmax_raises_its_warnings(Z):
    warnings.simplefilter("error")
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


@badly_behaved("FloatingPointError")
def softmax_sets_errors(Z):
    np.seterr(all="raise")
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


@badly_behaved("right", ok=True)
def softmax_seeds(Z):
    np.random.seed(0)  # noqa: NPY002
    return lib.softmax(Z)


@badly_behaved("Overflow, and the shift that cures it")
def softmax_replaces_stdout(Z):
    import sys

    sys.stdout = None
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


@badly_behaved("Afterwards  Z holds other numbers")
def softmax_overwrites(Z):
    probs = lib.softmax(Z)
    Z[:] = 7
    return probs


@badly_behaved("Afterwards  Z holds other numbers")
def softmax_overwrites_partly(Z):
    probs = lib.softmax(Z)
    Z[-1, -1] += 1
    return probs


@badly_behaved("Afterwards  Z holds other numbers")
def softmax_resizes(Z):
    probs = lib.softmax(Z)
    Z.resize((1, 1), refcheck=False)
    return probs


@badly_behaved("Afterwards  Z holds other numbers")
def softmax_overwrites_a_list(Z):
    only_lists(Z)
    probs = lib.softmax(Z)
    Z[0][0] = 7
    return probs


@badly_behaved("Afterwards  X holds other numbers", "gradient_step")
def gradient_step_scales_the_data(W, b, X, y, learning_rate):
    answer = gradient_step(W, b, X, y, learning_rate)
    X /= 10
    return answer


@badly_behaved("Afterwards  y holds other numbers", "cross_entropy")
def cross_entropy_renumbers(logits, y):
    loss = lib.cross_entropy(logits, y)
    y += 1
    return loss


@badly_behaved("It is called as softmax(Z)")
def softmax():
    return 1


@badly_behaved("It is called as softmax(Z)")
def softmax_of_three(a, b, c):
    return 1


@badly_behaved("It is called as softmax(Z)")
def softmax_by_keyword(*, Z):
    return lib.softmax(Z)


@badly_behaved("return 4 arrays: dW1, db1, dW2, db2", "network_gradients")
def network_gradients_three(X, y, W1, b1, W2, b2):
    return backprop(X, y, W1, b1, W2, b2)[:3]


@badly_behaved("right, as a dict", "weight_gradient", ok=True)
def weight_gradient_as_dict(X, Z, y):
    return dict(zip(("dW", "db"), weight_gradient_by_einsum(X, Z, y), strict=True))


@badly_behaved("It is called as gradient_step(W, b, X, y, learning_rate)", "gradient_step")
def gradient_step_of_two(W, b):
    return W, b


ENDLESS = []


def endless(function):
    ENDLESS.append(function)
    return function


@endless
def softmax_runs_for_ever(Z):
    while True:
        pass


@endless
def softmax_catches_everything(Z):
    while True:
        with contextlib.suppress(BaseException):
            while True:
                print("still here")


@endless
def softmax_sleeps(Z):
    time.sleep(5)


@endless
def softmax_hangs_on_the_last(Z):
    with contextlib.suppress(Exception):
        while Z.min() < -1999:
            pass
    return lib.softmax(Z)


@endless
def softmax_asks_for_verdicts(Z):
    while True:
        lib.diagnose(lib.softmax)
