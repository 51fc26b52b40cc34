import { describe, expect, it } from "vitest";
import { csvCell } from "../../lib/csv";
import { NO_FILTER, queryOf, toCsv } from "./log";

describe("the log's filter", () => {
  it("takes in the whole of the last day", () => {
    const query = queryOf({ ...NO_FILTER, from: "2026-11-24", to: "2026-11-24" });
    const hours = (Date.parse(String(query.to)) - Date.parse(String(query.from))) / 3_600_000;
    expect(hours).toBe(24);
  });

  it("asks for nothing that was left empty", () => {
    expect(Object.values(queryOf(NO_FILTER)).every((value) => value === undefined)).toBe(true);
  });
});

describe("the log as a file", () => {
  it("cannot run a name as a formula in a spreadsheet", () => {
    const entry = {
      height: 7,
      at: "2026-11-24T10:02:00Z",
      actor: { kind: "user", id: "u1", name: "=cmd()" },
      action: "draft.queued",
      object: { kind: "draft", id: "d1" },
      sentence: 'Dana sent "it", twice',
      hash: "00",
    };
    const csv = toCsv([entry], ["n", "at", "who", "what", "on", "sentence"], csvCell);
    expect(csv.split("\r\n")[1]).toBe(`7,2026-11-24T10:02:00Z,'=cmd(),draft.queued,draft d1,"Dana sent ""it"", twice"`);
  });
});
