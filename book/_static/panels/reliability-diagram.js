/* Six hundred made-up predictions that are twice as bold as the truth, and a temperature. */
"use strict";

{
  const EXAMPLES = 600, BOLDNESS = 2, SPREAD = 10, SEED = 1;
  const SIDES = [44, 346], DIAGRAM = [26, 236], VALLEY = [312, 392];
  const LOW = 0.3, RANGE = [-2, 3];               // of confidence, and of log2 T
  const { scale, polyline, dot, text, axes } = Charts;

  /* Tommy Ettinger's mulberry32: the same numbers between 0 and 1 on every machine. */
  function mulberry32(seed) {
    let state = seed;
    return () => {
      state = (state + 0x6D2B79F5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  /* The model says softmax(z); each label is drawn from softmax(z / 2). */
  function makePredictions() {
    const random = mulberry32(SEED);
    const logits = [], labels = [];
    for (let i = 0; i < EXAMPLES; i++) {
      const row = [0, 1, 2].map(() => SPREAD * (random() + random() + random() - 1.5));
      const [first, second] = Arithmetic.softmax(row, BOLDNESS), drawn = random();
      logits.push(row);
      labels.push(Number(drawn >= first) + Number(drawn >= first + second));
    }
    return { logits, labels };
  }

  const loss = ({ logits, labels }, T) => Arithmetic.sum(logits.map((row, i) =>
    Arithmetic.crossEntropy(row.map((z) => z / T), labels[i]))) / EXAMPLES;

  /* Made when first needed: this file runs on every page. */
  let made;
  function data() {
    if (made) return made;
    made = makePredictions();
    made.best = Arithmetic.fitTemperature(made.logits, made.labels);
    made.valley = Array.from({ length: 61 }, (_, i) => scale(i, [0, 60], RANGE))
      .map((power) => [power, loss(made, 2 ** power)]);
    return made;
  }

  function measured({ temperature }) {
    const { logits, labels } = data();
    const probs = logits.map((row) => Arithmetic.softmax(row, temperature));
    const mean = (values) => Arithmetic.sum(values) / EXAMPLES;
    const curve = Arithmetic.reliabilityCurve(probs, labels);
    return {
      curve,
      confidence: mean(probs.map((row) => Math.max(...row))),
      accuracy: mean(probs.map((row, i) => Number(Arithmetic.argmax(row) === labels[i]))),
      error: Arithmetic.calibrationError(curve),
      loss: loss(data(), temperature),
    };
  }

  /* --- the picture ---------------------------------------------------------------------- */

  function diagram(curve) {
    const x = (value) => scale(value, [LOW, 1], SIDES);
    const y = (value) => scale(value, [0, 1], [DIAGRAM[1] - 30, DIAGRAM[0] + 12]);
    const bins = [3, 4, 5, 6, 7, 8, 9];
    const dots = curve.map(({ confidence, accuracy, count }) => {
      const at = [x(confidence), y(accuracy)], bin = Math.min(Math.floor(10 * confidence), 9);
      return polyline([at, [at[0], y(confidence)]], 'style="stroke: var(--class-1)" stroke-width="2"') +
        dot(at, (3 + 9 * Math.sqrt(count / EXAMPLES)).toFixed(1), 'fill="var(--class-0)"') +
        text(x(bin / 10 + 0.05), DIAGRAM[1] - 6, count, "middle");
    });
    return text(SIDES[0], 14, "accuracy by confidence; below: how many") +
      axes(SIDES, DIAGRAM, [...bins, 10].map((b) => [x(b / 10), fixed(b / 10, 1)]),
        [0, 0.5, 1].map((a) => [y(a), fixed(a, 1)])) +
      polyline([[x(LOW), y(LOW)], [x(1), y(1)]], 'stroke-dasharray="5 4"') + dots.join("");
  }

  function valley(temperature, now) {
    const top = Math.max(...data().valley.map(([, height]) => height));
    const at = ([power, height]) => [scale(power, RANGE, [SIDES[0] + 8, SIDES[1]]),
      scale(height, [top, 0], VALLEY)];
    const [lowest, low] = at([Math.log2(data().best), loss(data(), data().best)]);
    return text(SIDES[0], VALLEY[0] - 14, "mean loss by T; dotted: the lowest") +
      axes(SIDES, VALLEY, [-2, -1, 0, 1, 2, 3].map((power) => [at([power, 0])[0], 2 ** power]),
        [1, 2].map((height) => [at([0, height])[1], height])) +
      polyline([[lowest, low], [lowest, VALLEY[1]]], 'stroke-dasharray="2 3" stroke-width="2"') +
      polyline(data().valley.map(at), 'stroke-width="2"') +
      dot(at([Math.log2(temperature), now]), 6, 'fill="var(--class-1)" stroke="var(--paper)"');
  }

  /* --- the panel ------------------------------------------------------------------------ */

  definePanel({
    name: "reliability-diagram",
    label: "Reliability diagram of 600 made-up predictions",
    width: 360,
    height: 414,
    state: { temperature: 1 },
    data, measured,

    controls: [
      { kind: "range", label: "temperature T", min: RANGE[0], max: RANGE[1], step: 0.01,
        get: (state) => Math.log2(state.temperature),
        set: (state, value) => { state.temperature = 2 ** value; },
        show: (state) => fixed(state.temperature, 2) },
      { kind: "button", does: "fit", label: "Fit T" },
    ],

    fit(state) {
      state.temperature = data().best;
    },

    picture(state) {
      const { curve, loss: now } = measured(state);
      return diagram(curve) + valley(state.temperature, now);
    },

    words(state) {
      const now = measured(state);
      return `At T = ${fixed(state.temperature, 2)} the mean confidence is ${fixed(now.confidence, 3)}, ` +
        `ECE ${fixed(now.error, 3)}, loss ${fixed(now.loss, 3)}` +
        (state.temperature === data().best ? ", the lowest" : "") +
        `. The accuracy is ${fixed(now.accuracy, 3)} at every T.`;
    },
  });
}
