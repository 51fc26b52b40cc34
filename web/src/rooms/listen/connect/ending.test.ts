import { expect, it } from "vitest";
import { endingOf } from "./ending";

it("counts the whole days that are left and warns from two weeks on", () => {
  const now = Date.parse("2026-11-27T12:00:00Z");
  expect(endingOf(null, now)).toBeNull();
  expect(endingOf("2027-01-26T12:00:00Z", now)).toEqual({ days: 60, tone: "neutral" });
  expect(endingOf("2026-12-12T12:00:00Z", now)).toEqual({ days: 15, tone: "neutral" });
  expect(endingOf("2026-12-12T11:59:00Z", now)).toEqual({ days: 14, tone: "warn" });
  expect(endingOf("2026-11-27T13:00:00Z", now)).toEqual({ days: 0, tone: "warn" });
  expect(endingOf("2026-11-20T12:00:00Z", now)).toEqual({ days: 0, tone: "bad" });
});
