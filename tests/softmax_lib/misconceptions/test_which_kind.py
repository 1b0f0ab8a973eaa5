"""The name of a function tells its kind, or else its parameters do, or else it must be given."""

import functools

import numpy as np
import pytest

import softmax_lib as lib
from softmax_lib.misconceptions.kinds import KINDS
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
        (named("ReLU_deriv"), "relu_derivative"),
        (named("reluPrime"), "relu_derivative"),
        (named("dTanH"), "tanh_derivative"),
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


# Names that learners give a right function, by what it is.
NAMES = {
    "softmax": "stable_softmax compute_softmax np_softmax softmax_forward softmax_update",
    "log_softmax": "logsoftmax LogSoftmax stable_log_softmax log_soft_max",
    "logsumexp": "log_sum_exp lse LogSumExp",
    "sigmoid": "logistic Sigmoid sigmoid_activation",
    "softmax_jacobian": "softmax_derivative softmax_grad d_softmax dsoftmax softmax_prime jacobian",
    "one_hot": "onehot to_one_hot one_hot_encode to_categorical",
    "accuracy": "compute_accuracy acc accuracy_score",
    "cross_entropy": "loss cost softmax_loss loss_fn CrossEntropyLoss ce_loss nll cost_function",
    "cross_entropy_from_probs": "loss crossentropy compute_cost nll_loss cross_entropy_error ce",
    "logits_gradient": "gradient dloss delta_cross_entropy cross_entropy_derivative backward dZ "
    "softmax_cross_entropy_grad output_delta dlogits loss_derivative softmax_grad cost_derivative",
    "weight_gradient": "gradients backward backprop grad_W softmax_grad cost_gradient",
    "gradient_step": "step update sgd gradient_descent update_params train_step descend",
    "gradient_step_with_l2": "step sgd_with_decay train_step update_with_regularization",
    "network_gradients": "backprop backward back_prop gradients nn_gradients two_layer_grads",
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in NAMES for name in NAMES[kind].split()]
)
def test_a_right_function_is_right_under_many_names(kind, name):
    truth, parameters = KINDS[kind].truth, ", ".join(KINDS[kind].arguments)
    code = {"truth": truth}
    exec(f"def {name}({parameters}): return truth({parameters})", code)
    verdict = diagnosed(code[name])
    assert (verdict.ok, verdict.kind) == (True, kind)


@pytest.mark.parametrize(
    ("name", "first_line"),
    [
        ("softmax", "softmax: right."),
        ("my_softmax", "my_softmax: right."),
        ("softmax2", "softmax2: right."),
        ("normalised_softmax", "normalised_softmax: right, as softmax(Z)."),
    ],
)
def test_a_guessed_kind_is_shown(name, first_line):
    assert diagnosed(named(name)).message == first_line


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"accuracy", "cross_entropy"}))
def test_a_name_of_its_own_needs_no_word(kind):
    code = {"truth": KINDS[kind].truth}
    parameters = ", ".join(KINDS[kind].arguments)
    exec(f"def {kind}({parameters}): return truth({parameters})", code)
    assert diagnosed(code[kind]).message == f"{kind}: right."


def test_a_guessed_kind_is_shown_of_wrong_functions_too():
    first, second, *_ = diagnosed(named("softmax_derivative", lambda z: z)).message.splitlines()
    assert first == "softmax_derivative: not right yet."
    assert second == "Judged as softmax_jacobian."


@pytest.mark.parametrize(
    ("kind", "meant"),
    [("Softmax", "'softmax'"), ("loss", "'cross_entropy' or"), ("sofmax", "'softmax'")],
)
def test_a_kind_that_is_misspelt_is_guessed(kind, meant):
    with pytest.raises(ValueError, match=rf"Did you mean {meant}"):
        diagnosed(lib.softmax, kind)


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [("Z", "y", "cross_entropy"), ("probs", "y", "cross_entropy_from_probs")],
)
def test_a_loss_is_of_what_its_first_parameter_is_called(first, second, kind):
    """Logits taken for probabilities, and a second softmax, are mistakes and no other form."""
    other = ({"cross_entropy", "cross_entropy_from_probs"} - {kind}).pop()
    code = {"truth": KINDS[other].truth}
    exec(f"def loss({first}, {second}): return truth({first}, {second})", code)
    verdict = diagnosed(code["loss"])
    assert (verdict.ok, verdict.kind) == (False, kind)


