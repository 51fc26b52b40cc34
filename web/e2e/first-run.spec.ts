import AxeBuilder from "@axe-core/playwright";
import { expect, settled, test } from "./bedside";

test("an empty installation is set up on one page, and then teaches where to begin", async ({ page, empty }) => {
  await page.goto(empty.url);
  await expect(page).toHaveURL(/\/setup/);
  await settled(page);
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  await page.getByLabel("Name", { exact: true }).fill("Riverbend Clinic");
  await page.getByLabel("Your name").fill("Ana Morales");
  await page.getByLabel("E-mail").fill("ana@riverbend.example.org");
  await page.getByLabel("Password").fill("a quiet river at night");
  await page.getByRole("button", { name: "Create the organisation" }).click();

  await expect(page.getByRole("heading", { name: "Ready. Where should Bedside listen first?" })).toBeVisible();
  await page.getByRole("link", { name: /Connect an account/ }).click();
  await expect(page).toHaveURL(/\/listen\/add/);
  await expect(page.getByRole("radio", { name: /WordPress/ })).toBeChecked();

  await page.goto(`${empty.url}/inbox`);
  await expect(page.getByText("Nobody waits for an answer")).toBeVisible();
  await page.goto(`${empty.url}/listen`);
  await expect(page.getByText("Bedside does not listen anywhere yet.")).toBeVisible();

  // It is set up once; the door to doing it again is closed.
  await page.goto(`${empty.url}/setup`);
  await expect(page).toHaveURL(/\/inbox/);
});
