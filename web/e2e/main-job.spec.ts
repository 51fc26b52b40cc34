import { arrived, bare, expect, publicText, queue, signIn, test } from "./bedside";

const COMPLAINT = "Three bills for the same scan";

test("a complaint is answered without disclosing anything, and the public reads the answer", async ({ page, demo }) => {
  await signIn(page, demo);

  // People write while the inbox is open; nobody has to reload it.
  await arrived(page, demo, COMPLAINT);
  const row = queue(page).getByRole("link", { name: new RegExp(COMPLAINT) });
  const pill = queue(page).getByRole("button", { name: /\d+ new/ });
  await expect(async () => {
    if (await pill.isVisible()) await pill.click({ timeout: 500 });
    await expect(row).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await row.click();
  await expect(page.getByRole("region", { name: "Conversation", exact: true }).getByText(COMPLAINT)).toBeVisible();

  // A thank-you for a visit tells the world that there was a visit.
  const answer = page.getByRole("region", { name: "Answer" });
  const reply = answer.getByRole("textbox", { name: "Your reply" });
  const send = answer.getByRole("button", { name: /^Send/ });
  await reply.fill("Thank you for your visit on Tuesday.");
  await expect(answer.getByText("Blocked: this must not leave")).toBeVisible();
  await expect(answer.getByRole("list", { name: "Findings" })).toContainText("B1");
  await expect(send).toBeDisabled();

  await reply.fill("");
  await answer.getByText("Prepared texts").click();
  await answer.locator(".prepared-text").first().click();
  await expect(answer.getByText("Nothing in it discloses anything")).toBeVisible();
  const text = bare(await reply.inputValue());
  await send.click();
  await expect(page.getByText(/^On Lakeside .*\d:\d\d/)).toBeVisible({ timeout: 30_000 });

  expect(await publicText(page, demo.review_site)).toContain(text);
  expect(await publicText(page, demo.review_site)).not.toContain(bare("your visit on Tuesday"));

  await page.goto(`${demo.url}/trust/log`);
  await expect(page.getByText(/Dana Whitfield sent /).first()).toBeVisible();
});
