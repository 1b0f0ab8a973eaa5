// The ways from a notebook of the lab: to its page, to the pages that it names, and to the other notebooks.
"use strict";

const site = new URL("../../", location.href);
const files = new URL("../files/", location.href).href;
const pages = document.currentScript.dataset.pages.split(" ");

const notebook = new URLSearchParams(location.search).get("path") ?? "";
const page = pages.find((one) => one.endsWith(`/${notebook.replace(/ipynb$/, "html")}`));
const ways = [
  page ? ["← Back to the page", new URL(page, site)] : ["← Back to the book", new URL("book/index.html", site)],
  ["All notebooks", new URL("../tree/index.html", location.href)],
];

const bar = document.createElement("nav");
bar.className = "ways";
bar.setAttribute("aria-label", "From the lab to the book");
for (const [words, address] of ways) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = words;
  bar.append(link);
}
if (location.protocol === "file:") bar.append("The lab runs only where a server sends it.");
document.body.prepend(bar);

// JupyterLab looks for such a page among its own files.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const named = link?.href.startsWith(files) && link.href.slice(files.length).match(/^(.+)\.(?:ipynb|md)(#.*)?$/);
  if (!named) return;
  event.stopPropagation();
  link.href = new URL(`book/${named[1]}.html${named[2] ?? ""}`, site);
  link.target = "_blank";
}, true);
