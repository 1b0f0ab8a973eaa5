/* The arithmetic of the panels, as in softmax_lib; the tests of the panels compare the two. */
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

  const dot = (a, b) => sum(a.map((value, k) => value * b[k]));
  const length = (vector) => Math.sqrt(dot(vector, vector));

  /* Cross-entropy with a target that is a distribution, and the least that it can be. */
  const softCrossEntropy = (logits, target) => logSumExp(logits) - dot(target, logits);
  const entropy = (probs) => -sum(probs.map((p) => (p > 0 ? p * Math.log(p) : 0)));

  /* How the probabilities move when the logits move by `change`: softmax's Jacobian, times it. */
  function jacobianTimes(logits, change) {
    const probs = softmax(logits);
    const mean = dot(probs, change);
    return probs.map((p, k) => p * (change[k] - mean));
  }

  /* The logit that gives class k this probability while the other logits stay. */
  function logitFor(prob, k, logits) {
    const others = logits.filter((_, j) => j !== k);
    return Math.log(prob / (1 - prob)) + logSumExp(others);
  }

  /* Confidence against accuracy in bins of equal width; empty bins are left out. */
  function reliabilityCurve(probs, labels, bins = 10) {
    const groups = Array.from({ length: bins }, () => []);
    probs.forEach((row, i) => {
      const confidence = Math.max(...row);
      groups[Math.min(Math.floor(confidence * bins), bins - 1)].push([confidence, argmax(row) === labels[i]]);
    });
    return groups.filter((group) => group.length).map((group) => ({
      confidence: sum(group.map(([confidence]) => confidence)) / group.length,
      accuracy: sum(group.map(([, right]) => Number(right))) / group.length,
      count: group.length,
    }));
  }

  const calibrationError = (curve) => sum(curve.map(({ confidence, accuracy, count }) =>
    count * Math.abs(accuracy - confidence))) / sum(curve.map(({ count }) => count));

  /* The loss is convex in 1/T, so the sign of its slope leads to the lowest point. */
  function fitTemperature(logits, labels) {
    const slope = (beta) => sum(logits.map((row, i) =>
      sum(softmax(row, 1 / beta).map((p, k) => p * row[k])) - row[labels[i]]));
    let low = Math.log(0.01), high = Math.log(100);
    for (let halving = 0; halving < 60; halving++) {
      const middle = (low + high) / 2;
      if (slope(Math.exp(middle)) < 0) low = middle;
      else high = middle;
    }
    return Math.exp(-(low + high) / 2);
  }

  return {
    sum, logSumExp, softmax, argmax, oneHot, hardmax, crossEntropy, gradient,
    dot, length, softCrossEntropy, entropy, jacobianTimes, logitFor,
    reliabilityCurve, calibrationError, fitTemperature,
  };
})();
