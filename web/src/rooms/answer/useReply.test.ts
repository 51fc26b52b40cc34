import { describe, expect, it } from "vitest";
import type { Draft, DraftState } from "../../api/types";
import { draftsTo, newestDraft } from "./useReply";

const draft = (id: string, version: number, state: DraftState) => ({ id, version, state, kind: "reply" }) as Draft;

describe("the draft that somebody goes on with", () => {
  it("is the open one of the conversation at first", () => {
    expect(newestDraft([draft("a", 3, "sent"), draft("b", 1, "writing")], null)?.id).toBe("b");
  });
  it("is what the last change answered until the conversation knows a later version", () => {
    expect(newestDraft([draft("a", 1, "writing")], draft("a", 2, "ready"))?.version).toBe(2);
    expect(newestDraft([draft("a", 3, "awaiting_approval")], draft("a", 2, "ready"))?.version).toBe(3);
  });
  it("is gone once somebody else sent it", () => {
    expect(newestDraft([draft("a", 5, "sent")], draft("a", 4, "awaiting_approval"))).toBeNull();
  });
  it("is gone at once when it was sent here, before the conversation says so", () => {
    expect(newestDraft([draft("a", 4, "approved")], draft("a", 5, "queued"))).toBeNull();
  });
  it("stays with the message that it answers", () => {
    const to = (id: string, message: string) => ({ ...draft(id, 1, "writing"), in_reply_to: message }) as Draft;
    const drafts = [to("a", "first"), to("b", "second")];
    expect(draftsTo(drafts, "second").map(({ id }) => id)).toEqual(["b"]);
    expect(draftsTo(drafts, "third")).toEqual([]);
    expect(draftsTo(drafts, null)).toHaveLength(2);
  });
});
