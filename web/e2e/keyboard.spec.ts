import type { Page } from "@playwright/test";
import { arrived, bare, type Demo, expect, publicText, tabTo, test } from "./bedside";

const COMPLAINT = "Three bills for the same scan";

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
