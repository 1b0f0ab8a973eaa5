/* Gradient descent on one number z: two classes with the logits z and 0, of which class 0 has a
   share q of the examples. A walk is the pure work of rate, share and start, so that it bends
   along while a slider moves. */
"use strict";

{
  const { within, scale, polyline, dot, text, handle, axes } = Charts;
  const LEFT = 40, RIGHT = 350, SAFE = 8, SHOWN = 40, LONGEST = 12;
  const RATES = [24, 318, 30], VALLEY = [84, 224], COSTS = [272, 352];

  const prob = (z) => Arithmetic.softmax([z, 0])[0];
  const cost = (z, q) => Arithmetic.logSumExp([z, 0]) - q * z;
  const bottom = (q) => Math.log(q / (1 - q));
  /* Twice the inverse of the curvature at the bottom, p(1 − p) with p = q. */
  const limit = (q) => 2 / (q * (1 - q));

  function walk({ rate, share, start, steps }) {
    const places = [start];
    for (let t = 0; t < steps; t++) {
      const z = places[t];
      places.push(z - rate * (prob(z) - share));
    }
    return places;
  }

  /* --- where a walk ends ---------------------------------------------------------------- */

  /* After how many steps the last places come back, over three rounds; undefined if they do not. */
  function cycle(places) {
    const comesBack = (k) => places.length >= 3 * k &&
      places.slice(-2 * k).every((z, i) => Math.abs(z - places.at(i - 3 * k)) < 0.01);
    return Array.from({ length: LONGEST }, (_, i) => i + 1).find(comesBack);
  }

  function verdict(state, places) {
    const settles = state.rate < limit(state.share), z = places.at(-1);
    const atBottom = places.slice(-3).every((at) => Math.abs(at - bottom(state.share)) < 0.005);
    if (atBottom && places.length > 3) {
      return settles ? "it has settled at the bottom"
        : "it balances on the bottom, where any nudge would grow";
    }
    if (settles) return "it is on its way to the bottom";
    const k = cycle(places);
    if (k === 2) return `it hops between z = ${fixed(z, 2)} and z = ${fixed(places.at(-2), 2)}: a two-cycle`;
    if (k > 2) return `it repeats itself every ${k} steps`;
    return places.length > SHOWN ? "it keeps jumping" : "it has not come to rest";
  }

  /* --- the picture ---------------------------------------------------------------------- */

  /* The rates from 1 to 100, by their logarithms, with both thresholds. */
  function rates({ rate, share }) {
    const [from, to, y] = RATES;
    const at = (value) => scale(Math.log10(value), [0, 2], [from, to]);
    const part = (low, high, style) => polyline([[at(low), y], [at(high), y]], style);
    const last = at(limit(share)), safe = at(SAFE);
    return text(from - 9, y + 5, "1", "end") + text(to + 9, y + 5, "100") +
      part(1, SAFE, 'stroke-width="6"') + part(SAFE, limit(share), 'stroke-width="3"') +
      part(limit(share), 100, 'stroke-dasharray="2 4" stroke-width="2"') +
      polyline([[safe, y - 8], [safe, y + 3]], "") + polyline([[last, y - 3], [last, y + 9]], "") +
      text(safe, y - 13, "always down: below 8", "middle") +
      text(last, y + 23, `settles: below ${fixed(limit(share), 1)}`, "middle") +
      `<path d="M${at(rate).toFixed(1)} ${y - 9}l6 9-6 9-6-9z" fill="var(--class-1)" stroke="var(--paper)"/>`;
  }

  /* The window is as wide as the last steps need. */
  function frame(recent, q) {
    const reach = Math.max(6.3, 1.05 * Math.max(...recent.map(Math.abs)));
    const top = 1.1 * Math.max(1, ...recent.map((z) => cost(z, q)));
    return {
      z: (value) => scale(value, [-reach, reach], [LEFT, RIGHT]),
      back: (x) => scale(x, [LEFT, RIGHT], [-reach, reach]),
      height: (value, plot) => scale(value, [top, 0], plot),
      reach, top,
    };
  }

  const plot = (heights, top, left, middle, right) => axes([LEFT, RIGHT], heights,
    [[LEFT + 12, left], [(LEFT + RIGHT) / 2, middle], [RIGHT - 12, right]],
    [[heights[0] + 5, fixed(top, 1)], [heights[1], "0"]]);

  function valley(recent, q, view, start) {
    const at = (z) => [view.z(z), view.height(cost(z, q), VALLEY)];
    /* Closer together in the middle, where the curve bends. */
    const curve = Array.from({ length: 161 }, (_, i) => i / 80 - 1)
      .map((u) => view.reach * u * Math.abs(u)).filter((z) => cost(z, q) <= view.top);
    const points = recent.map(at), deepest = at(bottom(q));
    return text(LEFT, VALLEY[0] - 9, "cost J(z); the dotted line marks the bottom") +
      plot(VALLEY, view.top, fixed(-view.reach, 1), "z = 0", fixed(view.reach, 1)) +
      polyline([deepest, [deepest[0], VALLEY[1]]], 'stroke-dasharray="2 3" stroke-width="2"') +
      polyline(curve.map(at), 'stroke-width="2"') +
      polyline(points, 'style="stroke: var(--class-0)"') +
      points.map((point) => dot(point, 3, 'fill="var(--class-0)"')).join("") +
      dot(points.at(-1), 6, 'fill="var(--class-1)" stroke="var(--paper)"') +
      (cost(start, q) > view.top ? ""
        : handle(at(start), "start", '<circle r="8" fill="none" stroke="currentColor" stroke-width="2"/>'));
  }

  function costs(recent, q, view, first) {
    const height = (z) => view.height(cost(z, q), COSTS);
    const points = recent.map((z, t) => [scale(t, [0, SHOWN], [LEFT, RIGHT]), height(z)]);
    const least = height(bottom(q));
    return text(LEFT, COSTS[0] - 9, "cost by step; the dotted line is the lowest") +
      plot(COSTS, view.top, `step ${first}`, "", `${first + SHOWN}`) +
      polyline([[LEFT, least], [RIGHT, least]], 'stroke-dasharray="2 3" stroke-width="2"') +
      polyline(points, 'style="stroke: var(--class-0)"') +
      points.map((point) => dot(point, 3, 'fill="var(--class-0)"')).join("");
  }

  /* --- the panel ------------------------------------------------------------------------ */

  /* Another walk begins where a control sets its start, and goes as many steps. */
  definePanel({
    name: "gradient-descent",
    label: "Gradient descent on a curve",
    width: 360,
    height: 376,
    state: { rate: 12, share: 0.9, start: -2, steps: 3 },
    runLength: SHOWN,
    walk, verdict, limit,

    controls: [
      { kind: "range", label: "learning rate η", min: 0, max: 2, step: 0.01,
        get: (state) => Math.log10(state.rate), set: (state, value) => { state.rate = 10 ** value; },
        show: (state) => state.rate.toPrecision(3) },
      { kind: "range", label: "share q of class 0", min: 0.5, max: 0.95, step: 0.01, digits: 2,
        get: (state) => state.share, set: (state, value) => { state.share = value; } },
      { kind: "range", label: "start z", min: -6, max: 6, step: 0.1,
        get: (state) => state.start, set: (state, value) => { state.start = value; } },
      { kind: "button", does: "step", label: "Step" },
      { kind: "button", does: "run", label: `Run ${SHOWN} steps` },
    ],

    step(state) {
      state.steps = Math.min(state.steps + 1, 999);
    },

    picture(state) {
      const { share, start } = state, recent = walk(state).slice(-SHOWN - 1);
      const view = frame(recent, share), first = Math.max(0, state.steps - SHOWN);
      return rates(state) + valley(recent, share, view, start) + costs(recent, share, view, first);
    },

    words(state) {
      const places = walk(state), z = places.at(-1), most = fixed(limit(state.share), 1);
      const zone = state.rate < SAFE ? "is below 8: each step goes down"
        : state.rate < limit(state.share) ? `is above 8 and below ${most}` : `is above ${most}`;
      const here = `at z = ${fixed(z, 2)} with cost ${fixed(cost(z, state.share), 4)}`;
      return `Learning rate ${state.rate.toPrecision(3)} ${zone}. After ${state.steps} steps, ${here},` +
        ` ${verdict(state, places)}.`;
    },

    drag(state, name, x) {
      const z = frame(walk(state).slice(-SHOWN - 1), state.share).back(x);
      state.start = Math.round(10 * within(z, -6, 6)) / 10;
    },
  });
}
