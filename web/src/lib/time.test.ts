import { describe, expect, it } from "vitest";
import { clockTime, duration, relative, toLocalField } from "./time";

const NOW = Date.parse("2026-11-24T10:00:00Z");

describe("relative times", () => {
  it("are now within a minute, on both sides", () => {
    expect(relative("2026-11-24T09:59:30Z", NOW, "en")).toBe("now");
    expect(relative("2026-11-24T10:00:40Z", NOW, "en")).toBe("now");
  });

  it("take the largest whole unit and never round up", () => {
    expect(relative("2026-11-24T09:00:01Z", NOW, "en")).toBe("59 min. ago");
    expect(relative("2026-11-24T12:59:00Z", NOW, "en")).toBe("in 2 hr.");
    expect(relative("2026-11-21T10:00:00Z", NOW, "en")).toBe("3 days ago");
  });

  it("speak the reader's language", () => {
    expect(relative("2026-11-24T09:50:00Z", NOW, "es")).toContain("hace 10");
  });

  it("say a length without a direction, at least a minute", () => {
    expect(duration(-38 * 60, "en")).toBe("38 min");
    expect(duration(5, "en")).toBe("1 min");
  });
});

describe("clock times", () => {
  it("leave the date out today, in the organisation's zone", () => {
    expect(clockTime("2026-11-24T15:02:00Z", NOW, "en-GB", "America/New_York")).toBe("10:02");
    expect(clockTime("2026-11-23T15:02:00Z", NOW, "en-GB", "America/New_York")).toContain("23 Nov");
  });

  it("fill a field in the browser's own zone", () => {
    expect(toLocalField(new Date(2026, 10, 4, 9, 5))).toBe("2026-11-04T09:05");
  });
});
