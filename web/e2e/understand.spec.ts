import type { Page } from "@playwright/test";
import { arrived, expect, queue, signIn, test } from "./bedside";

const COMPLAINT = "Three bills for the same scan";
const CRISIS = "end my life";
const BILLING = /^Cost, billing/;

const conversation = (page: Page) => page.getByRole("region", { name: "Conversation", exact: true });
const chips = (page: Page) => conversation(page).getByRole("list", { name: "What Bedside read in it" }).first();
const chip = (page: Page, name: RegExp) => chips(page).getByRole("button", { name });

test("a label shows the words behind it on hover and on focus, and a person corrects it", async ({ page, demo }) => {
  await signIn(page, demo);
  const id = await arrived(page, demo, COMPLAINT);
  await page.goto(`${demo.url}/inbox/${id}`);
  const billing = chip(page, BILLING);
  await expect(billing).toBeVisible();
  await expect(billing).toContainText(/very sure|fairly sure|not sure/);

  const lit = conversation(page).locator("mark.is-lit");
  await expect(lit).toHaveCount(0);
  await billing.hover();
  await expect(lit.first()).toBeVisible();
  await page.getByRole("heading", { level: 2 }).first().hover();
  await expect(lit).toHaveCount(0);
  await billing.focus();
  await expect(lit.first()).toBeVisible();

  await page.keyboard.press("Enter");
  const menu = page.getByRole("dialog", { name: /About this label: Cost, billing/ });
  await expect(menu.getByText("The words that decided it")).toBeVisible();
  await menu.getByRole("button", { name: "It is something else" }).click();
  await menu.getByLabel("It should be").selectOption("Organisation & efficiency");
  await menu.getByLabel("Why (for colleagues)").fill("It is about how we work.");
  await menu.getByRole("button", { name: "Change it" }).click();
  await expect(menu).toHaveCount(0);
  const changed = chip(page, /^Organisation & efficiency/);
  await expect(changed).toContainText("set by Dana Whitfield");
  await expect(chip(page, BILLING)).toHaveCount(0);

  await page.goto(`${demo.url}/understand/corrections`);
  const entry = page.getByRole("listitem").filter({ hasText: "It is about how we work." });
  await expect(entry).toContainText("set by Dana Whitfield");
  await page.goto(`${demo.url}/understand`);
  const row = page.getByRole("row", { name: /Theme Cost, billing/ });
  await expect(row).toContainText("0%");
  await page.goto(`${demo.url}/trust/log`);
  await expect(page.getByText("Dana Whitfield judged a label (theme) of a message.").first()).toBeVisible();
});

test("a crisis goes down only with a reason, by name, and why it is first is told", async ({ page, demo }) => {
  await signIn(page, demo);
  const id = await arrived(page, demo, CRISIS);
  await page.goto(`${demo.url}/inbox/${id}`);
  await conversation(page).getByText("Why is it here?").click();
  await conversation(page).getByRole("link", { name: "All steps" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /Why is it (first|here)\?/ })).toBeVisible();
  await expect(page.getByText(/^Rank [012] of 0 to 12/)).toBeVisible();
  const first = page.getByRole("region", { name: "Step by step" }).getByRole("listitem").first();
  await expect(first).toContainText("This decided it");
  await expect(first.locator("q").first()).toContainText(/life|any more/);

  await page.getByRole("link", { name: "Back to the conversation" }).click();
  await chip(page, /^crisis/).click();
  const menu = page.getByRole("dialog", { name: /About this label: crisis/ });
  await menu.getByRole("button", { name: "It does not belong here" }).click();
  const remove = menu.getByRole("button", { name: "It does not belong here" });
  await expect(remove).toBeDisabled();
  await menu.getByLabel(/Why\? This takes it out of the urgent ones/).fill("A line from a play; they say so below.");
  await remove.click();
  await expect(menu).toHaveCount(0);
  await expect(conversation(page).getByText("taken off by Dana Whitfield").first()).toBeVisible();
  await expect(queue(page).getByRole("link", { name: new RegExp(CRISIS) })).toBeVisible();
  await conversation(page).getByRole("button", { name: "Put it back" }).first().click();
  await expect(chip(page, /^crisis.*set by Dana Whitfield/)).toBeVisible();
});

test("a stopped reply explains its rule and gives way to a safe text with the own contact", async ({ page, demo }) => {
  await signIn(page, demo);
  const id = await arrived(page, demo, COMPLAINT);
  await page.goto(`${demo.url}/inbox/${id}`);
  const answer = page.getByRole("region", { name: "Answer" });
  const reply = answer.getByRole("textbox", { name: "Your reply" });
  await reply.fill("Thank you for your visit on Tuesday.");
  await expect(answer.getByText("Blocked: this must not leave")).toBeVisible();
  await answer.getByText("About rule B1").first().click();
  await expect(answer.getByText(/45 CFR/).first()).toBeVisible();
  const safe = answer.getByRole("region", { name: "A safe text to begin with" });
  await expect(safe.getByText(/Your own contact is filled in/)).toBeVisible();
  await safe.getByRole("button", { name: "Use the safe text" }).click();
  await expect(reply).toBeFocused();
  await expect(reply).not.toHaveValue(/Tuesday/);
  await expect(answer.getByText("Nothing in it discloses anything")).toBeVisible();
  await expect(answer.getByRole("button", { name: /^Send/ })).toBeEnabled();
});

