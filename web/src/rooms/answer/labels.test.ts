import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Assessment, Correction, LabelName, Message } from "../../api/types";
import { en } from "../../i18n/en";
import { es } from "../../i18n/es";
import { labelsOf, removedOf, spanOf } from "./labels";

const name = (label: string, detail: string | null = null): LabelName => ({ label, detail, span: null });
const by = { id: "usr_1", name: "Dana" };

const correction = (
  act: Correction["act"],
  shown: LabelName | null,
  says: LabelName | null,
  more = {},
): Correction => ({
  id: `cor_${act}`,
  at: "2026-11-24T10:00:00Z",
  by,
  message_id: "msg_1",
  conversation_id: "cnv_1",
  kind: "intent",
  act,
  shown,
  score: 0.8,
  made_by: "rules",
  says,
  note: null,
  rank_before: 7,
  rank_after: 7,
  counts: true,
  ...more,
});

const message = (intents: string[], corrections: Correction[]): Message =>
  ({
    corrections,
    assessment: {
      language: "en",
      language_score: 1,
      sentiment: null,
      intents: intents.map((label) => ({ label, score: 0.8, evidence: [] })),
      risks: [],
      themes: [],
      claims: [],
      identifiers: [],
    } as unknown as Assessment,
  }) as Message;

const intents = (of: Message) => labelsOf(of).filter(({ kind }) => kind === "intent");

describe("the labels of a message", () => {
  it("say who set them, who agreed, and what they were", () => {
    const [label] = intents(message(["praise"], [correction("change", name("complaint"), name("praise"))]));
    expect([label?.setBy?.name, label?.was?.label, label?.confirmedBy]).toEqual(["Dana", "complaint", null]);
    const [agreed] = intents(message(["praise"], [correction("confirm", name("praise"), null)]));
    expect([agreed?.setBy, agreed?.confirmedBy?.name]).toEqual([null, "Dana"]);
  });

  it("do not hear what was said about an earlier text", () => {
    const old = correction("change", name("complaint"), name("praise"), { counts: false });
    expect(intents(message(["praise"], [old]))[0]?.setBy).toBeNull();
  });

  it("show what was taken off until somebody puts it back", () => {
    const off = correction("remove", name("complaint"), null);
    const gone = message(["praise"], [off]);
    expect(removedOf(gone, labelsOf(gone))).toEqual([off]);
    const back = message(["complaint"], [off, correction("add", null, name("complaint"))]);
    expect(removedOf(back, labelsOf(back))).toEqual([]);
  });
});

describe("the words of an identifier", () => {
  it("are found in scalar values, also behind an emoji", () => {
    expect(spanOf("🙏 thank you Mary", " Mary ")).toEqual([12, 16]);
    expect(spanOf("thank you", "Mary")).toBeNull();
    expect(spanOf("thank you", " ")).toBeNull();
  });
});

describe("the names of the themes", () => {
  it("are those that the server knows, in both languages", () => {
    const source = readFileSync(new URL("../../../../crates/model/src/theme.rs", import.meta.url), "utf8");
    const known = [...source.matchAll(/^ {4}\("([^"]+)", "[^"]+"\),$/gm)].map(([, theme]) => theme);
    expect(known.length).toBe(35);
    expect(Object.keys(en.understand.themeNames).sort()).toEqual([...known].sort());
    expect(Object.keys(es.understand.themeNames).sort()).toEqual([...known].sort());
  });
});
