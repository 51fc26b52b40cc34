import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { bare, type Demo, expect, publicText, shownBy, signIn, THEMES, test } from "./bedside";

/** A picture of one red point. */
const PICTURE = {
  name: "door.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
    "base64",
  ),
};

const WORDS = "Our new garden door is open from Monday.";

/** Begins a post on an account of the demo. */
async function begin(page: Page, account: RegExp, words: string): Promise<void> {
  await page.getByRole("link", { name: "Write a post" }).click();
  await page.getByLabel("Goes out as").selectOption({ label: await labelOf(page, account) });
  await page.getByLabel("Text", { exact: true }).fill(words);
}

/** The words by which an account is offered, once the accounts are there. */
async function labelOf(page: Page, account: RegExp): Promise<string> {
  const option = page.getByLabel("Goes out as").locator("option").filter({ hasText: account }).first();
  await expect(option).toBeAttached();
  return (await option.textContent()) ?? "";
}

test("a picture goes out once it is described, with the words that were seen", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.getByRole("link", { name: "Publish", exact: true }).click();
  await begin(page, /Facebook/, WORDS);
  await page.getByLabel("Drop files here, paste them, or choose").setInputFiles(PICTURE);
  await expect(page.getByText(/People who cannot see the picture would learn nothing of it/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeDisabled();

  await page.getByLabel("Picture 1: What it shows").fill("A red door to the garden.");
  const leaves = page.getByRole("region", { name: "This goes out, exactly so" });
  await expect(leaves.getByText("Described as: A red door to the garden.")).toBeVisible();
  await expect(leaves.getByText(WORDS)).toBeVisible();
  await expect(page.getByText("Nothing in it discloses anything")).toBeVisible();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText(/^On .*\d:\d\d/)).toBeVisible({ timeout: 30_000 });
  expect(await publicText(page, shownBy(demo, "facebook"))).toContain(bare(WORDS));

  await page.getByText("Take it back", { exact: true }).click();
  await page.getByRole("button", { name: "Delete it there" }).click();
  await expect(page.getByText("Taken back. It no longer stands there.")).toBeVisible({ timeout: 30_000 });
  expect(await publicText(page, shownBy(demo, "facebook"))).not.toContain(bare(WORDS));
});

test("files are put in order, described and taken out without a mouse", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/publish`);
  await begin(page, /Mastodon/, WORDS);
  const choose = page.getByLabel("Drop files here, paste them, or choose");
  await choose.setInputFiles([PICTURE, { ...PICTURE, name: "again.png" }]);
  const rows = page.getByRole("list", { name: "Pictures, video, documents" });
  await expect(rows.getByRole("listitem")).toHaveCount(2);
  await page.getByLabel("Picture 1: What it shows").fill("First");
  await page.getByLabel("Picture 2: What it shows").fill("Second");
  await page.getByRole("button", { name: "Picture 2: earlier" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Picture 1: What it shows")).toHaveValue("Second");
  await page.getByRole("button", { name: "Picture 2: take out" }).focus();
  await page.keyboard.press("Enter");
  await expect(rows.getByRole("listitem")).toHaveCount(1);
  await expect(page.getByText("Kept", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Picture 1: What it shows")).toHaveValue("Second");
});

test("a post waits for its time and is called back", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/publish`);
  await begin(page, /Mastodon/, WORDS);
  await page.getByLabel("Language of the text").selectOption({ label: "English" });
  await page.getByLabel("At a time").check();
  const tomorrow = new Date(Date.now() + 26 * 3_600_000).toISOString().slice(0, 16);
  await page.getByLabel("Day and time").fill(tomorrow);
  await page.getByRole("button", { name: "Schedule" }).click();
  await expect(page.getByText(/^Leaves .*\d:\d\d/).last()).toBeVisible();
  await page.getByLabel("Reason").fill("The garden is still closed.");
  await page.getByRole("button", { name: "Call it back" }).click();
  await expect(page.getByLabel("Text", { exact: true })).toHaveValue(WORDS);
});

