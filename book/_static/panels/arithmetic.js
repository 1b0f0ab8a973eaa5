/* The arithmetic of the panels, as in softmax_lib; tests/site/test_panels.py compares the two. */
"use strict";

const Arithmetic = (() => {
  const sum = (values) => values.reduce((total, value) => total + value, 0);

  /* The largest logit is taken out before anything is exponentiated, so nothing overflows. */
  function logSumExp(logits) {
    const top = Math.max(...logits);
    return top + Math.log(sum(logits.map((z) => Math.exp(z - top))));
  }

  function softmax(logits, temperature = 1) {
    const top = Math.max(...logits);
    const weights = logits.map((z) => Math.exp((z - top) / temperature));
    const total = sum(weights);
    return weights.map((weight) => weight / total);
  }

  const argmax = (values) => values.indexOf(Math.max(...values));
  const oneHot = (label, classes) => Array.from({ length: classes }, (_, k) => Number(k === label));
  const hardmax = (logits) => oneHot(argmax(logits), logits.length);

  const crossEntropy = (logits, label) => logSumExp(logits) - logits[label];

  /* The derivative of the cross-entropy by the logits, for a target that sums to 1. */
  function gradient(logits, target) {
    const probs = softmax(logits);
    return probs.map((p, k) => p - target[k]);
  }

  return { sum, logSumExp, softmax, argmax, oneHot, hardmax, crossEntropy, gradient };
})();