test("the library of claims is searched, and an export asks twice", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.getByRole("link", { name: "Understand" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Labels and agreement" })).toBeVisible();
  await page.getByRole("link", { name: "Claims" }).click();
  const count = page.getByRole("status").filter({ hasText: /claims/ });
  await expect(count).toBeVisible();
  const all = await count.textContent();
  await page.getByRole("searchbox", { name: "Search the claims" }).fill("vaccine autism");
  await expect(count).not.toHaveText(all ?? "");
  await expect(page.getByRole("article").first()).toContainText("What is known");
  await page.getByRole("link", { name: "Corrections" }).click();
  await expect(page.getByText(/The file holds the words of real persons/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Export" })).toBeDisabled();
  await page.getByLabel("I will keep this file as confidential as the inbox").check();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  expect((await download).suggestedFilename()).toContain("REAL-PERSONS-TEXTS");
});

test("labels are corrected without a mouse", async ({ page, demo }) => {
  await signIn(page, demo);
  const id = await arrived(page, demo, COMPLAINT);
  await page.goto(`${demo.url}/inbox/${id}`);
  const billing = chip(page, BILLING);
  await expect(billing).toBeVisible();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await billing.evaluate((node) => node === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(billing).toBeFocused();
  await page.keyboard.press("Enter");
  const menu = page.getByRole("dialog", { name: /About this label/ });
  await expect(menu).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(menu).toHaveCount(0);
  await expect(billing).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(menu.getByRole("button", { name: "It is right" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(chip(page, /^Cost, billing.*confirmed by Dana Whitfield/)).toBeVisible();
});

test("somebody who reads Spanish reads the labels, their themes and the reasons in Spanish", async ({ page, demo }) => {
  await signIn(page, demo);
  const id = await arrived(page, demo, COMPLAINT);
  await page.evaluate(() => localStorage.setItem("bedside.language", "es"));
  await page.goto(`${demo.url}/inbox/${id}`);
  const talk = page.getByRole("region", { name: "Conversación", exact: true });
  await expect(talk.getByRole("button", { name: /^Costes, facturas y seguros/ })).toBeVisible();
  await page.keyboard.press("l");
  await expect(talk.locator(".chip").first()).toBeFocused();
  await page.keyboard.press("w");
  await expect(page.getByRole("heading", { level: 1, name: "¿Por qué está aquí?" })).toBeVisible();
  await expect(page.getByText("Paso a paso")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Esto lo decidió" })).toHaveCount(1);
});

test("a name that was not found is pointed out by its words", async ({ page, demo }) => {
  await signIn(page, demo);
  const id = await arrived(page, demo, COMPLAINT);
  await page.goto(`${demo.url}/inbox/${id}`);
  await conversation(page).getByRole("button", { name: "Add a label" }).click();
  const menu = page.getByRole("dialog", { name: "Add a label" });
  await menu.getByLabel("What is missing").selectOption("identifier");
  await menu.getByLabel("It should be").selectOption("facility");
  const words = menu.getByLabel("The words, as they stand in the message");
  await words.fill("not in there");
  await expect(menu.getByText("These words do not stand in the message.")).toBeVisible();
  await expect(menu.getByRole("button", { name: "Add it" })).toBeDisabled();
  await words.fill("billing line");
  await menu.getByRole("button", { name: "Add it" }).click();
  await conversation(page).getByText("1 identifier found").click();
  await expect(conversation(page).getByRole("button", { name: /^facility.*set by Dana Whitfield/ })).toBeVisible();
});

test("a text is tried, and what nobody can be sure of asks for a reader", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/understand/try`);
  await page.getByRole("textbox", { name: "Text" }).fill("Vaccines cause autism, everybody knows that.");
  await page.getByRole("button", { name: "Read it" }).click();
  const read = page.getByRole("list", { name: "What Bedside read in it" });
  await read.getByRole("button", { name: /vaccin/i }).click();
  await expect(page.getByRole("dialog").getByText("What is known")).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("button", { name: "It is right" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page
    .getByRole("textbox", { name: "Text" })
    .fill("Napakabait ng mga nars, maraming salamat po sa inyong lahat.");
  await page.getByRole("button", { name: "Read it" }).click();
  await expect(page.getByText(/Please read it yourself/)).toBeVisible();
  await expect(page.getByText(/It would rank 7/)).toBeVisible();
});