test("a post that stands gets other words, and what it said stays to be read", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/publish`);
  await begin(page, /Facebook/, WORDS);
  await expect(page.getByText("Nothing in it discloses anything")).toBeVisible();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText(/^On .*\d:\d\d/)).toBeVisible({ timeout: 30_000 });
  await page.getByText("Give it other words").click();
  const words = page.getByLabel("The words from now on");
  await expect(words).toHaveValue(WORDS);
  await words.fill("The chart of MRN 4471882 is ready.");
  await page.getByRole("button", { name: "Have them judged" }).click();
  await expect(page.getByRole("link", { name: "The post that gets these words" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeDisabled();
  const changed = "Our new garden door is open from Tuesday.";
  await page.getByLabel("Text", { exact: true }).fill(changed);
  await expect(page.getByText("Nothing in it discloses anything")).toBeVisible();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText(/^On .*\d:\d\d/)).toBeVisible({ timeout: 30_000 });
  const seen = await publicText(page, shownBy(demo, "facebook"));
  expect(seen).toContain(bare(changed));
  expect(seen).not.toContain(bare(WORDS));
  await page.getByRole("link", { name: "The post that gets these words" }).click();
  const said = page.getByRole("region", { name: "What it says there" }).getByRole("listitem");
  await expect(said).toHaveCount(2);
  await expect(said.nth(0)).toContainText(WORDS);
  await expect(said.nth(1)).toContainText("Stands there now");
});

for (const colorScheme of THEMES) {
  for (const [name, width] of Object.entries({ wide: 1360, narrow: 390 })) {
    test(`a post that may no longer leave is held, ${name} and ${colorScheme}`, async ({ page, demo }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 850 });
      await signIn(page, demo);
      await page.goto(`${demo.url}/publish`);
      await begin(page, /Mastodon/, WORDS);
      await expect(page.getByText("Kept", { exact: true })).toBeVisible();
      await leavesSoonUnderOtherRules(page, demo);
      await expect(page.getByText(/^Held: it was judged again/)).toBeVisible({ timeout: 30_000 });
      await page.getByRole("button", { name: /more need somebody/ }).click();
      await expect(page.getByText("Something that was to go out is held")).toBeVisible();
      await expect(page.getByText("It holds something that must not leave.").first()).toBeVisible();
      const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
      expect(
        axe.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`)),
      ).toEqual([]);
      await page.screenshot({ path: `test-results/screens/held-${name}-${colorScheme}.png`, fullPage: true });
      await page.getByLabel("Reason").fill("It needs other words.");
      await page.getByRole("button", { name: "Take it back to correct it" }).click();
      await expect(page.getByLabel("Text", { exact: true })).toHaveValue(WORDS);
      await expect(page.getByText("Something that was to go out is held")).toBeHidden();
    });
  }
}

/** The post is to leave in a moment; meanwhile its account becomes one that may say fixed texts only. */
async function leavesSoonUnderOtherRules(page: Page, demo: Demo): Promise<void> {
  const api = `${demo.url}/api/v1`;
  const headers = (version?: string) => ({
    origin: demo.url,
    "idempotency-key": crypto.randomUUID(),
    ...(version ? { "if-match": version } : {}),
  });
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const post = await (await page.request.get(`${api}/posts/${id}`)).json();
  const at = new Date(Date.now() + 4_000).toISOString();
  const data = { text_hash: post.text_hash, at };
  expect((await page.request.post(`${api}/drafts/${id}/send`, { headers: headers(), data })).status()).toBe(202);
  const account = await page.request.get(`${api}/accounts/${post.account_id}`);
  const changed = await page.request.patch(`${api}/accounts/${post.account_id}`, {
    headers: headers(account.headers().etag),
    data: { part2: true },
  });
  expect(changed.status(), await changed.text()).toBe(200);
}

for (const colorScheme of THEMES) {
  for (const [name, viewport] of Object.entries({
    wide: { width: 1360, height: 850 },
    narrow: { width: 390, height: 844 },
  })) {
    test(`a post that is written hinders nobody on a ${name} screen in the ${colorScheme} theme`, async ({
      page,
      demo,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(viewport);
      await signIn(page, demo);
      await page.goto(`${demo.url}/publish`);
      await begin(page, /Mastodon/, "Thank you for your visit on Tuesday.");
      await page.getByLabel("Drop files here, paste them, or choose").setInputFiles(PICTURE);
      await page.getByLabel("Picture 1: What it shows").fill("The chart of MRN 4471882.");
      await expect(page.getByText("in the description of file 1").first()).toBeVisible();
      await page.getByLabel("At a time").check();
      const over = await page.evaluate(() => {
        const content = document.getElementById("content");
        return content ? content.scrollWidth - content.clientWidth : 0;
      });
      expect(over).toBeLessThanOrEqual(0);
      await page.setViewportSize({ ...viewport, height: 2400 });
      await page.screenshot({ path: `test-results/screens/post-${name}-${colorScheme}.png`, fullPage: true });
      const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
      expect(
        axe.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`)),
      ).toEqual([]);
    });
  }
}