def test_a_gradient_of_probabilities_may_have_the_name_of_the_other():
    def logits_gradient(y_hat, y):
        return (y_hat - np.eye(y_hat.shape[1])[y]) / len(y)

    first_line = "logits_gradient: right, as logits_gradient_from_probs(probs, y)."
    assert diagnosed(logits_gradient).message.splitlines()[0] == first_line

    def logits_gradient(y, probs):
        return (np.eye(probs.shape[1])[y] - probs) / len(y)

    verdict = diagnosed(logits_gradient)
    assert verdict.id == "dprobs-sign"


def test_a_name_of_its_own_wins_over_a_kind_that_takes_as_many():
    def gradient_step(W, dW, lr):
        return W - lr * dW

    def loss_and_grad(W, X, y):
        return 0.0, np.zeros(W.shape)

    assert diagnosed(gradient_step).kind == "gradient_step"
    assert diagnosed(loss_and_grad).kind == "linear_loss_and_gradient"
    assert "l2), and takes (W, X, y)." in diagnosed(loss_and_grad).message


def test_predictions_without_scores_are_labels():
    def accuracy(y_pred, y_true):
        return np.sum(y_pred == y_true) // len(y_true)

    assert diagnosed(accuracy).candidates == ("label-accuracy-of-all",)


def test_the_documentation_lists_every_kind():
    listed = " ".join(lib.diagnose.__doc__.split())
    assert all(f"``{kind.call}``" in listed for kind in KINDS.values())


def test_a_parameter_with_a_default_is_tried_where_its_name_is_known():
    def softmax(Z, temperature=1.0):
        return lib.softmax(Z * temperature)

    assert diagnosed(softmax).id == "temperature-upside-down"

    def gradient_step(W, b, X, y, learning_rate=0.1, l2=0.0):
        return W, b

    assert diagnosed(gradient_step).kind == "gradient_step_with_l2"


def test_what_is_no_penalty_by_its_name_may_be_left_alone():
    def sgd_step(W, b, X, y, lr, momentum=0.9, velocity=None):
        return KINDS["gradient_step"].truth(W, b, X, y, lr)

    def update(W, b, X, y, lr, size=2):
        return KINDS["descent_epoch"].truth(W, b, X, y, lr, size)

    assert "right, as gradient_step(" in diagnosed(sgd_step).message
    assert "right, as descent_epoch(" in diagnosed(update).message


def test_scores_are_no_labels():
    def accuracy(probs, Y):
        return np.mean(np.round(probs) == Y)

    verdict = diagnosed(accuracy)
    assert verdict.candidates == ("accuracy-threshold",)
    assert "accuracy_of_labels" not in verdict.message

    def accuracy(first, second):
        return np.mean(first == second)

    assert diagnosed(accuracy).message == "accuracy: right, as accuracy_of_labels(predicted, y)."


def test_a_given_kind_wins_over_the_name():
    def softmax(Z):
        return lib.hardmax(Z)

    assert diagnosed(softmax, "hardmax").ok
    assert not diagnosed(softmax).ok


@pytest.mark.parametrize("function", [lambda Z: Z, lambda *a: a, named("f"), np.exp, dict])
def test_a_kind_that_cannot_be_told_must_be_given(function):
    with pytest.raises(ValueError, match=r"kind must be given: .*as in diagnose\(f, '.*one of "):
        diagnosed(function)


def test_only_kinds_with_as_many_arguments_are_offered():
    with pytest.raises(ValueError, match="one of softmax, .*hardmax") as raised:
        diagnosed(lambda Z: Z)
    assert "cross_entropy" not in str(raised.value)
    with pytest.raises(ValueError, match="one of .*cross_entropy, .*accuracy") as raised:
        diagnosed(lambda first, second: first)
    assert "hardmax" not in str(raised.value)
    with pytest.raises(
        ValueError,
        match="from a function without a name.*one of softmax.*, cross_entropy, .*gradient_step",
    ):
        diagnosed(lambda *arguments: arguments)


@pytest.mark.parametrize("function", [None, 3, "softmax", np.ones(3)])
def test_what_cannot_be_called_is_refused(function):
    with pytest.raises(
        TypeError, match=r"function must be callable; got .*as in diagnose\(softmax\)"
    ):
        diagnosed(function, "softmax")


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("soft_max",), {}, "got 'soft_max'. Did you mean 'softmax'?"),
        (("xyzzy",), {}, "kind must be one of 'softmax', .*got 'xyzzy'"),
        ((3,), {}, "kind must be one of 'softmax', .*got 3"),
        (("columns",), {}, "kind must be a kind of function; got 'columns': pass layout='columns'"),
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
