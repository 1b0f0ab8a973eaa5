/* Logits and a temperature become probabilities; hardmax stands beside them. */
"use strict";

{
  const CLASSES = ["other", "cat", "dog", "chick"];
  const TOP = 46, ROW = 44, LEFT = 64, LENGTH = 210;

  function row(k, state, prob, hard) {
    const y = TOP + k * ROW;
    const bar = (value, dy, height, style) => `<rect x="${LEFT}" y="${y + dy}" height="${height}"` +
      ` width="${(LENGTH * value).toFixed(2)}" ${style}/>`;
    return svgText(LEFT - 8, y + 12, CLASSES[k], 'text-anchor="end"') +
      bar(prob, -4, 20, `fill="var(--class-${k})"`) +
      (hard ? bar(hard, 20, 6, 'fill="none" stroke="currentColor" stroke-width="1.5"') : "") +
      svgText(LEFT + LENGTH * prob + 6, y + 12, fixed(prob, 3));
  }

  definePanel({
    name: "softmax-bars",
    label: "Softmax and hardmax of four logits",
    width: 360,
    height: 226,
    state: { logits: [5, 2, -1, 3], temperature: 1 },

    controls: [
      ...CLASSES.map((name, k) => ({
        kind: "range", label: `logit of ${name}`, min: -10, max: 10, step: 0.1,
        get: (state) => state.logits[k],
        set: (state, value) => { state.logits[k] = value; },
      })),
      {
        kind: "range", label: "temperature T", min: -1, max: 2, step: 0.01,
        get: (state) => Math.log10(state.temperature),
        set: (state, value) => { state.temperature = 10 ** value; },
        show: (state) => state.temperature.toPrecision(3),
      },
    ],

    picture(state) {
      const probs = Arithmetic.softmax(state.logits, state.temperature);
      const hard = Arithmetic.hardmax(state.logits);
      return svgText(0, 20, "probability after softmax (outline: hardmax)", 'font-size="13"') +
        CLASSES.map((_, k) => row(k, state, probs[k], hard[k])).join("");
    },

    words(state) {
      const probs = Arithmetic.softmax(state.logits, state.temperature);
      const rows = CLASSES.map((name, k) => `${name} ${fixed(state.logits[k], 1)} gives ${fixed(probs[k], 3)}`);
      return `At temperature ${state.temperature.toPrecision(3)}, ${rows.join(", ")}. ` +
        `Hardmax gives all to ${CLASSES[Arithmetic.argmax(state.logits)]}.`;
    },
  });
}
