import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { arrived, bare, type Demo, expect, publicText, signIn, THEMES, tabTo, test } from "./bedside";

const HELD = "The car park behind the garden was full again.";
const RUDE = "Whoever works at that desk is a fool.";

/** Somebody writes on the blog; what is held is shown to nobody until somebody approves it. */
async function writes(
  page: Page,
  demo: Demo,
  author: string,
  text: string,
  more: object = {},
): Promise<{ id: number }> {
  const data = { author, text, ...more };
  const said = await page.request.post(new URL("_sandbox/write", demo.blog).href, { data });
  expect(said.ok()).toBe(true);
  return (await said.json()) as { id: number };
}

const theBlog = (page: Page, demo: Demo) => publicText(page, new URL("_sandbox/home", demo.blog).href);

const conversation = (page: Page) => page.getByRole("region", { name: "Conversation", exact: true });

test("what the blog holds is approved, and what is taken away needs a reason that stays in the log", async ({
  page,
  demo,
}) => {
  await signIn(page, demo);
  await writes(page, demo, "Sam Rivers", HELD, { status: "hold" });
  const id = await arrived(page, demo, HELD);
  await page.goto(`${demo.url}/inbox/${id}`);
  const card = conversation(page).getByRole("listitem").filter({ hasText: HELD }).first();
  await expect(card.getByText("held for review")).toBeVisible();
  expect(await theBlog(page, demo)).not.toContain(bare(HELD));

  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme });
    await card.getByRole("button", { name: "Approve" }).click();
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations).toEqual([]);
    await page.keyboard.press("Escape");
  }
  await card.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  await expect(card.getByText("held for review")).toBeHidden({ timeout: 30_000 });
  expect(await theBlog(page, demo)).toContain(bare(HELD));

  // Without a mouse: the menu, the reason, and what it means.
  await tabTo(page, /What can be done about the message of Sam Rivers/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Hide" })).toBeFocused();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Hide this from the public?" });
  await expect(dialog.getByText(/Criticism stays, and is answered/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Hide" })).toBeDisabled();
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations).toEqual([]);
  await dialog.getByLabel("It discloses somebody's data").check();
  await dialog.getByLabel(/A few words for the team/).fill("He gives a number plate.");
  await dialog.getByRole("button", { name: "Hide" }).press("Enter");
  await expect(card.getByText("hidden by us")).toBeVisible({ timeout: 30_000 });
  expect(await theBlog(page, demo)).not.toContain(bare(HELD));

  await page.goto(`${demo.url}/trust/log`);
  const hidden = /asked the network to hide a message: it discloses somebody's data/;
  await expect(page.getByText(hidden).first()).toBeVisible();
});

test("who is answered is chosen, and stays chosen", async ({ page, demo }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await signIn(page, demo);
  const first = await writes(page, demo, "Rosa Nunez", RUDE);
  await writes(page, demo, "Ida Lund", "I found them kind.", { parent: first.id });
  const id = await arrived(page, demo, RUDE);
  await page.goto(`${demo.url}/inbox/${id}`);
  await page.getByRole("button", { name: /Answer this one.*Rosa Nunez/ }).click({ timeout: 30_000 });
  await expect(page.getByRole("region", { name: "Answer" }).getByText("Your answer goes to Rosa Nunez")).toBeVisible();
  const made = page.waitForResponse((response) => response.url().endsWith("/drafts") && response.status() === 201);
  await page.getByRole("textbox", { name: "Your reply" }).fill("Thank you for telling us. Please call 555-0100.");
  const draft = (await (await made).json()) as { destination: { in_reply_to: string } };
  expect(draft.destination.in_reply_to).toBe("Rosa Nunez");
});
