/* One example of the lecture's four classes: its loss, and the gradient as a push on each logit. */
"use strict";

{
  const CLASSES = ["other", "cat", "dog", "chick"];
  const GUESS = Math.log(CLASSES.length);
  const LEFT = 34, RIGHT = 346;
  const LOSS = { zero: 128, nat: 21, top: 5 };          // the curve above
  const BARS = { zero: 316, height: 124, column: 79 };  // the four columns below
  const LOGIT = 6;                                      // no logit is larger, so all is finite

  const across = (prob) => LEFT + prob * (RIGHT - LEFT);
  const lossY = (loss) => LOSS.zero - LOSS.nat * Math.min(loss, LOSS.top);
  const barY = (prob) => BARS.zero - BARS.height * prob;

  function facts(state) {
    const probs = Arithmetic.softmax(state.logits);
    const gradient = Arithmetic.gradient(state.logits, Arithmetic.oneHot(state.truth, CLASSES.length));
    return { probs, gradient, loss: Arithmetic.crossEntropy(state.logits, state.truth) };
  }

  function curve(state, { probs, loss }) {
    const points = Array.from({ length: 60 }, (_, i) => Math.exp(-LOSS.top * (1 - i / 59)));
    const line = points.map((p) => `${across(p).toFixed(1)},${lossY(-Math.log(p)).toFixed(1)}`);
    const ticks = [0, 2, 4].map((t) => svgText(LEFT - 8, lossY(t) + 5, t, 'text-anchor="end"'));
    const ends = [0, 0.5, 1].map((p) => svgText(across(p), LOSS.zero + 16, p, 'text-anchor="middle"'));
    return `<path d="M${LEFT} ${lossY(LOSS.top)}V${LOSS.zero}H${RIGHT}" fill="none" stroke="var(--muted)"/>` +
      `<path d="M${LEFT} ${lossY(GUESS)}H${RIGHT}" stroke="var(--muted)" stroke-dasharray="5 4"/>` +
      svgText(RIGHT, lossY(GUESS) - 5, `guessing: ln 4 = ${fixed(GUESS, 4)}`, 'text-anchor="end"') +
      `<polyline points="${line.join(" ")}" fill="none" stroke="currentColor" stroke-width="2"/>` +
      `<circle cx="${across(probs[state.truth]).toFixed(1)}" cy="${lossY(loss).toFixed(1)}" r="6"` +
      ` fill="var(--class-${state.truth})" stroke="var(--paper)" stroke-width="1.5"/>` +
      svgText(RIGHT, 30, `loss: −ln ŷ of ${CLASSES[state.truth]} = ${fixed(loss, 4)}`,
        'text-anchor="end" font-weight="600"') +
      ticks.join("") + ends.join("");
  }

  function column(k, state, { probs, gradient }) {
    const x = LEFT + BARS.column * k + 2, y = barY(probs[k]), isTruth = k === state.truth;
    const tip = barY(Number(isTruth)), middle = clamp((y + tip) / 2 + 5, barY(1) + 10, BARS.zero - 4);
    const push = fixed(-gradient[k], 2);
    const move = Math.abs(gradient[k]) < 0.0005 ? "" :
      `<path d="${arrow(x + 28, y, x + 28, tip)}" fill="none" stroke="currentColor" stroke-width="2"/>`;
    return (isTruth ? `<rect x="${x}" y="${barY(1)}" width="22" height="${BARS.height}" fill="none"` +
      ' stroke="currentColor" stroke-dasharray="4 3"/>' : "") +
      `<rect x="${x}" y="${y.toFixed(1)}" width="22" height="${(BARS.zero - y).toFixed(1)}" fill="var(--class-${k})"/>` +
      move + svgText(x + 33, middle, isTruth ? `+${push}` : push, 'font-size="13"') +
      `<circle cx="${x + 11}" cy="${y.toFixed(1)}" r="6" fill="var(--paper)" stroke="currentColor" stroke-width="2"/>` +
      svgText(x + 11, BARS.zero + 21, CLASSES[k], `text-anchor="middle"${isTruth ? ' font-weight="700"' : ""}`) +
      svgText(x + 11, BARS.zero + 38, fixed(probs[k], 3), 'text-anchor="middle"') +
      `<circle cx="${x + 11}" cy="${y.toFixed(1)}" r="18" fill="transparent" data-handle="${k}"/>`;
  }

  definePanel({
    name: "push-and-pull",
    label: "The loss of one prediction, and how its gradient moves the four logits",
    width: 360,
    height: 360,
    state: { logits: [0.3, 0.2, 0.1, 0.4].map(Math.log), truth: 1 },

    controls: [
      {
        kind: "choice", id: "push-and-pull-truth", label: "truth", options: CLASSES,
        get: (state) => state.truth,
        set: (state, value) => { state.truth = value; },
      },
      ...CLASSES.map((name, k) => ({
        kind: "range", label: `logit of ${name}`, min: -LOGIT, max: LOGIT, step: 0.1, digits: 2,
        get: (state) => state.logits[k],
        set: (state, value) => { state.logits[k] = value; },
      })),
      { kind: "button", does: "step", label: "Step against the gradient" },
    ],

    step(state) {
      const { gradient } = facts(state);
      state.logits = state.logits.map((z, k) => clamp(z - gradient[k], -LOGIT, LOGIT));
    },

    /* One logit moves, so the other classes keep their proportions. */
    drag(state, handle, x, y) {
      const prob = clamp((BARS.zero - y) / BARS.height, 0.001, 0.999);
      state.logits[handle] = clamp(Arithmetic.logitFor(prob, Number(handle), state.logits), -LOGIT, LOGIT);
    },

    picture(state) {
      const now = facts(state);
      return '<g font-size="14">' + curve(state, now) +
        svgText(LEFT, barY(1) - 12, "bars: prediction ŷ; arrows: −(ŷ − y)") +
        `<path d="M${LEFT} ${BARS.zero}H${RIGHT}M${LEFT} ${barY(1)}H${RIGHT}" stroke="var(--faint)"/>` +
        [0, 1].map((p) => svgText(LEFT - 8, barY(p) + 5, p, 'text-anchor="end"')).join("") +
        CLASSES.map((_, k) => column(k, state, now)).join("") + "</g>";
    },

    words(state) {
      const { probs, gradient, loss } = facts(state);
      const verdict = loss > GUESS + 5e-5 ? "worse than" : loss < GUESS - 5e-5 ? "better than" : "the same as";
      const pushes = CLASSES.map((name, k) => [name, k]).filter(([, k]) => k !== state.truth)
        .map(([name, k]) => `${name} down by ${fixed(gradient[k], 3)}`);
      const [truth, prob] = [CLASSES[state.truth], probs[state.truth]];
      return `The loss is ${fixed(loss, 4)}, ${verdict} guessing. A step against the gradient pulls ${truth} ` +
        `up by ${fixed(1 - prob, 3)} and pushes ${pushes.join(", ")}: sum 0, absolute sum ` +
        `${fixed(Arithmetic.sum(gradient.map(Math.abs)), 3)} = 2(1 − ${fixed(prob, 3)}).`;
    },
  });
}
