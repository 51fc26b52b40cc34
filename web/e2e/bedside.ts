import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test as base, expect, type Page } from "@playwright/test";

/** What the program says on its first line once it can be used. */
export interface Ready {
  ready: true;
  url: string;
}

export interface Demo extends Ready {
  email: string;
  password: string;
  second: { email: string; password: string };
  review_site: string;
  blog: string;
  /** The emulated networks, all at one address. */
  sandbox: { base_url: string; networks: { facebook: { page: string } } };
}

/** What people see of a network. */
export const shownBy = (demo: Demo, network: string) => `${demo.sandbox.base_url}/_sandbox/home/${network}`;

const START_MS = 60_000;
const END_MS = 10_000;

function program(): string {
  const path = process.env.BEDSIDE_TEST_BIN;
  if (!path) throw new Error("BEDSIDE_TEST_BIN must name the program under test");
  return path;
}

/** The first line of output that is a JSON object saying that it is ready. */
function readyLine<R extends Ready>(child: ChildProcess): Promise<R> {
  return new Promise((resolve, reject) => {
    const errors: string[] = [];
    const late = setTimeout(() => reject(new Error(`not ready in time\n${errors.join("")}`)), START_MS);
    const fail = (why: string) => {
      clearTimeout(late);
      reject(new Error(`${why}\n${errors.join("")}`));
    };
    child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
    child.once("error", (cause) => fail(cause.message));
    child.once("exit", (code) => fail(`the program ended with ${code} before it was ready`));
    if (!child.stdout) return fail("the program has no output");
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const said = JSON.parse(line) as R;
      if (!said.ready) return;
      clearTimeout(late);
      resolve(said);
    });
  });
}

/** Asks the program to end, and ends it where it does not listen. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await gone;
  clearTimeout(late);
}

async function running<R extends Ready>(args: string[], use: (ready: R) => Promise<void>): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), "bedside-e2e-"));
  const child = spawn(program(), [...args, "--listen", "127.0.0.1:0", "--data", data, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    await use(await readyLine<R>(child));
  } finally {
    await end(child);
    await rm(data, { recursive: true, force: true });
  }
}

export const test = base.extend<{ demo: Demo; empty: Ready }>({
  /** A sample organisation to which people write during the first seconds. */
  demo: async ({ browserName: _ }, use) => {
    await running<Demo>(["demo", "--seconds", "5"], use);
  },
  /** An installation that nobody has set up. */
  empty: async ({ browserName: _ }, use) => {
    await running<Ready>(["serve"], use);
  },
});

export { expect };

export const THEMES = ["light", "dark"] as const;

/** Every page behind the sign-in that needs no id. */
export const PAGES = [
  "/inbox",
  "/listen",
  "/listen/add",
  "/listen/connect/return",
  "/listen/watch",
  "/listen/import",
  "/publish",
  "/publish/new",
  "/understand",
  "/understand/corrections",
  "/understand/claims",
  "/understand/rules",
  "/understand/try",
  "/trust/team",
  "/trust/log",
  "/trust/rules",
  "/trust/settings",
] as const;

export async function signIn(page: Page, demo: Demo): Promise<void> {
  await page.goto(`${demo.url}/login`);
  await page.getByLabel("E-mail").fill(demo.email);
  await page.getByLabel("Password").fill(demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/inbox/);
}

export const queue = (page: Page) => page.getByRole("region", { name: "Conversations" });

/** Waits until the server has a conversation with these words, and gives its id. */
export async function arrived(page: Page, demo: Demo, words: string): Promise<string> {
  let id = "";
  await expect(async () => {
    const response = await page.request.get(`${demo.url}/api/v1/conversations`, {
      params: { limit: 200 },
    });
    const found = (await response.json()) as { items: { id: string; excerpt: string }[] };
    const item = found.items.find(({ excerpt }) => excerpt.includes(words));
    expect(item, `nothing in the inbox says: ${words}`).toBeDefined();
    id = item?.id ?? "";
  }).toPass({ timeout: 60_000 });
  return id;
}

/** A page has settled once a heading stands there and nothing of it is a placeholder. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading").first()).toBeAttached();
  await expect(page.locator(".skeleton")).toHaveCount(0);
}

/** What the public reads at an address, without white space: how lines break is the site's business. */
export async function publicText(page: Page, address: string): Promise<string> {
  const visitor = await page.context().browser()?.newPage();
  if (!visitor) throw new Error("no browser");
  try {
    await visitor.goto(address);
    return bare((await visitor.locator("body").textContent()) ?? "");
  } finally {
    await visitor.close();
  }
}

/** A text without its white space. */
export const bare = (text: string) => text.replace(/\s+/g, "");

/** What the focus is on, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement) || at === document.body) return "";
    const labels = at instanceof HTMLInputElement ? [...(at.labels ?? [])].map((label) => label.textContent) : [];
    return [at.getAttribute("aria-label"), ...labels, at.className, at.textContent].filter(Boolean).join(" ");
  });

/** Goes on with Tab until the focus is on something of this name; gives up after a whole round. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if (name.test(await focused(page))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no way to ${name} by Tab`);
}
