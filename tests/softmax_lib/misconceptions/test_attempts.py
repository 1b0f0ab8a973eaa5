"""A sound function in a form of its own is judged in it, or told in one line what to change."""

import numpy as np
import pytest

import softmax_lib as lib
from softmax_lib.misconceptions import diagnose, examine
from softmax_lib.misconceptions.judge import PARTNERS
from softmax_lib.misconceptions.kinds import KINDS
from tests.support.diagnoses import diagnosed, ids, sample_of_entries, unspaced
from tests.support.learner_functions.forms import FORMS
from tests.support.learner_functions.right import RIGHT


@pytest.mark.parametrize("case", FORMS, ids=ids(FORMS))
def test_a_form_is_accepted_or_explained(case):
    verdict = diagnosed(case.function, case.kind, layout=case.layout)
    assert verdict.ok is case.ok
    assert unspaced(case.says) in unspaced(verdict.message)
    assert (verdict.id is None) is case.ok


@pytest.mark.parametrize("case", FORMS, ids=ids(FORMS))
def test_the_grader_keeps_the_documented_form(case):
    kind = case.kind or diagnose(case.function, layout=case.layout).kind
    if case.layout == "rows" and case.function.__name__ not in ("d_softmax", "softmax_along"):
        verdict = examine(case.function, kind, seed=3)
        assert verdict.ok is (case.function.__name__ == "cross_entropy_derivative")


def renamed(function, kind):
    """With targets that may be one-hot, and nothing else that a name tells."""
    if len(kind.arguments) == 2:
        return lambda a, targets: function(a, targets)
    names = ", ".join(name if name == "y" else f"{name}_" for name in kind.arguments)
    return eval(f"lambda {names}: function({names})", {"function": function})


@pytest.mark.slow
@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_form_makes_a_mistake_right(kind):
    for entry in sample_of_entries(8, kind.name):
        assert not diagnosed(renamed(entry.wrong, kind), kind.name).ok, entry.id


@pytest.mark.usefixtures("no_threads")
def test_a_pair_is_judged_in_both_parts():
    def both(scale_loss, scale_gradient):
        def softmax_loss(logits, y):
            loss, gradient = lib.cross_entropy_and_gradient(logits, y)
            return scale_loss(loss, len(y)), scale_gradient(gradient, len(y))

        return softmax_loss

    def same(value, m):
        return value

    def times_m(value, m):
        return value * m

    assert diagnosed(both(same, same)).ok
    assert diagnosed(both(same, times_m)).id == "dlogits-no-mean"
    assert diagnosed(both(times_m, same)).id == "loss-sum"
    assert set(PARTNERS.values()) == set(PARTNERS)


@pytest.mark.parametrize("case", RIGHT, ids=ids(RIGHT))
def test_what_is_right_is_right_in_the_documented_form(case):
    if case.layout == "rows" and case.named:
        first_line = diagnosed(case.function).message.splitlines()[0]
        assert "with one-hot targets" not in first_line
        assert "order" not in first_line


def test_a_transposed_answer_is_told_so():
    verdict = diagnosed(lambda Z: lib.softmax(Z).T, "softmax")
    assert (verdict.id, verdict.ok) == ("layout", False)
    assert (
        "It is right, and transposed: its rows come as columns. End it with .T" in verdict.message
    )


def test_one_example_is_no_batch():
    verdict = diagnosed(lambda z: np.exp(z) / np.exp(z).sum(), "softmax", layout="vector")
    assert verdict.candidates == ("softmax-no-shift",)


def test_a_branch_for_one_example_is_looked_at():
    def cross_entropy(probs, Y):
        if probs.ndim == 1:
            Y = Y.reshape(1, -1)
            probs = Y.reshape(1, -1)
        return -np.mean(np.log((probs * Y).sum(axis=1)))

    verdict = diagnosed(cross_entropy)
    assert verdict.ok
    assert "Careful: it takes a batch. For one example, as a vector, it gives 0, not 1.609." in (
        verdict.message.replace("\n", " ")
    )


def test_a_right_function_of_one_hot_y_is_right_with_a_caution():
    def cross_entropy(y, y_hat):
        return -np.log((y * y_hat).sum(axis=1)).mean()

    def gradient_step(W, b, X, y, lr):
        dZ = (lib.softmax(X @ W + b) - y) / len(X)
        return W - lr * X.T @ dZ, b - lr * dZ.sum(axis=0)

    def accuracy(y_hat, y):
        return (y_hat.argmax(axis=1) == y.argmax(axis=1)).mean()

    for function in (cross_entropy, gradient_step, accuracy):
        message = diagnosed(function).message
        assert "with one-hot targets." in message.replace("\n", " ")
        assert "Careful: it takes y one-hot. With labels, such as y = [1], it is wrong." in message


class Layer:
    def softmax(self, Z):
        return lib.softmax(Z)

    def forward(self, Z):
        return lib.softmax(Z)


def test_mistakes_are_named_of_labels_that_are_called_like_one_hot_rows():
    def back_prop(X, Y, W1, b1, W2, b2):
        dW1, db1, dW2, db2 = gradients_of_labels(X, Y, W1, b1, W2, b2)
        return dW1, db1.sum(), dW2, db2.sum()

    def gradients_of_labels(X, Y, *weights):
        assert Y.ndim == 1
        return KINDS["network_gradients"].truth(X, Y, *weights)

    assert diagnosed(back_prop).candidates == ("network-biases-of-everything",)


