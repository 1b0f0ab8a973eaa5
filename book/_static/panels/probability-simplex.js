/* The triangle of all predictions of three classes: where the gradient points, and where a step goes. */
"use strict";

{
  const CLASSES = ["Adelie", "Chinstrap", "Gentoo"];
  const SHARES = [151, 68, 123].map((count) => count / 342);
  const CORNERS = [[38, 278], [322, 278], [180, 32]];
  const LOGIT = 7;          // no logit is larger, so all is finite
  const ARRIVED = 0.003;    // a gradient shorter than this is drawn no more

  const NINTHS = [1, 2, 3, 4, 5, 6, 7];
  const GRID = NINTHS.flatMap((i) => NINTHS.filter((j) => i + j < 9)
    .map((j) => [1 - (i + j) / 9, i / 9, j / 9]));

  const targetOf = (state) => (state.target < 3 ? Arithmetic.oneHot(state.target, 3) : SHARES);
  const place = (probs) => [0, 1].map((axis) => Arithmetic.dot(probs, CORNERS.map((c) => c[axis])));
  const moved = (from, by, times) => from.map((value, k) => value + times * by[k]);
  const centred = (logits) => logits.map((z) => clamp(z - Arithmetic.sum(logits) / 3, -LOGIT, LOGIT));

  function facts(state) {
    const target = targetOf(state), probs = Arithmetic.softmax(state.logits);
    const pull = target.map((y, k) => y - probs[k]);
    const start = Arithmetic.jacobianTimes(state.logits, pull);
    const cosine = Arithmetic.dot(pull, start) / (Arithmetic.length(pull) * Arithmetic.length(start));
    return {
      target, probs, pull, start, size: Arithmetic.length(pull),
      angle: Math.acos(clamp(cosine, -1, 1)) * 180 / Math.PI,
      loss: Arithmetic.softCrossEntropy(state.logits, target),
    };
  }

  const arrowOf = (from, by, times, head) => arrow(...place(from), ...place(moved(from, by, times)), head);

  function corner(k, prob) {
    const [x, y] = CORNERS[k];
    return svgText(clamp(x, 60, 300), k === 2 ? y - 12 : y + 22, `${CLASSES[k]} ${fixed(prob, 3)}`,
      'text-anchor="middle"');
  }

  const key = (x, y, mark, text) =>
    `<g transform="translate(${x} ${y})">${mark}</g>` + svgText(x + 38, y + 5, text);

  const RING = 'r="10" fill="none" stroke="currentColor" stroke-width="2.5"';
  const DOT = 'r="6" fill="currentColor" stroke="var(--paper)" stroke-width="1.5"';
  const PULL = 'fill="none" stroke="currentColor" stroke-width="2"';
  const START = 'fill="none" stroke="var(--class-1)" stroke-width="4.5"';

  definePanel({
    name: "probability-simplex",
    label: "A prediction on the triangle of all predictions, and the way to its target",
    width: 360,
    height: 378,
    state: { logits: centred([0.05, 0.8, 0.15].map(Math.log)), target: 3, rate: 0.5, walk: [] },

    controls: [
      {
        kind: "choice", id: "probability-simplex-target", label: "target",
        options: [...CLASSES, "shares"],
        get: (state) => state.target,
        set: (state, value) => { state.target = value; state.walk = []; },
      },
      ...CLASSES.map((name, k) => ({
        kind: "range", label: `logit of ${name}`, min: -LOGIT, max: LOGIT, step: 0.1, digits: 2,
        get: (state) => state.logits[k],
        set: (state, value) => { state.logits[k] = value; state.walk = []; },
      })),
      {
        kind: "range", label: "learning rate", min: 0.1, max: 2, step: 0.1,
        get: (state) => state.rate,
        set: (state, value) => { state.rate = value; },
      },
      { kind: "button", does: "step", label: "Step" },
      { kind: "button", does: "run", label: "Run" },
    ],

    runLength: 60,
    step(state) {
      const { probs, pull, size } = facts(state);
      if (size < ARRIVED) return;
      state.walk.push(probs);
      state.logits = moved(state.logits, pull, state.rate).map((z) => clamp(z, -LOGIT, LOGIT));
    },

    /* From the picture back to probabilities, never quite 0; outside, to a place on the edge. */
    drag(state, handle, x, y) {
      const up = (CORNERS[0][1] - y) / (CORNERS[0][1] - CORNERS[2][1]);
      const right = (x - CORNERS[0][0]) / (CORNERS[1][0] - CORNERS[0][0]) - up / 2;
      const inside = [1 - right - up, right, up].map((p) => Math.max(p, 0));
      const total = Arithmetic.sum(inside);
      state.logits = centred(inside.map((p) => Math.log(Math.max(p / total, 0.002))));
      state.walk = [];
    },

    picture(state) {
      const { target, probs, pull, start, size } = facts(state);
      const [at, aim] = [place(probs), place(target)];
      const field = GRID.map((from) => arrowOf(from, moved(target, from, -1), 0.22, 4)).join("");
      const walk = state.walk.map((p) => place(p).map((c) => c.toFixed(1)).join(","));
      const circle = ([x, y], style) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" ${style}/>`;
      return '<g font-size="14">' +
        `<path d="M${CORNERS.join("L")}Z" fill="none" stroke="var(--muted)"/>` +
        `<path d="${field}" fill="none" stroke="var(--muted)" opacity="0.75"/>` +
        `<polyline points="${walk.join(" ")}" fill="none" stroke="var(--class-0)"/>` +
        state.walk.map((p) => circle(place(p), 'r="2.5" fill="var(--class-0)"')).join("") +
        circle(aim, RING) +
        (size > ARRIVED ? `<path d="${arrowOf(probs, start, 2, 11)}" ${START}/>` +
          `<path d="${arrowOf(probs, pull, 1, 9)}" ${PULL}/>` : "") +
        circle(at, DOT) + CLASSES.map((_, k) => corner(k, probs[k])).join("") +
        key(24, 323, circle([14, 0], DOT), "prediction ŷ") + key(196, 323, circle([14, 0], RING), "target y") +
        key(24, 345, `<path d="${arrow(0, 0, 28, 0, 9)}" ${PULL}/>`, "y − ŷ, against the gradient") +
        key(24, 367, `<path d="${arrow(0, 0, 28, 0, 11)}" ${START}/>`, "where ŷ starts to go (twice as long)") +
        circle(at, 'r="20" fill="transparent" data-handle="prediction"') + "</g>";
    },

    words(state) {
      const { target, probs, size, angle, loss } = facts(state);
      const steps = state.walk.length;
      return `${steps ? `After ${steps} step${steps > 1 ? "s" : ""} the` : "The"} prediction is ` +
        `${probs.map((p) => fixed(p, 3)).join(", ")}. Its loss is ${fixed(loss, 4)}, ` +
        `and no prediction has less than ${fixed(Arithmetic.entropy(target), 4)}. ` + (size > ARRIVED
        ? `The gradient is ${fixed(size, 3)} long; a small step sets off ${fixed(angle, 0)}° beside its arrow.`
        : `It has reached the target: the gradient is shorter than ${ARRIVED}.`);
    },
  });
}
