"""A function of a dict of weights, or of keywords alone, is judged like any other."""

import numpy as np
import pytest

from softmax_lib.misconceptions.adapted import adapted
from softmax_lib.misconceptions.kinds import KINDS
from softmax_lib.misconceptions.which_kind import parameters_of
from tests.support.diagnoses import diagnosed

step_of_each = KINDS["gradient_step"].truth


def step(params, X, y, lr):
    return step_of_each(params["W"], params["b"], X, y, lr)


def step_by_keyword(X, y, *, lr, params):
    return step(params, X, y, lr)


def step_of_what_is_set(net, X, y, lr):
    net.W, net.b = step_of_each(net.W, net.b, X, y, lr)
    return net


def of_an_object(X, y, net, lr):
    return step_of_each(net.weights, net.bias, X, y, lr)


@pytest.mark.parametrize("function", [step, step_by_keyword, step_of_what_is_set, of_an_object])
def test_weights_come_by_key_or_as_attributes(function):
    verdict = diagnosed(function, "gradient_step")
    assert verdict.ok
    assert "with the weights in " in verdict.message


def test_the_number_of_other_parameters_tells_the_kind():
    assert diagnosed(step).kind == "gradient_step"
    assert diagnosed(lambda params, X, y: None, "network_gradients").id == "unknown"
    epoch = adapted(lambda model, X, y, lr, batch_size: None, None)
    assert list(parameters_of(epoch)) == ["W", "b", "X", "y", "lr", "batch_size"]


def test_what_takes_each_weight_stays_as_it_is():
    def gradients(X, y, W1, b1, W2, b2, params=None):
        return params

    assert adapted(gradients, "network_gradients") is gradients
    assert adapted(np.exp, None) is np.exp


def test_a_weight_that_is_not_there_is_an_error():
    verdict = diagnosed(lambda params, X, y, lr: params["W3"], "gradient_step")
    assert "KeyError: 'W3'" in verdict.message
    verdict = diagnosed(lambda params, X, y, lr: params.W3, "gradient_step")
    assert "the weights have no W3" in verdict.message


def test_keywords_come_in_the_order_of_the_names():
    def gradient_step(X, y, *, W, b, lr, verbose=False):
        return step_of_each(W, b, X, y, lr)

    verdict = diagnosed(gradient_step)
    assert (
        verdict.message == "gradient_step: right, by keyword, with the arguments in another order."
    )


def test_a_class_axis_may_be_a_keyword_too():
    def softmax(x, *, axis):
        exps = np.exp(x - x.max(axis=axis, keepdims=True))
        return exps / exps.sum(axis=axis, keepdims=True)

    assert diagnosed(softmax).ok
    assert diagnosed(softmax, "softmax_along_axis").ok


def test_attention_that_is_given_scores_is_a_softmax():
    def masked_attention_softmax(scores, keep):
        return KINDS["masked_softmax"].truth(scores, keep)

    assert diagnosed(masked_attention_softmax).ok


def test_settings_hold_a_learning_rate():
    def by_key(W, b, X, y, config):
        return step_of_each(W, b, X, y, config["lr"])

    def with_a_penalty(W, b, X, y, cfg):
        new_W, new_b = step_of_each(W, b, X, y, cfg.learning_rate)
        return new_W - cfg.learning_rate * cfg.weight_decay * W, new_b

    def uphill(W, b, X, y, opts):
        return step_of_each(W, b, X, y, -opts.get("eta", 0.1))

    def with_momentum(W, b, X, y, cfg):
        return step_of_each(W, b, X, y, cfg.momentum)

    assert (
        "with the rate in config, without a penalty" in diagnosed(by_key, "gradient_step").message
    )
    assert diagnosed(with_a_penalty, "gradient_step").ok
    assert diagnosed(uphill, "gradient_step").id == "step-uphill"
    assert "hold a learning rate alone" in diagnosed(with_momentum, "gradient_step").message


def test_epochs_beside_a_batch_size_are_one():
    def train(X, y, W, b, lr, epochs=10, batch_size=32):
        for _ in range(epochs):
            W, b = KINDS["descent_epoch"].truth(W, b, X, y, lr, batch_size)
        return W, b

    verdict = diagnosed(train)
    assert verdict.ok
    assert "with epochs = 1" in verdict.message
