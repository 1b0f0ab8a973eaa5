"""What the tables accept, by its name of today.

The tables were written before the catalogue knew the mistakes that they call NEW, and stay as they
are. A mistake is known now by ids of the catalogue, or by a message that says it without an entry:
"says ..." is a pattern of that message.
"""

KNOWN_SINCE: dict[str, tuple[str, ...]] = {
    # softmax, and what is made of it
    "brackets: the sum divides the logits inside the exponential": ("softmax-brackets",),
    "each row's own maximum, but one sum for the whole batch": ("softmax-own-maximum-one-sum",),
    "one sum for the whole batch, and the caller's logits are overwritten": (
        "softmax-sum-of-everything",
    ),
    "the logits are clipped where the maximum should be subtracted": (
        "softmax-clipped-logits",
        "step-clipped-logits",
    ),
    "the mean of the row as the shift": (
        "softmax-mean-shift",
        "loss-mean-shift",
        "loss-mean-shift-in-logsumexp",
    ),
    "the maximum of each column as the shift": ("softmax-column-shift",),
    "the larger of 0 and the maximum as the shift": ("jacobian-maximum-with-zero",),
    "the maximum of the whole batch as the shift": (
        "dlogits-batch-maximum",
        "dweights-batch-maximum",
    ),
    "the true class's logit as the shift": (
        "loss-true-class-shift-in-logsumexp",
        "loss-other-shift",
        "loss-other-shift-in-logsumexp",
    ),
    "the sign of the logits turned round in the exponent": ("softmax-sign",),
    "divided by the mean of the exponentials, so C times the truth": (
        "softmax-mean-for-sum",
        "says is C times the right one",
    ),
    "divided by the root of the sum of squares": ("softmax-unit-length",),
    "log-probabilities where probabilities belong": (
        "softmax-as-logarithms",
        r"says a right log_softmax\(Z\)",
    ),
    "the class where probabilities belong": ("softmax-as-class",),
    "per cent, 100 times the truth": (
        "softmax-per-cent",
        "accuracy-per-cent",
        "says is 100 times the right one",
    ),
    "rounded to three digits": ("softmax-rounded", "says agrees to 3 digits"),
    "the axis that is asked for is ignored": ("along-axis-last",),
    "softmax-no-shift": ("softmax-guarded",),
    "no shift, with a temperature": ("temperature-no-shift",),
    "masked after softmax, and the rows sum to less than 1": ("masked-afterwards",),
    "masked scores set to 0, not to minus infinity": ("masked-with-zero", "masked-twice-over"),
    "the mask's meaning turned round": ("masked-the-others",),
    "the scores are not divided by the root of d": ("attention-unscaled",),
    "divided by d, not by its root": ("attention-over-d",),
    "softmax over the queries, the wrong axis": ("attention-wrong-axis",),
    "no shift, in attention weights": ("attention-no-shift",),
    # logarithms, sigmoids and slopes
    "a small number added in the logarithm of a finished softmax": ("log-softmax-epsilon",),
    "no keepdims in the log-sum": ("log-softmax-no-keepdims-in-sum",),
    "the sign of log-softmax": (
        "log-softmax-sign",
        "says the right one with the opposite sign",
    ),
    "the shift is subtracted where it should be added back": ("logsumexp-shift-twice",),
    "a product where a sum belongs, 1 / (1 * exp(-z))": ("sigmoid-times-for-plus",),
    "an if over a whole array": ("sigmoid-if-over-array", "says np.where"),
    "z taken for the sigmoid of z": ("sigmoid-slope-of-activation",),
    "1 - z for 1 - sigmoid(z)": ("sigmoid-slope-one-less-z",),
    "nan for a large negative number, in the sigmoid's slope": ("sigmoid-slope-overflow",),
    "the square is missing in the slope of tanh": ("tanh-slope-no-square",),
    "the caller's numbers are overwritten by the slope of ReLU": (
        "relu-slope-in-place",
        "says Afterwards +.*z.* holds other numbers",
    ),
    "ReLU's value for its slope, by itself": ("relu-slope-value",),
    "the row sums of the Jacobian, which are always 0": ("jacobian-summed",),
    "the diagonal of the Jacobian alone, on the way back": ("way-back-diagonal",),
    "one sum for the whole batch, on softmax's way back": ("way-back-one-sum",),
    # labels
    "one-hot-counted-from-1": ("says a label from 1",),
    "ten classes are written into the code": ("one-hot-ten-classes",),
    "a 1 in every column that is a label": ("one-hot-all-pairs",),
    "a threshold of one half, compared entry by entry": ("accuracy-threshold",),
    "per cent, of labels": ("label-accuracy-per-cent", "says is 100 times the right one"),
    "the share of misses, of labels": ("label-accuracy-of-misses",),
    # losses
    "the gradient where the loss belongs": ("probs-loss-gradient",),
    "divided by the number of classes, not of examples": (
        "probs-loss-over-classes",
        "probs-loss-mean-in-columns",
        "says divides by the number of classes",
    ),
    "one log-sum-exp for the whole batch": (
        "loss-sum-of-everything",
        "says right for each example alone, and wrong for several together",
    ),
    "the part of the zeros is missing": ("yes-loss-no-is-free",),
    "the minus sign is missing, of a yes-no loss": ("yes-loss-sign",),
    "a clip before the logarithm, of a yes-no loss": ("yes-loss-guarded",),
    "the losses are not averaged, of yes-no logits": (
        "yes-logits-of-each",
        "says Are the examples averaged",
    ),
    "the logarithm of a finished sigmoid, inf for a confident mistake": (
        "yes-logits-log-of-sigmoid",
    ),
    "the hinge loss": ("loss-hinge",),
    "perplexity, the exponential of the loss": ("probs-loss-perplexity",),
    # gradients and steps
    "divided by the number of features, not of examples": (
        "says divides by the number of features",
    ),
    "the hidden biases are summed over the units": ("network-biases-over-units",),
    "network-no-mean": ("says is m times the right one",),
    "dweights-bias-over-classes": ("says one bias for each class. Sum over the examples alone",),
    "1/m is missing, from probabilities": ("dprobs-no-mean",),
    "the size of a batch is written into the code": ("says a batch of 100 examples written",),
    "the bias gradient is the sum of everything, one number": (
        "dweights-bias-of-everything",
        "network-biases-of-everything",
    ),
    "returned in another order": ("dweights-other-order", "network-other-order"),
    "returned in another order, the last layer first": ("network-other-order",),
    "the label's number is subtracted, by the weights": ("dweights-label-as-number",),
    "the penalty's gradient is half of what the loss says": ("linear-penalties-disagree",),
    "the gradient is not averaged, and the loss is": ("linear-gradient-no-mean",),
    "no shift, in a linear classifier's loss": ("linear-no-shift",),
    "it works in place and returns nothing": ("says works in place",),
    "the maximum is not subtracted, in a step": ("step-no-shift",),
    "softmax along the wrong axis, in a step": ("step-wrong-axis",),
    "the penalty's gradient is the sum of all weights, one number": ("penalty-of-the-sum",),
    "the last, smaller batch is left out": ("epoch-last-batch-lost",),
    "the last batch is divided by the batch size, not by its length": ("epoch-over-batch-size",),
    "the second layer was stepped before the first layer's gradient": (
        "network-stepped-too-early",
    ),
    "no shift, in a network": ("network-no-shift",),
    "divided by h where 2h belongs": ("difference-over-h",),
    "an entry is not put back before the next one moves": ("difference-not-put-back",),
    "all entries are moved together": ("difference-of-all",),
    # of the visitors
    "it takes the labels alone, and counts the classes in them": (r"says number\s+of\s+classes",),
    "the maximum is added where it should be subtracted": ("softmax-maximum-added",),
    "divided by the sum of the logits": ("softmax-over-logits",),
    "the exponential of the quotient": ("softmax-scaled-by-maximum",),
    "the maximum is taken from the sum alone": ("softmax-half-shifted",),
    "the first row alone comes back": ("says stops after the first example",),
    "log1p for log": ("says row sums, exponentiated, to",),
    "labels where one-hot rows belong": ("loss-label-as-number",),
    "the bias is averaged over the classes too": ("step-without-bias",),
    "the labels are not sliced": ("says its own rows of X and of y",),
    "whole division": ("label-accuracy-of-all",),
    "an if over a whole array, in a slope": ("says is there an `if` in it",),
    # of the travellers
    "computed in half precision": (r"says agrees to about 3\s+digits",),
    "the temperature is ignored": ("temperature-on-probabilities",),
    "minus 1 is set, not subtracted": ("dlogits-minus-one-set",),
    "the caller's probabilities are overwritten": ("dprobs-in-place",),
    "the sum over the batch, on softmax's way back": ("way-back-wrong-axis",),
    "the exponential overflows, of yes-no logits": ("yes-logits-overflow",),
    "a masked number that is not small enough": ("masked-too-high",),
    "divided after the softmax": ("attention-scaled-afterwards",),
    "another number in the exponent": (r"says is\s+the\s+softmax\s+of",),
}
