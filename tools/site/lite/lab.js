// The ways from a notebook of the lab into the book: back to its page, and to the pages that it names.
"use strict";

const book = new URL("../../", location.href);
const files = new URL("../files/", location.href).href;
const { notebooks } = document.currentScript.dataset;

const way = document.createElement("nav");
way.className = "way-back";
const path = new URLSearchParams(location.search).get("path");
const known = notebooks.split(" ").includes(path);
const back = document.createElement("a");
back.href = new URL(known ? path.replace(/ipynb$/, "html") : "book/index.html", book);
back.textContent = known ? "← Back to the page" : "← Back to the book";
way.append(back);
if (location.protocol === "file:") way.append(" The lab runs only where a server sends it.");
document.body.prepend(way);

// JupyterLab looks for such a page among its own files.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const named = link?.href.startsWith(files) && link.href.slice(files.length).match(/^(.+)\.(?:ipynb|md)(#.*)?$/);
  if (!named) return;
  event.stopPropagation();
  link.href = new URL(`${named[1]}.html${named[2] ?? ""}`, book);
  link.target = "_blank";
}, true);
