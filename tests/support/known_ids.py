"""The mistakes of the catalogue by kind, as tools that build on it have known them.

An id that is here stays: it may be in a class report, or in a page that links to it.
"""

KNOWN_IDS = {
    "softmax": (
        "softmax-no-shift softmax-wrong-axis softmax-batch-maximum softmax-maximum-with-zero "
        "softmax-minimum-shift softmax-absolute-shift softmax-half-shifted "
        "softmax-sum-of-everything softmax-no-exponential softmax-scaled-by-maximum "
        "softmax-in-place softmax-integer-result softmax-no-keepdims softmax-no-keepdims-in-sum "
        "softmax-after-relu softmax-twice softmax-as-sigmoids softmax-base-2"
    ),
    "softmax_with_temperature": (
        "temperature-on-probabilities temperature-on-result temperature-upside-down"
    ),
    "hardmax": (
        "hardmax-keeps-the-value hardmax-marks-all-ties hardmax-marks-the-last-tie "
        "hardmax-wrong-axis hardmax-as-index hardmax-of-the-batch hardmax-above-one-half"
    ),
    "log_softmax": (
        "log-softmax-of-softmax log-softmax-no-shift log-softmax-half-shifted "
        "log-softmax-wrong-axis log-softmax-other-base log-softmax-minus-sum"
    ),
    "logsumexp": (
        "logsumexp-shift-lost logsumexp-no-shift logsumexp-batch-maximum logsumexp-wrong-axis "
        "logsumexp-of-mean logsumexp-sum-of-logs"
    ),
    "sigmoid": "sigmoid-of-large-z sigmoid-sign sigmoid-no-brackets sigmoid-as-tanh",
    "softmax_jacobian": (
        "jacobian-diagonal-alone jacobian-as-vector jacobian-inner-product jacobian-plus "
        "jacobian-wrong-diagonal"
    ),
    "one_hot": (
        "one-hot-classes-in-batch one-hot-renumbered one-hot-counted-from-1 one-hot-in-columns"
    ),
    "accuracy": (
        "accuracy-over-entries accuracy-column-with-row accuracy-wrong-axis accuracy-as-count "
        "accuracy-of-misses"
    ),
    "cross_entropy_from_probs": (
        "probs-loss-sum probs-loss-class-mean probs-loss-sign probs-loss-other-base "
        "probs-loss-clipped probs-loss-epsilon probs-loss-labels-from-1 probs-loss-all-pairs "
        "probs-loss-binary probs-loss-binary-mean probs-loss-softmax-again "
        "probs-loss-log-of-mean probs-loss-no-logarithm probs-loss-as-log-probs "
        "probs-loss-squared probs-loss-mean-squared probs-loss-exchanged probs-loss-of-each "
        "probs-loss-entropy probs-loss-of-winner"
    ),
    "cross_entropy": (
        "loss-softmax-twice loss-logits-as-probs loss-logits-as-log-probs loss-log-of-softmax "
        "loss-no-shift loss-no-shift-in-logsumexp loss-shift-lost loss-wrong-axis loss-sum "
        "loss-class-mean loss-sign loss-other-base loss-labels-from-1 loss-all-pairs "
        "loss-sigmoids loss-sigmoids-mean loss-clipped loss-epsilon loss-of-each"
    ),
    "logits_gradient": (
        "dlogits-no-mean dlogits-mean-twice dlogits-class-mean dlogits-sign dlogits-factor-2 "
        "dlogits-extra-slope dlogits-true-class-alone dlogits-probs-alone "
        "dlogits-label-as-number dlogits-by-probs dlogits-p-one-minus-p dlogits-all-pairs "
        "dlogits-labels-from-1 dlogits-wrong-axis dlogits-no-shift dlogits-from-log-probs "
        "dlogits-in-place"
    ),
    "weight_gradient": (
        "dweights-no-mean dweights-mean-twice dweights-bias-no-mean dweights-bias-mean "
        "dweights-bias-not-summed dweights-bias-over-classes dweights-sign dweights-transposed "
        "dweights-probs-alone dweights-no-shift"
    ),
    "gradient_step": (
        "step-uphill step-bias-after-weights step-weights-after-bias step-of-the-sum "
        "step-without-bias step-without-rate step-forgets-where-it-was step-in-place"
    ),
    "gradient_step_with_l2": (
        "penalty-on-bias penalty-sign penalty-doubled penalty-over-m penalty-without-rate "
        "penalty-left-out"
    ),
    "network_gradients": (
        "network-no-mask network-not-transposed network-biases-not-summed network-biases-mean "
        "network-no-mean network-mean-twice network-sigmoid-slope network-tanh-slope "
        "network-value-for-slope network-relu-of-gradient network-before-relu "
        "network-extra-slope network-sign network-no-relu"
    ),
}
