/* Print the start of every panel as JSON, name -> HTML: node tools/book_ext/panels.js FILE… */
"use strict";

const fs = require("node:fs");
const vm = require("node:vm");

for (const path of process.argv.slice(2)) {
  vm.runInThisContext(fs.readFileSync(path, "utf8"), path);
}
const starts = vm.runInThisContext(
  "Object.fromEntries(Object.values(Panels).map((panel) => [panel.name, panelHTML(panel)]))",
);
console.log(JSON.stringify(starts));
