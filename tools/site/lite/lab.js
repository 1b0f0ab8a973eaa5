// The ways from a notebook of the lab into the book: back to its page, and to the pages that it names.
"use strict";

const site = new URL("../../", location.href);
const files = new URL("../files/", location.href).href;
const pages = document.currentScript.dataset.pages.split(" ");

const notebook = new URLSearchParams(location.search).get("path") ?? "";
const page = pages.find((one) => one.endsWith(`/${notebook.replace(/ipynb$/, "html")}`));
const back = document.createElement("a");
back.href = new URL(page ?? "book/index.html", site);
back.textContent = page ? "← Back to the page" : "← Back to the book";
const way = document.createElement("nav");
way.className = "way-back";
way.append(back);
if (location.protocol === "file:") way.append(" The lab runs only where a server sends it.");
document.body.prepend(way);

// JupyterLab looks for such a page among its own files.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const named = link?.href.startsWith(files) && link.href.slice(files.length).match(/^(.+)\.(?:ipynb|md)(#.*)?$/);
  if (!named) return;
  event.stopPropagation();
  link.href = new URL(`book/${named[1]}.html${named[2] ?? ""}`, site);
  link.target = "_blank";
}, true);
