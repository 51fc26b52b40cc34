import type { Page } from "@playwright/test";
import { arrived, bare, type Demo, expect, publicText, test } from "./bedside";

const COMPLAINT = "Three bills for the same scan";

/** What the focus is on, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement) || at === document.body) return "";
    const labels = at instanceof HTMLInputElement ? [...(at.labels ?? [])].map((label) => label.textContent) : [];
    return [at.getAttribute("aria-label"), ...labels, at.className, at.textContent].filter(Boolean).join(" ");
  });

/** Goes on with Tab until the focus is on something of this name; gives up after a whole round. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if (name.test(await focused(page))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no way to ${name} by Tab`);
}

async function signInByKeys(page: Page, demo: Demo): Promise<void> {
  await page.goto(`${demo.url}/login`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await tabTo(page, /E-mail/);
  await page.keyboard.type(demo.email);
  await tabTo(page, /Password/);
  await page.keyboard.type(demo.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/inbox/);
}

test("the same is done without ever touching a mouse", async ({ page, demo }) => {
  await signInByKeys(page, demo);
  await arrived(page, demo, COMPLAINT);

  await expect(page.getByRole("searchbox")).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("bills");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: new RegExp(COMPLAINT) })).toBeVisible();
  await tabTo(page, new RegExp(COMPLAINT));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Your reply" })).toBeVisible();

  await page.keyboard.press("r");
  const reply = page.getByRole("textbox", { name: "Your reply" });
  await expect(reply).toBeFocused();
  await page.keyboard.type("Thank you for your visit on Tuesday.");
  await expect(page.getByText("Blocked: this must not leave")).toBeVisible();
  await expect(page.getByRole("list", { name: "Findings" })).toContainText("B1");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Blocked: this must not leave")).toBeVisible();
  await expect(page.getByText(/On its way/)).toHaveCount(0);

  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await expect(reply).toHaveValue("");
  await tabTo(page, /^Prepared texts/);
  await page.keyboard.press("Space");
  await expect(page.locator(".prepared-text").first()).toBeVisible();
  await page.keyboard.press("Tab");
  await tabTo(page, /prepared-text/);
  await page.keyboard.press("Enter");
  await expect(reply).toBeFocused();
  await expect(page.getByText("Nothing in it discloses anything")).toBeVisible();
  const text = bare(await reply.inputValue());
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^On Lakeside .*\d:\d\d/)).toBeVisible({ timeout: 30_000 });

  expect(await publicText(page, demo.review_site)).toContain(text);
});
