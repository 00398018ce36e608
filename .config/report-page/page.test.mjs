// The page of a report, as somebody uses it in a browser. `cargo xtask page-test` makes the pages
// and runs this beside them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const EXAMPLE = new URL("example.html", import.meta.url).href;
const UNCHANGED = new URL("unchanged.html", import.meta.url).href;
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

let browser;

before(async () => {
  const quiet = ["gpu", "quic", "background-networking", "component-update", "sync"];
  const args = ["--no-first-run", ...quiet.map((what) => `--disable-${what}`)];
  browser = await chromium.launch({ executablePath: process.env.BROWSER, args });
});

after(() => browser.close());

/** Opens a page, and fails if it complains, shows a dialog or asks for anything else. */
async function open(t, url, options = {}) {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== url) complaints.push(`request: ${request.url()}`);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(url);
  return page;
}

const shown = (page) => page.locator("article:visible h3").allTextContents();
const count = (page) => page.locator("output").textContent();
const focused = (page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement.querySelector("h3")?.textContent ?? activeElement.name;
  });
const verdict = (page, axis, name) =>
  page.getByRole("group", { name: axis }).getByRole("checkbox", { name });

const ALL = [
  "Property removed",
  "Enum value added to an answer",
  "Operation renamed",
  "Pattern changed",
  "Server changed",
  "Optional parameter added",
];

test("all changes are shown at first, worst first", async (t) => {
  const page = await open(t, EXAMPLE);
  assert.deepEqual(await shown(page), ALL);
  assert.equal(await count(page), "7 of 7 changes shown");
});

test("the verdicts filter, each axis for itself", async (t) => {
  const page = await open(t, EXAMPLE);
  await verdict(page, "Wire", "breaking").uncheck();
  assert.deepEqual(await shown(page), [
    "Operation renamed",
    "Pattern changed",
    "Server changed",
    "Optional parameter added",
  ]);
  await verdict(page, "Client", "compatible").uncheck();
  assert.deepEqual(await shown(page), ["Operation renamed", "Pattern changed"]);
  assert.equal(await count(page), "2 of 7 changes shown");
  // Headings over nothing are hidden, too.
  assert.equal(await page.getByRole("heading", { name: "Compatible changes" }).isVisible(), false);
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await count(page), "7 of 7 changes shown");
});

test("operations filter, and so does the document as a whole", async (t) => {
  const page = await open(t, EXAMPLE);
  const operation = page.getByRole("combobox", { name: "Operation" });
  await operation.selectOption({ label: "list_pets" });
  assert.deepEqual(await shown(page), ["Property removed", "Optional parameter added"]);
  await operation.selectOption({ label: "operation_40" });
  assert.deepEqual(await shown(page), ["Enum value added to an answer"]);
  await operation.selectOption({ label: "the document as a whole" });
  assert.deepEqual(await shown(page), ["Server changed"]);
  await operation.selectOption({ label: "GET /pets/<b>{id}</b>|`x`" });
  assert.deepEqual(await shown(page), ["Pattern changed"]);
});

test("text is looked for in all of a change, in capitals or not", async (t) => {
  const page = await open(t, EXAMPLE);
  const text = page.getByRole("searchbox");
  await text.fill("PETS.example/V2");
  assert.deepEqual(await shown(page), ["Server changed"]);
  await text.fill("</script>");
  assert.deepEqual(await shown(page), ["Pattern changed"]);
  await text.fill("no change says this");
  assert.equal(await count(page), "0 of 7 changes shown");
});

test("the keyboard suffices", async (t) => {
  const page = await open(t, EXAMPLE);
  await page.keyboard.press("Tab");
  assert.equal(await page.locator(":focus").textContent(), "Skip to the changes");
  assert.ok(await page.locator(":focus").isVisible());
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "changes");
  await page.keyboard.press("j");
  assert.equal(await focused(page), ALL[0]);
  await page.keyboard.press("j");
  assert.equal(await focused(page), ALL[1]);
  await page.keyboard.press("k");
  assert.equal(await focused(page), ALL[0]);
  await page.keyboard.press("/");
  assert.equal(await focused(page), "text");
  await page.keyboard.type("jk");
  assert.equal(await page.getByRole("searchbox").inputValue(), "jk");
});

test("the keys can be turned off", async (t) => {
  const page = await open(t, EXAMPLE);
  await page.getByRole("checkbox", { name: "Keys" }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("j");
  assert.equal(await focused(page), "keys");
});

test("every control is reached by Tab, and shows that it has the focus", async (t) => {
  const page = await open(t, EXAMPLE);
  const reached = [];
  while (true) {
    await page.keyboard.press("Tab");
    const control = await page.evaluate(() => {
      const { activeElement } = document;
      const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
      const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      return { form: activeElement.form?.id, name: activeElement.name, seen };
    });
    assert.ok(control.seen, `${control.name} does not show its focus`);
    if (control.form) reached.push(control.name);
    else if (reached.length > 0) break;
  }
  const axes = [...Array(3).fill("wire"), ...Array(3).fill("client")];
  assert.deepEqual(reached, [...axes, "operation", "text", "all", "keys"]);
});

test("without its script the page shows all, and no controls that do nothing", async (t) => {
  const page = await open(t, EXAMPLE, { javaScriptEnabled: false });
  assert.equal((await shown(page)).length, ALL.length);
  assert.equal(await page.locator("form").isVisible(), false);
});

test("what stands in documents is text, and no foreign script could run", async (t) => {
  const page = await open(t, EXAMPLE);
  assert.equal(await page.locator("img, b, iframe, object").count(), 0);
  assert.equal(await page.locator("script").count(), 1);
  const policy = page.locator("meta[http-equiv=Content-Security-Policy]");
  assert.match(await policy.getAttribute("content"), /^default-src 'none';/);
});

test("the policy holds back a script that gets in all the same", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(EXAMPLE);
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    return window.ran === true;
  });
  assert.equal(ran, false);
});

test("before and after stand beside each other, marked not by colour alone", async (t) => {
  const page = await open(t, EXAMPLE);
  const change = page.locator("article", { hasText: "Operation renamed" });
  const [removed, added] = [change.locator("del").first(), change.locator("ins").first()];
  assert.equal(await removed.textContent(), '"pet_feed"');
  assert.equal(await added.textContent(), '"feed_pet"');
  const [left, right] = [await removed.boundingBox(), await added.boundingBox()];
  assert.ok(left.x + left.width <= right.x && Math.abs(left.y - right.y) < 2);
  const sign = (element) => getComputedStyle(element, "::before").content;
  assert.deepEqual([await removed.evaluate(sign), await added.evaluate(sign)], ['"−"', '"+"']);
});

for (const [name, url] of Object.entries({ example: EXAMPLE, unchanged: UNCHANGED })) {
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [WIDE, NARROW]) {
      test(`axe finds nothing: ${name}, ${colorScheme}, ${viewport.width} wide`, async (t) => {
        const page = await open(t, url, { colorScheme, viewport });
        await page.evaluate(() => {
          for (const details of document.querySelectorAll("details")) details.open = true;
        });
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => axe.run());
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
        assert.deepEqual(found, []);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(overflow, 0, "the page has to be scrolled sideways");
      });
    }
  }
}
