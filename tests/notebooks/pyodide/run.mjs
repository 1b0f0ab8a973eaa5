// Load the Python of the site once; run each notebook that a line of the input names.
// node run.mjs FOLDER_OF_PYTHON FOLDER_OF_THE_BOOK: a line of JSON answers each line.

import readline from "node:readline";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

process.on("uncaughtException", (error) => {
  console.error(error.message); // without the line of Pyodide's source, a megabyte long
  process.exit(1);
});

const [files, root] = process.argv.slice(2);
const { loadPyodide } = createRequire(import.meta.url)(`${files}/pyodide.js`);
const quiet = () => {};
const python = await loadPyodide({ indexURL: files, stdout: quiet, stderr: quiet });
await python.loadPackage(["softmax_lib", "matplotlib"], { messageCallback: quiet });
python.FS.writeFile("/lib/shell.py", readFileSync(`${files}/shell.py`));
python.runPython(`import sys; sys.path.append("/lib")`);
const shell = python.pyimport("shell");
shell.bring_figures();
const keptSettings = python.runPython(`
  import contextlib, os
  import matplotlib as mpl, matplotlib.font_manager, numpy as np

  @contextlib.contextmanager
  def kept_settings():
      with np.printoptions(), mpl.rc_context():
          yield
  kept_settings
`);

const run = (path) => {
  const { cells } = JSON.parse(readFileSync(`${root}/${path}`, "utf-8"));
  const settings = keptSettings();
  let given;
  shell.start((kind, value) => given.push([kind, JSON.parse(value)]));
  settings.__enter__();
  const outputs = cells
    .filter((cell) => cell.cell_type === "code")
    .map((cell, number) => {
      given = [];
      shell.run(cell.source.join(""), number + 1);
      return given;
    });
  settings.__exit__(null, null, null);
  return outputs;
};

for await (const path of readline.createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(run(path)));
}
