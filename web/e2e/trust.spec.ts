import { expect, settled, signIn, test } from "./bedside";

test("a colleague is added, signs in, and sees only what the roles allow", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/trust/team`);
  await page.getByRole("button", { name: "Add a person" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a person" });
  await dialog.getByLabel("Name").fill("Kim Sato");
  await dialog.getByLabel("E-mail").fill("kim@lakeside.example.org");
  await dialog.getByLabel("First password").fill("a boat on the lake");
  await dialog.getByRole("button", { name: "Add a person" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("kim@lakeside.example.org")).toBeVisible();

  await page.context().clearCookies();
  await signIn(page, { ...demo, email: "kim@lakeside.example.org", password: "a boat on the lake" });
  await page.goto(`${demo.url}/trust/settings`);
  await expect(page.getByRole("heading", { name: "Your password" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Response clocks" })).toHaveCount(0);
});

test("a holiday is kept, and a second section can be saved after the first", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/trust/settings`);
  await page.getByRole("button", { name: "Add a holiday" }).click();
  const holiday = page.getByRole("group", { name: "Holiday 1" });
  await holiday.getByLabel("Date").fill("2026-12-25");
  await holiday.getByLabel("Name").fill("Christmas");
  const hours = page.getByRole("form", { name: "Opening hours" });
  await hours.getByRole("button", { name: /^Save/ }).click();
  await expect(hours.getByText("Saved", { exact: true })).toBeVisible();

  const rota = page.getByRole("form", { name: "On call, in this order" });
  await rota.getByRole("button", { name: "Move Robin Okafor up" }).click();
  await rota.getByRole("button", { name: /^Save/ }).click();
  await expect(rota.getByText("Saved", { exact: true })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("group", { name: "Holiday 1" }).getByLabel("Name")).toHaveValue("Christmas");
  await expect(page.getByRole("form", { name: "On call, in this order" }).getByText("1. Robin Okafor")).toBeVisible();
});

test("the log is verified on demand, filtered, and a rule is tried on a sentence", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/trust/log`);
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(page.getByText("The chain is whole", { exact: true })).toBeVisible();
  await page.getByLabel("What", { exact: true }).fill("no.such.action");
  await page.getByRole("button", { name: "Filter the log" }).click();
  await expect(page.getByText("No entry fits. Widen the filter.")).toBeVisible();

  await page.goto(`${demo.url}/trust/rules`);
  await settled(page);
  await page.getByLabel("A sentence as it might stand in a reply").fill("Thank you for your visit on Tuesday.");
  await page.getByRole("button", { name: "Check it" }).click();
  await expect(page.getByText("It would be stopped.")).toBeVisible();
});
