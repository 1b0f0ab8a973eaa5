"""The name of a function tells its kind, or else its parameters do, or else it must be given."""

import functools

import numpy as np
import pytest

import softmax_lib as lib
from tests.support.diagnoses import diagnosed


def of_three_arguments(X, Z, y):
    return None


def named(name, function=lib.softmax):
    def renamed(*args, **options):
        return function(*args, **options)

    renamed.__name__ = name
    return renamed


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (named("my_softmax"), "softmax"),
        (named("stable_softmax_v2"), "softmax"),
        (named("SoftMax"), "softmax"),
        (named("soft_max"), "softmax"),
        (named("LogSoftmax"), "log_softmax"),
        (named("log_soft_max"), "log_softmax"),
        (named("my_log_sum_exp"), "logsumexp"),
        (named("softmax_temperature"), "softmax_with_temperature"),
        (named("softmax_jacobian_matrix"), "softmax_jacobian"),
        (named("cross_entropy_from_probs"), "cross_entropy_from_probs"),
        (named("oneHot"), "one_hot"),
        (named("myAccuracy"), "accuracy"),
        (named("HardMax"), "hardmax"),
        (named("backpropagation"), "network_gradients"),
        (named("update_parameters"), "gradient_step"),
        (named("compute_dZ"), "logits_gradient"),
        (of_three_arguments, "weight_gradient"),
        (functools.partial(lib.softmax, axis=1), "softmax"),
        (functools.partial(functools.partial(lib.log_softmax), axis=1), "log_softmax"),
        (lambda W, b, X, y, learning_rate: None, "gradient_step"),
        (lambda W, b, X, y, learning_rate, l2: None, "gradient_step_with_l2"),
        (lambda probs, y: None, "cross_entropy_from_probs"),
    ],
)
def test_names_and_parameters_tell_the_kind(function, kind):
    assert diagnosed(function).kind == kind


def test_a_parameter_with_a_default_is_tried_where_its_name_is_known():
    def softmax(Z, temperature=1.0):
        return lib.softmax(Z * temperature)

    assert diagnosed(softmax).id == "temperature-upside-down"

    def gradient_step(W, b, X, y, learning_rate=0.1, l2=0.0):
        return W, b

    assert diagnosed(gradient_step).kind == "gradient_step_with_l2"


def test_a_given_kind_wins_over_the_name():
    def softmax(Z):
        return lib.hardmax(Z)

    assert diagnosed(softmax, "hardmax").ok
    assert not diagnosed(softmax).ok


@pytest.mark.parametrize("function", [lambda Z: Z, lambda *a: a, named("f"), np.exp, dict])
def test_a_kind_that_cannot_be_told_must_be_given(function):
    with pytest.raises(ValueError, match="kind must be given: .* one of softmax, .*hardmax"):
        diagnosed(function)


@pytest.mark.parametrize("function", [None, 3, "softmax", np.ones(3)])
def test_what_cannot_be_called_is_refused(function):
    with pytest.raises(TypeError, match="function must be callable; got"):
        diagnosed(function, "softmax")


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("soft_max",), {}, "kind must be one of 'softmax', .*got 'soft_max'"),
        ((3,), {}, "kind must be one of 'softmax', .*got 3"),
        ((), {"layout": "cols"}, "layout must be one of 'rows', 'columns', 'vector'; got 'cols'"),
        ((), {"layout": None}, "layout must be one of 'rows', 'columns', 'vector'; got None"),
    ],
)
def test_a_wrong_kind_or_layout_is_refused(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        diagnosed(lib.softmax, *arguments, **options)


def test_names_that_are_no_names():
    def softmax(Z):
        return Z

    softmax.__name__ = softmax.__qualname__ = "softmax" * 100
    diagnosed(softmax)

    class Softmax:
        __name__ = 3

        def __call__(self, Z):
            return lib.softmax(Z)

    assert diagnosed(Softmax()).message == "Softmax: right."
