/* What every panel is: a picture drawn from a state, native controls that change the state, and a
   sentence that says it.

   A panel is described by an object:

     name      the custom element, such as "softmax-bars"; browsers ask for a hyphen
     label     what a screen reader calls it
     state     the values at the start
     controls  a list of { kind: "range" | "choice" | "button", … }, see `controlHTML`
     picture   state -> SVG, in a box that is `width` by `height`
     words     state -> the sentence
     drag      optional: (state, handle, x, y) -> changes the state; `handle` is the `data-handle`
               of what the pointer took hold of, x and y are in the picture's own units

   `panelHTML` needs no browser: the build writes each panel's start into its page with it, so that
   a page without scripts, and the printed book, show the same picture. */
"use strict";

const Panels = {};

/* --- text ---------------------------------------------------------------------------------- */

const escapeHTML = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/* A number with a true minus sign, and never a minus before zeros. */
function fixed(value, digits) {
  const text = value.toFixed(digits);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

function svgText(x, y, text, attributes = "") {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escapeHTML(text)}</text>`;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/* The outline of an arrow, for the `d` of a path; a short arrow has a short head. */
function arrow(x1, y1, x2, y2, head = 8) {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const size = Math.min(head, 0.6 * Math.hypot(x2 - x1, y2 - y1));
  const barb = (turn) => `${(x2 - size * Math.cos(angle + turn)).toFixed(1)} ` +
    `${(y2 - size * Math.sin(angle + turn)).toFixed(1)}`;
  const tip = `${x2.toFixed(1)} ${y2.toFixed(1)}`;
  return `M${x1.toFixed(1)} ${y1.toFixed(1)}L${tip}M${barb(0.5)}L${tip}L${barb(-0.5)}`;
}

/* --- a panel as HTML ----------------------------------------------------------------------- */

function controlHTML(control, state) {
  if (control.kind === "button") {
    return `<button type="button" data-does="${control.does}">${escapeHTML(control.label)}</button>`;
  }
  if (control.kind === "choice") {
    const options = control.options.map((name, k) => `<label><input type="radio" value="${k}"` +
      ` name="${control.id}"${k === control.get(state) ? " checked" : ""}>${escapeHTML(name)}</label>`);
    return `<fieldset><legend>${escapeHTML(control.label)}</legend>${options.join("")}</fieldset>`;
  }
  const value = control.get(state);
  return `<label class="panel-range"><span>${escapeHTML(control.label)}</span>` +
    `<input type="range" min="${control.min}" max="${control.max}" step="${control.step}"` +
    ` value="${value}" autocomplete="off"><output>${shown(control, state)}</output></label>`;
}

/* A slider may run over logarithms or positions; `show` says what its reader should see. */
const shown = (control, state) =>
  control.show ? control.show(state) : fixed(control.get(state), control.digits ?? 1);

function pictureHTML(panel, state) {
  const label = escapeHTML(`${panel.label}. ${panel.words(state)}`);
  return `<svg viewBox="0 0 ${panel.width} ${panel.height}" role="img" aria-label="${label}"` +
    ` xmlns="http://www.w3.org/2000/svg" fill="currentColor">${panel.picture(state)}</svg>`;
}

function panelHTML(panel, state = structuredClone(panel.state)) {
  const controls = panel.controls.map((control) => controlHTML(control, state)).join("");
  return `<div class="panel-picture">${pictureHTML(panel, state)}</div>` +
    `<div class="panel-controls">${controls}` +
    `<button type="button" data-does="reset">Start again</button></div>` +
    `<p class="panel-words" aria-live="polite">${escapeHTML(panel.words(state))}</p>`;
}

/* --- a panel in the browser ---------------------------------------------------------------- */

function elementFor(panel) {
  return class extends HTMLElement {
    connectedCallback() {
      this.setAttribute("role", "group");
      this.setAttribute("aria-label", panel.label);
      this.start();
      this.addEventListener("input", (event) => this.take(event.target));
      this.addEventListener("click", (event) => this.press(event.target.dataset.does));
      if (panel.drag) this.letDrag();
    }

    start() {
      this.stop();
      this.state = structuredClone(panel.state);
      this.innerHTML = panelHTML(panel, this.state);
      this.inputs = [...this.querySelectorAll("input")];
    }

    disconnectedCallback() {
      this.stop();
    }

    /* The control to which an input belongs: one input a range, one an option of a choice. */
    controlOf(input) {
      const owners = panel.controls.flatMap((control) =>
        control.kind === "range" ? [control]
          : control.kind === "choice" ? control.options.map(() => control) : []);
      return owners[this.inputs.indexOf(input)];
    }

    take(input) {
      this.controlOf(input).set(this.state, Number(input.value));
      this.show();
    }

    press(does) {
      if (does === undefined) return;
      if (does === "reset") {
        this.start();
        this.querySelector("[data-does=reset]").focus();
        return;
      }
      if (does === "run") this.run();
      else panel[does](this.state);
      this.show();
    }

    /* Twelve steps a second; all at once for readers who asked for less motion. */
    run() {
      this.stop();
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      let steps = panel.runLength;
      if (still) while (steps-- > 0) panel.step(this.state);
      else {
        this.timer = setInterval(() => {
          panel.step(this.state);
          this.show();
          if (--steps === 0) this.stop();
        }, 83);
      }
    }

    stop() {
      clearInterval(this.timer);
    }

    show() {
      this.querySelector(".panel-picture").innerHTML = pictureHTML(panel, this.state);
      for (const input of this.inputs) {
        const control = this.controlOf(input);
        if (control.kind === "choice") input.checked = Number(input.value) === control.get(this.state);
        else {
          input.value = control.get(this.state);
          input.nextElementSibling.value = shown(control, this.state);
          input.setAttribute("aria-valuetext", shown(control, this.state));
        }
      }
      /* The sentence waits until the hand rests: a screen reader would fall behind. */
      clearTimeout(this.saying);
      this.saying = setTimeout(() => {
        this.querySelector(".panel-words").textContent = panel.words(this.state);
      }, 150);
    }

    letDrag() {
      let handle;
      const move = (event) => {
        const svg = this.querySelector(".panel-picture svg");
        const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        panel.drag(this.state, handle, at.x, at.y);
        this.show();
      };
      this.addEventListener("pointerdown", (event) => {
        handle = event.target.closest?.("[data-handle]")?.dataset.handle;
        if (handle === undefined) return;
        event.preventDefault();
        /* The picture is drawn anew at each move, so what stays must hold the pointer. */
        this.querySelector(".panel-picture").setPointerCapture(event.pointerId);
        move(event);
      });
      this.addEventListener("pointermove", (event) => { if (handle !== undefined) move(event); });
      for (const end of ["pointerup", "pointercancel"]) {
        this.addEventListener(end, () => { handle = undefined; });
      }
    }
  };
}

function definePanel(panel) {
  if (!panel.name.includes("-")) throw new Error(`the name of a panel needs a hyphen: ${panel.name}`);
  Panels[panel.name] = panel;
  if (typeof customElements !== "undefined") customElements.define(panel.name, elementFor(panel));
}
