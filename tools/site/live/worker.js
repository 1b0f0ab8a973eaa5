// Python beside the page. It takes { base, kept, files } once, then cells: { source, number }.
// It answers { kind, value }: progress, starting, ready, running, what a cell gives, done, failed.
"use strict";

const say = (kind, value) => postMessage({ kind, value });
const network = self.fetch;
const held = new Map(); // name -> bytes, until Pyodide takes them

let base, kept, files, python, shell;

// --- files: each is fetched once, checked, and kept in the browser ------------------------------

const load = async (group) => {
  const names = Object.keys(files).filter((name) => files[name].group === group);
  const total = names.reduce((sum, name) => sum + files[name].wire, 0);
  let done = 0;
  const arrived = (wire) => say("progress", { done: (done += wire), total });
  await Promise.all(names.map(async (name) => held.set(name, await bytesOf(name, files[name], arrived))));
  say("starting");
};

const addressOf = (name) => `${base}${name}?${files[name].sha256.slice(0, 16)}`;

const bytesOf = async (name, file, arrived) => {
  const cache = await self.caches?.open(kept).catch(() => null);
  const known = await cache?.match(addressOf(name));
  const answer = known ?? (await network(addressOf(name)).catch(() => null));
  if (!answer) throw Error(`${name} cannot be fetched: is there a network?`);
  if (!answer.ok) throw Error(`${name} is missing on this site (${answer.status}).`);
  const bytes = await read(answer, name, file, arrived);
  if (!(await isSound(bytes, file))) {
    await cache?.delete(addressOf(name));
    throw Error(`${name} is damaged: it is not the file that this page was made for.`);
  }
  if (cache && !known) await cache.put(addressOf(name), new Response(bytes)).catch(() => {}); // full
  return bytes;
};

const read = async (answer, name, file, arrived) => {
  const bytes = new Uint8Array(file.bytes);
  const reader = answer.body.getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    if (done) break;
    if (at + value.length > file.bytes) return null;
    bytes.set(value, at);
    at += value.length;
    arrived((value.length / file.bytes) * file.wire);
  }
  if (at < file.bytes) throw Error(`${name} came in part: ${at} of ${file.bytes} bytes.`);
  return bytes;
};

const isSound = async (bytes, file) => {
  if (!bytes || !self.crypto.subtle) return Boolean(bytes);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === file.sha256;
};

const forgetOldFiles = async () => {
  const cache = await self.caches?.open(kept).catch(() => null);
  const wanted = new Set(Object.keys(files).map(addressOf));
  for (const { url } of (await cache?.keys()) ?? []) {
    if (url.startsWith(base) && url.includes("?") && !wanted.has(url)) await cache.delete(url);
  }
};

// Pyodide asks for its files as ever; they are here already.
self.fetch = async (request, options) => {
  const name = String(request.url ?? request).replace(base, "");
  if (!held.has(name)) return network(request, options);
  const bytes = held.get(name);
  held.delete(name);
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(bytes, { headers: { "Content-Type": type } });
};

// --- Python -----------------------------------------------------------------------------------

const runScript = async (name) => {
  const source = await (await fetch(base + name)).arrayBuffer();
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  importScripts(address);
  URL.revokeObjectURL(address);
};

const start = async () => {
  await load("start");
  await runScript("pyodide.js");
  await runScript("pyodide.asm.js");
  const quiet = () => {};
  python = await loadPyodide({ indexURL: base, stdin: () => null, stdout: quiet, stderr: quiet });
  await install(["numpy", "softmax_lib"]);
  python.FS.writeFile("/lib/shell.py", await (await fetch(`${base}shell.py`)).text());
  python.runPython(`import sys; sys.path.append("/lib")`);
  shell = python.pyimport("shell");
  shell.start((kind, value) => say(kind, JSON.parse(value)));
  say("ready");
  forgetOldFiles();
};

const install = async (packages) => {
  const complaints = [];
  const errorCallback = (line) => complaints.push(line);
  await python.loadPackage(packages, { messageCallback: () => {}, errorCallback });
  if (complaints.length) throw Error(complaints[0]);
};

const run = async ({ source, number }) => {
  if (shell.draws(source) && !python.loadedPackages.matplotlib) {
    await load("figures");
    await install(["matplotlib"]);
    shell.bring_figures();
  }
  say("running");
  say("done", shell.run(source, number));
};

self.onmessage = async ({ data }) => {
  try {
    if (!data.base) return await run(data);
    ({ base, kept, files } = data);
    await start();
  } catch (error) {
    say("failed", error.message);
  }
};
