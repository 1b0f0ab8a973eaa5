/* Three classes divide a square: each has an arrow, its weights, and a bias. */
"use strict";

{
  const { within, polyline, handle } = Charts;
  const CLASSES = [0, 1, 2], PAIRS = [[0, 1], [1, 2], [2, 0]], SUBSCRIPTS = "₀₁₂";
  const REACH = 4, MOST = 3;                      // of the square, and of a weight
  const LEFT = 30, TOP = 8, UNIT = 40, SIZE = 2 * REACH * UNIT, FLOOR = TOP + SIZE;
  const SQUARE = [[-REACH, -REACH], [REACH, -REACH], [REACH, REACH], [-REACH, REACH]];
  const GRID = Array.from({ length: 31 * 31 }, (_, i) => [i % 31 - 15, Math.floor(i / 31) - 15])
    .map((place) => place.map((c) => c / 4));     // where the number of a region may stand

  const toPicture = ([x1, x2]) => [LEFT + (x1 + REACH) * UNIT, TOP + (REACH - x2) * UNIT];
  const logits = ({ W, b }, [x1, x2]) => CLASSES.map((k) => x1 * W[0][k] + x2 * W[1][k] + b[k]);
  const probabilities = (state) => Arithmetic.softmax(logits(state, state.x));

  /* --- the regions ---------------------------------------------------------------------- */

  const lead = (state, k, j) => (point) => {
    const z = logits(state, point);
    return z[k] - z[j];
  };
  const alike = (state, j, k) =>
    SQUARE.every((corner) => Math.abs(lead(state, j, k)(corner)) < 1e-12);

  /* Of two classes that tie everywhere the first wins, as with argmax. */
  function region(state, k) {
    if (CLASSES.some((j) => j < k && alike(state, j, k))) return [];
    return CLASSES.filter((j) => !alike(state, j, k))
      .reduce((polygon, j) => Clipping.clip(polygon, lead(state, k, j)), SQUARE);
  }
  const shares = (state) => CLASSES.map((k) => Clipping.area(region(state, k)) / (2 * REACH) ** 2);

  /* Where two classes tie: the two ends of a line across the square, or nothing. */
  function tie(state, j, k) {
    const half = alike(state, j, k) ? [] : Clipping.clip(SQUARE, lead(state, j, k));
    return half.filter((corner) => Math.abs(lead(state, j, k)(corner)) < 1e-9).slice(0, 2);
  }

  /* --- the picture ---------------------------------------------------------------------- */

  const name = ([x, y], text, style = 'font-style="italic"') =>
    svgText(x, y + 5, text, `text-anchor="middle" pointer-events="none" ${style}`);

  function area(polygon, k) {
    const points = polygon.map((corner) => toPicture(corner).map((c) => c.toFixed(1)).join());
    return `<polygon points="${points.join(" ")}" fill="var(--class-${k})" fill-opacity="0.2"` +
      ' stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/>';
  }

  const arrow = (tip, k) =>
    polyline([toPicture([0, 0]), tip], `style="stroke: var(--class-${k})" stroke-width="3"`) +
    handle(tip, k, `<circle r="6" fill="var(--class-${k})" stroke="var(--paper)"/>`);

  /* Around a point, and inside the square. */
  const around = ([x, y]) => Array.from({ length: 16 }, (_, i) => [
    within(x + 21 * Math.cos(i * Math.PI / 8), LEFT + 14, LEFT + SIZE - 14),
    within(y + 21 * Math.sin(i * Math.PI / 8), TOP + 11, FLOOR - 11)]);

  /* Each name stands where it has most room; the number of too narrow a region is left out. */
  function names(state, tips, x, ties) {
    const taken = [...tips.map((tip) => [toPicture([0, 0]), tip]), [x, x]];
    const place = (places, lines) => {
      const [left, top] = Clipping.roomiest(places, [...taken, ...lines]);
      const free = Clipping.room([left, top], [...taken, ...lines]);
      taken.push([[left - 8, top], [left + 8, top]]);
      return { at: [left, top], free };
    };
    const arrows = tips.map((tip, k) => name(place(around(tip), ties).at, `w${SUBSCRIPTS[k]}`));
    const point = name(place(around(x), ties).at, "x");
    const numbers = CLASSES.map((k) => {
      const own = GRID.filter((at) => CLASSES.every((j) => j === k || lead(state, k, j)(at) > 0));
      if (!own.length) return "";
      const lines = Clipping.edges(region(state, k).map(toPicture));
      const { at, free } = place(own.map(toPicture), [...lines, ...ties]);
      return free < 10 ? "" : name(at, k, 'font-size="20"');
    });
    return [...arrows, point, ...numbers].join("");
  }

  function axes() {
    const tick = 'font-size="14" text-anchor=';
    return [-REACH, 0, REACH].map((c) => fixed(c, 0)).concat("").map((text, i) => {
      const [x, y] = toPicture([i < 3 ? (i - 1) * REACH : 2, i < 3 ? (i - 1) * REACH : 2]);
      return svgText(x, FLOOR + 17, text || "x₁", `${tick}"middle"`) +
        svgText(LEFT - 5, y + 5, text || "x₂", `${tick}"end"`);
    }).join("");
  }

  function bar(prob, k) {
    const x = LEFT + k * 110, y = FLOOR + 62;
    const box = (width, style) => `<rect x="${x}" y="${y}" width="${width}" height="9" ${style}/>`;
    return svgText(x, y - 6, `class ${k}: ${fixed(prob, 3)}`, 'font-size="14"') +
      box(100, 'fill="none" stroke="var(--muted)"') +
      box((100 * prob).toFixed(2), `fill="var(--class-${k})"`);
  }

  function picture(state) {
    const ties = PAIRS.map(([j, k]) => tie(state, j, k)).filter((ends) => ends.length === 2)
      .map((ends) => ends.map(toPicture));
    const tips = CLASSES.map((k) => toPicture([state.W[0][k], state.W[1][k]]));
    const x = toPicture(state.x);
    return CLASSES.map((k) => area(region(state, k), k)).join("") +
      ties.map((ends) => polyline(ends, 'stroke="currentColor" stroke-dasharray="3 4"')).join("") +
      tips.map(arrow).join("") +
      handle(x, "x", '<path d="M-6-6 6 6M-6 6 6-6" stroke="currentColor" stroke-width="2.5"/>') +
      names(state, tips, x, ties) + axes() +
      svgText(LEFT, FLOOR + 37, "softmax at the point x:", 'font-size="14"') +
      probabilities(state).map(bar).join("");
  }

  /* --- words and controls --------------------------------------------------------------- */

  const owned = (share) => (share < 1e-9 ? "nothing" : share < 0.0005 ? "almost nothing"
    : `${fixed(100 * share, 1)} %`);

  /* Where a class would leave its slider, all three go back to its other end. */
  function addSame(state) {
    for (const [row, most] of [[state.W[0], MOST], [state.W[1], MOST], [state.b, REACH]]) {
      const step = Math.max(...row) + 0.5 <= most ? 0.5 : -most - Math.min(...row);
      row.forEach((value, k) => { row[k] = value + step; });
    }
    state.same = true;
  }

  const slider = (label, most, values, index) => ({
    kind: "range", label, min: -most, max: most, step: 0.1, digits: 2,
    get: (state) => values(state)[index(state)],
    set: (state, value) => { values(state)[index(state)] = value; state.same = false; },
  });
  const chosen = (state) => state.chosen;

  definePanel({
    name: "decision-regions",
    label: "A square divided among three classes",
    width: 360,
    height: 402,
    state: { W: [[1, -0.5, -0.5], [0, 0.866, -0.866]], b: [0, 0, 0], x: [2, 1], chosen: 0, same: false },
    shares, probabilities, addSame, picture,

    controls: [
      { kind: "choice", id: "decision-regions-class", label: "class", options: CLASSES,
        get: chosen, set: (state, k) => { state.chosen = k; } },
      slider("its weight for x₁", MOST, (state) => state.W[0], chosen),
      slider("its weight for x₂", MOST, (state) => state.W[1], chosen),
      slider("its bias", REACH, (state) => state.b, chosen),
      slider("point x, its x₁", REACH, (state) => state.x, () => 0),
      slider("point x, its x₂", REACH, (state) => state.x, () => 1),
      { kind: "button", does: "addSame", label: "Add the same to all three" },
    ],

    words(state) {
      const [first, ...others] = shares(state).map((share, k) => `class ${k} owns ${owned(share)}`);
      const prob = Math.max(...probabilities(state));
      const at = state.x.map((c) => fixed(c, 1)).join(", ");
      return `Of the square ${first}, ${others.join(", ")}. At x = (${at}) the largest probability is ${fixed(prob, 3)}.` +
        (state.same ? " The same went to all three: no region moved." : "");
    },

    drag(state, handle, x, y) {
      const at = [(x - LEFT) / UNIT - REACH, REACH - (y - TOP) / UNIT];
      const most = handle === "x" ? REACH : MOST;
      const [x1, x2] = at.map((c) => within(Math.round(10 * c) / 10, -most, most));
      state.same = false;
      if (handle === "x") state.x = [x1, x2];
      else {
        state.chosen = Number(handle);
        state.W[0][handle] = x1;
        state.W[1][handle] = x2;
      }
    },
  });
}
