// Code runs where it is read: buttons under each cell of the page, and one Python beside it.
// Nothing is loaded before the first press; worker.js runs the cells, editor.js edits them.
"use strict";

if (location.protocol !== "file:") {
  const { src: address, dataset: megabytes } = document.currentScript;
  const folder = new URL(".", address).href;
  const EDITS = `live:${location.pathname}`;
  const KEPT = "training-a-softmax-classifier"; // the name of the browser's cache
  const cost = `First run: ${megabytes.start} MB (${megabytes.withFigures} with figures)`;

  // --- parts of the page ------------------------------------------------------------------------

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const button = (words, onclick, more) => make("button", { type: "button", textContent: words, onclick, ...more });

  const status = make("p");
  status.setAttribute("role", "status");
  const tell = (words) => {
    if (status.textContent !== words) status.textContent = words;
  };

  const cells = [...document.querySelectorAll("div.cell:has(.cell_input)")].map((element, index) => {
    const pre = element.querySelector(".cell_input pre");
    const output = element.querySelector(".cell_output") ?? make("div", { className: "cell_output" });
    const name = `cell ${index + 1}`;
    return {
      element, pre, output, name, number: index + 1,
      printed: pre.textContent, printedOutput: [...output.childNodes], has: [...output.childNodes],
      alt: [...output.querySelectorAll("img")].map((img) => img.alt),
      mayFail: element.classList.contains("tag_raises-exception"),
      ran: false, editor: null,
    };
  });
  const isChanged = (cell) => cell.pre.textContent !== cell.printed;

  const furnish = (cell) => {
    const { element, pre, output, name } = cell;
    const label = make("span", { id: `live-${cell.number}`, className: "live-name" });
    label.textContent = `${name}: ${cell.printed.trim().split("\n")[0]}`;
    cell.undo = button("Undo my changes", () => undo(cell), { hidden: true });
    cell.editButton = button("Edit", () => edit(cell));
    const above = cells.slice(0, cell.number - 1);
    cell.run = button("Run", () => ask([...above.filter((each) => !each.ran), cell]));
    for (const each of [cell.run, cell.editButton, cell.undo]) each.setAttribute("aria-describedby", label.id);
    const note = make("small", { className: "live-cost", textContent: cost });
    const bar = make("div", { className: "live-bar" }, label, cell.run, cell.editButton, cell.undo, note);
    const folded = element.matches(".tag_hide-input") && element.querySelector("details");
    (folded || pre.closest(".cell_input")).after(bar);
    if (!output.isConnected) bar.after(output);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      cell.run.click();
    }, true);
  };

  // --- code: what a reader writes is kept in the browser ------------------------------------------

  const save = () => {
    const edits = cells.filter(isChanged).map(({ printed, pre }) => [printed, pre.textContent]);
    try {
      if (edits.length) localStorage.setItem(EDITS, JSON.stringify(edits));
      else localStorage.removeItem(EDITS);
    } catch {
      tell("This browser keeps no changes: they are lost when the page is closed.");
    }
  };

  const restoreEdits = () => {
    let edits = [];
    try {
      edits = JSON.parse(localStorage.getItem(EDITS)) ?? [];
    } catch {} // forbidden, or not ours: the page is as printed
    for (const [printed, text] of edits) {
      const cell = cells.find((each) => each.printed === printed && !isChanged(each));
      if (cell) setCode(cell, text);
    }
  };

  const setCode = (cell, text) => {
    cell.pre.textContent = text;
    cell.ran = false;
    cell.undo.hidden = !isChanged(cell);
  };

  const edit = async (cell) => {
    cell.element.querySelector("details")?.setAttribute("open", "");
    const editors = await import(`${folder}editor.js`).catch(() => null);
    if (!editors) return tell("The editor cannot be fetched: is there a network?");
    cell.editButton.hidden = cell.pre.hidden = true;
    cell.editor ??= editors.edit({
      parent: cell.pre.parentElement,
      text: cell.pre.textContent.trimEnd(),
      label: `Code of ${cell.name}. Escape, then Tab leaves it.`,
      changed: (text) => {
        setCode(cell, text.trimEnd() === cell.printed.trimEnd() ? cell.printed : text);
        save();
      },
    });
    cell.editor.focus();
  };

  const undo = (cell) => {
    if (cell.editor) {
      const length = cell.editor.state.doc.length;
      cell.editor.dispatch({ changes: { from: 0, to: length, insert: cell.printed.trimEnd() } });
    }
    setCode(cell, cell.printed);
    save();
    (cell.editor ?? cell.editButton).focus();
  };

  // --- what cells give ------------------------------------------------------------------------------

  const text = (kind, words) => {
    const pre = make("pre", { textContent: words });
    return make("div", { className: `output ${kind} notranslate` }, make("div", { className: "highlight" }, pre));
  };

  const print = (cell, kind, words) => {
    const last = cell.output.lastElementChild;
    if (last?.classList.contains(kind)) last.querySelector("pre").append(words);
    else cell.output.append(text(kind, words));
  };

  const show = (cell, forms) => {
    if (forms["image/png"]) {
      const alt = !isChanged(cell) && cell.alt[cell.output.querySelectorAll("img").length];
      const src = `data:image/png;base64,${forms["image/png"]}`;
      cell.output.append(make("img", { src, alt: alt || "The figure that your code draws" }));
    } else if (forms["text/html"] || forms["image/svg+xml"]) {
      const innerHTML = forms["text/html"] ?? forms["image/svg+xml"];
      cell.output.append(make("div", { className: "output text_html", innerHTML }));
    } else cell.output.append(text("text_plain", `${forms["text/plain"]}\n`));
  };

  const setOutput = (cell, nodes) => {
    cell.output.replaceChildren(...nodes);
    cell.has = nodes;
  };

  // --- the queue: cells wait, one runs ------------------------------------------------------------

  let worker = null, isReady = false, queue = [];

  const wait = (cell) => {
    cell.element.setAttribute("aria-busy", "true");
    cell.output.style.minHeight = `${cell.output.offsetHeight}px`; // the text below stays where it is
    cell.output.replaceChildren();
  };

  const end = (cell) => {
    cell.element.removeAttribute("aria-busy");
    cell.output.style.minHeight = "";
    cell.has = [...cell.output.childNodes];
    for (const pre of cell.output.querySelectorAll("pre")) {
      if (pre.scrollWidth > pre.clientWidth) pre.tabIndex = 0;
    }
  };

  // Cells that were still to run show again what they showed.
  const giveUp = () => {
    for (const cell of queue.splice(0)) {
      setOutput(cell, cell.has);
      end(cell);
    }
    setBusy(false);
  };

  const setBusy = (isBusy) => {
    page.dataset.state = isBusy ? "busy" : "idle";
    stop.disabled = !isBusy;
    restore.disabled = isBusy;
  };

  const ask = (wanted) => {
    const news = wanted.filter((cell) => !queue.includes(cell));
    news.forEach(wait);
    queue.push(...news);
    setBusy(true);
    if (!worker) startPython();
    else if (isReady) next();
  };

  const next = () => {
    const [cell] = queue;
    if (!cell) {
      giveUp();
      tell("Done.");
      return;
    }
    isReady = false;
    cell.sent = cell.pre.textContent;
    worker.postMessage({ source: cell.sent, number: cell.number });
  };

  const startPython = async () => {
    document.documentElement.dataset.live = "loaded"; // the cost need not be said again
    tell("Loading Python …");
    const mine = (worker = { terminate() {} }); // until the script is here; Stop may come before
    const [script, list] = await Promise.all(["worker.js", "python/files.json"].map(fetched));
    const [source, files] = [await script?.blob(), await list?.json()];
    if (worker !== mine) return;
    if (!source || !files) return hear.failed("its script cannot be fetched: is there a network?");
    worker = new Worker(URL.createObjectURL(source));
    worker.onmessage = ({ data: { kind, value } }) => hear[kind](value);
    worker.postMessage({ base: `${folder}python/`, kept: KEPT, files });
  };

  // From the network, or else as it was at the last visit.
  const fetched = async (name) => {
    const cache = await self.caches?.open(KEPT).catch(() => null); // https has one, http has none
    const answer = await fetch(folder + name, { cache: "no-cache" }).catch(() => null);
    if (!answer?.ok) return cache?.match(folder + name);
    await cache?.put(folder + name, answer.clone()).catch(() => {}); // full
    return answer;
  };

  const endPython = () => {
    worker?.terminate();
    worker = null;
    isReady = false;
    for (const cell of cells) cell.ran = false;
  };

  const breakOff = (why) => {
    const cell = queue.shift();
    endPython();
    print(cell, "stderr", `${why}\n`);
    end(cell);
    giveUp();
  };

  const hear = {
    progress: ({ done, total }) => tell(`Loading: ${Math.floor(done / 1e6)} of ${(total / 1e6).toFixed(1)} MB`),
    starting: () => tell("Starting Python …"),
    ready: () => {
      isReady = true;
      next();
    },
    running: () => tell(`Running ${queue[0].name}${queue[1] ? `, ${queue.length - 1} waiting` : ""} …`),
    stdout: (words) => print(queue[0], "stream", words),
    stderr: (words) => print(queue[0], "stderr", words),
    shown: (forms) => show(queue[0], forms),
    error: ({ text }) => print(queue[0], "traceback", `${text}\n`),
    done: (isWell) => {
      const cell = queue.shift();
      end(cell);
      cell.ran = cell.sent === cell.pre.textContent;
      isReady = true;
      if (isWell || cell.mayFail) return next();
      const left = queue.length;
      giveUp();
      tell(`An error in ${cell.name}.${left ? ` ${left} more were not run.` : ""}`);
    },
    failed: (why) => {
      const words = `Python could not be loaded: ${why}`;
      breakOff(words);
      tell(words);
    },
  };

  // --- the page's own buttons -----------------------------------------------------------------------

  const stop = button("Stop", () => {
    queue[0].run.focus({ preventScroll: true }); // this button is off from now on
    breakOff("Stopped.");
    tell("Stopped. The next run starts Python anew, and runs the cells above first.");
  }, { disabled: true });

  const restoreOutputs = () => {
    for (const cell of cells) setOutput(cell, cell.printedOutput);
  };

  const restore = button("Restore the printed output", () => {
    restoreOutputs();
    tell("The printed output is back.");
  });

  const reset = () => {
    giveUp();
    endPython();
    restoreOutputs();
    tell("Python has forgotten everything. Your changes of the code are kept.");
  };

  const page = make("section", { className: "live-page" });
  page.setAttribute("aria-label", "Run this page here");
  page.append(
    status,
    button("Run all above", () => ask(cells)),
    stop,
    button("Reset", reset),
    restore,
  );

  if (cells.length) {
    cells.forEach(furnish);
    restoreEdits();
    tell(`Nothing is loaded yet. ${cost}; your browser keeps them.`);
    cells.at(-1).element.closest("article").append(page);
  }
}