def test_methods_classes_and_layers_are_told_what_to_pass():
    assert diagnosed(Layer().softmax).ok
    assert "is a method without its object" in diagnosed(Layer.softmax).message
    assert "is a class. Pass an object" in diagnosed(Layer, "softmax").message
    with pytest.raises(TypeError, match=r"got Layer\. Pass its method: layer\.forward"):
        diagnosed(Layer(), "softmax")


def test_what_takes_no_logits_must_call_its_parameter_so():
    def weight_gradient(X, Z, y):
        dZ = (Z - np.eye(Z.shape[1])[y]) / len(y)
        return X.T @ dZ, dZ.sum(axis=0)

    def of_probs(X, probs, y):
        return weight_gradient(X, probs, y)

    def of_log_probs(log_probs, y):
        return -log_probs[np.arange(len(y)), y].mean()

    def of_logits(logits, y):
        return of_log_probs(logits, y)

    assert not diagnosed(weight_gradient)
    assert diagnosed(of_probs, "weight_gradient")
    assert diagnosed(of_log_probs, "cross_entropy")
    assert not diagnosed(of_logits, "cross_entropy")


def test_a_slope_may_be_multiplied_with_what_comes_from_above():
    assert diagnosed(lambda dA, Z: dA * (Z > 0), "relu_derivative")
    assert diagnosed(lambda z, grad: grad * (1 - np.tanh(z) ** 2), "tanh_derivative")
    assert not diagnosed(lambda dA, Z: dA * Z, "relu_derivative")


def many_steps(W, b, X, y, rate, count):
    for _ in range(count):
        W, b = KINDS["gradient_step"].truth(W, b, X, y, rate)
    return W, b


def test_a_loop_of_steps_with_all_examples_is_judged_as_one():
    def gradient_descent(X, y, W, b, learning_rate=0.1, num_iters=100):
        return many_steps(W, b, X, y, learning_rate, num_iters)

    def fit(W, b, X, y, lr, epochs):
        return many_steps(W, b, X, y, -lr, epochs)

    def train(W, X, y, lr, epochs):
        for _ in range(epochs):
            W, _b = KINDS["gradient_step"].truth(W, np.zeros(W.shape[1]), X, y, lr)
        return W

    def optimize(W, b, X, y, iterations, lr):
        return *many_steps(W, b, X, y, lr, iterations), [0.5] * iterations

    verdict = diagnosed(gradient_descent)
    assert verdict.ok
    assert unspaced("with all examples in each step") in unspaced(verdict.message)
    assert diagnosed(fit).id == "epoch-uphill"
    assert "right without biases" in diagnosed(train).message
    assert "W, b are right, and come with something besid" in diagnosed(optimize).message


def test_an_array_that_comes_back_at_every_call_is_a_caution():
    buffers = {}

    def softmax(Z):
        buffer = buffers.setdefault(Z.shape, np.empty(Z.shape))
        return lib.softmax(Z.astype(float), out=buffer)

    verdict = diagnosed(softmax)
    assert verdict.ok
    assert "gives the same array at every call" in verdict.message.replace("\n", " ")
    assert "the same array" not in diagnosed(lib.softmax, "softmax").message


def test_what_a_loop_of_steps_gets_wrong_is_told():
    def gradient_descent(X, y, W, b, lr, n_iters):
        for _ in range(n_iters):
            new_W, new_b = KINDS["gradient_step"].truth(W, b, X, y, lr)
            W[:], b[:] = new_W, new_b
        return W, b

    def train(W, b, X, y, lr, epochs):
        dW, db = KINDS["weight_gradient"].truth(X, X @ W + b, y)
        for _ in range(epochs):
            W, b = W - lr * dW, b - lr * db
        return W, b

    assert diagnosed(gradient_descent).id == "epoch-in-place"
    assert "takes the gradient of the first one" in diagnosed(train).message


def test_a_history_beside_the_weights_is_told_apart():
    def fit(W, b, X, y, lr, epochs):
        return *many_steps(W, b, X, y, lr, epochs), {"loss": [1.0] * epochs}

    def optimize(W, b, X, y, lr, epochs):
        W, b = many_steps(W, b, X, y, lr, epochs)
        return {"W": W, "b": b}, [1.0] * epochs

    for function in fit, optimize:
        assert "W, b are right, and come with" in diagnosed(function).message


def test_lengths_may_stand_for_a_mask():
    def masked_softmax(X, valid_lens):
        return KINDS["masked_softmax"].truth(X, np.arange(X.shape[1]) < valid_lens[:, np.newaxis])

    def with_zeros(X, valid_lens):
        return lib.softmax(X * (np.arange(X.shape[1]) < valid_lens[:, np.newaxis]))

    def off_by_one(X, lengths):
        return KINDS["masked_softmax"].truth(X, np.arange(X.shape[1]) <= lengths[:, np.newaxis])

    assert "right, with lengths for a mask" in diagnosed(masked_softmax).message
    assert diagnosed(off_by_one, "masked_softmax").id == "unknown"
    assert "masked-with-zero" in diagnosed(with_zeros, "masked_softmax").candidates


def test_a_step_by_given_gradients_is_told_what_is_judged():
    def update_parameters(parameters, grads, learning_rate):
        return {name: parameters[name] - learning_rate * grads[name] for name in parameters}

    verdict = diagnosed(update_parameters)
    assert verdict.id == "form"
    assert "A step from the data is judged: gradient_step(W, b, X," in verdict.message.replace(
        "\n", " "
    )
