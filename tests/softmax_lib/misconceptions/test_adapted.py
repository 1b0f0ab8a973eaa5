"""A function that takes several things in one, or in another way, is judged like any other."""

import numpy as np
import pytest

import softmax_lib as lib
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


def test_weights_come_in_a_list_too():
    def unpacked(params, X, y, lr):
        W, b = params
        return list(step_of_each(W, b, X, y, lr))

    def by_index(params, X, y, lr):
        return step_of_each(params[0], params[1], X, y, -lr)

    assert diagnosed(unpacked, "gradient_step").ok
    assert diagnosed(by_index, "gradient_step").id == "step-uphill"


class Layer:
    """Softmax, and the loss of what it gives."""

    def forward(self, x, t):
        self.probs, self.t = lib.softmax(x), t
        return lib.cross_entropy(x, t)

    def backward(self, dout=1):
        return dout * (self.probs - np.eye(self.probs.shape[1])[self.t]) / len(self.t)

    def gradient_of_a_sum(self):
        return self.backward() * len(self.t)


class Softmax:
    def forward(self, x):
        self.probs = lib.softmax(x)

    def backward(self, dout):
        return self.probs * (dout - (self.probs * dout).sum(axis=1, keepdims=True))

    def backward_by_the_diagonal(self, dout):
        return self.probs * (1 - self.probs) * dout


@pytest.mark.parametrize(
    ("method", "kind", "id"),
    [
        (Layer().backward, None, None),
        (Layer().gradient_of_a_sum, "logits_gradient", "dlogits-no-mean"),
        (Softmax().backward, "softmax_backward", None),
        (Softmax().backward_by_the_diagonal, "softmax_backward", "way-back-diagonal"),
    ],
)
def test_a_way_back_is_judged_after_the_way_there(method, kind, id):
    verdict = diagnosed(method, kind)
    assert verdict.id == id
    assert "after forward" in verdict.message


def test_what_needs_no_way_there_stays_as_it_is():
    class Net(Layer):
        def grad(self, x, t):
            return KINDS["logits_gradient"].truth(x, t)

        def predict(self, z):
            return lib.softmax(z)

    net = Net()
    assert adapted(net.grad, None) == net.grad
    assert adapted(net.predict, None) == net.predict


def test_attention_to_values_is_judged_by_its_weights():
    def attention(q, k, v, mask=None):
        weights = KINDS["attention_weights"].truth(q, k)
        return weights @ v, weights

    def scaled_dot_product_attention(Q, K, V):
        return lib.softmax(Q @ K.T) @ V

    def attention_of_heads(q, k, v):
        scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1])
        return lib.softmax(scores) @ v

    def unshifted(Q, K, V):
        exps = np.exp(Q @ K.T / np.sqrt(Q.shape[1]))
        return exps / exps.sum(axis=1, keepdims=True) @ V

    assert "with the unit matrix for V" in diagnosed(attention, "attention_weights").message
    assert diagnosed(attention, "attention_weights").ok
    assert diagnosed(scaled_dot_product_attention).id == "attention-unscaled"
    assert diagnosed(unshifted, "attention_weights").id == "attention-no-shift"
    assert "right for arrays of four axes" in diagnosed(attention_of_heads).message
