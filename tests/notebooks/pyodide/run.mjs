// Load the Python of the browser once; run each notebook that a line of the input names.
// node run.mjs FOLDER_OF_PYODIDE FOLDER_OF_THE_BOOK: a line of JSON answers each line.

import readline from "node:readline";
import { pathToFileURL } from "node:url";

process.on("uncaughtException", (error) => {
  console.error(error.message); // without the line of Pyodide's source, a megabyte long
  process.exit(1);
});

const [files, root] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${files}/pyodide.mjs`));
const quiet = () => {};
const python = await loadPyodide({ indexURL: files, stdout: quiet, stderr: quiet });
await python.loadPackage(["numpy", "matplotlib", "ipython"], { messageCallback: quiet });
python.FS.mkdir("/project");
python.FS.mount(python.FS.filesystems.NODEFS, { root }, "/project");
python.runPython(`
  import sys
  sys.dont_write_bytecode = True
  sys.path[:0] = ["/project", "/project/tests/notebooks/pyodide"]
`);
const { run } = python.pyimport("cells");

for await (const path of readline.createInterface({ input: process.stdin })) {
  console.log(run(path));
}
