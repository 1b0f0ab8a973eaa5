// Run all cells of a page in Firefox, over WebDriver BiDi; print what they give, as JSON.
// node firefox.mjs FIREFOX ADDRESS SCRIPT PATIENCE: the script, evaluated in the page, says what is there
// after so many milliseconds at most.

import puppeteer from "puppeteer-core";

const [executablePath, address, script, patience] = process.argv.slice(2);
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  headless: true,
  protocolTimeout: Number(patience),
  // Whatever is not on this machine goes to a port at which nobody listens.
  extraPrefsFirefox: {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
  },
});
try {
  const page = await browser.newPage();
  await page.goto(address);
  await page.evaluate(() => {
    document.querySelectorAll(".cell_output").forEach((output) => output.replaceChildren());
    [...document.querySelectorAll("button")].find((b) => b.textContent === "Run all above").click();
  });
  await page.waitForFunction(() => !document.querySelector("[aria-busy]"), { timeout: Number(patience) });
  console.log(JSON.stringify(await page.evaluate(`(${script})()`)));
} finally {
  await browser.close();
}
