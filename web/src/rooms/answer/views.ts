import type { Query } from "../../api/client";
import type { Intent, QueueItem } from "../../api/types";
import type { IconName } from "../../ui/Icon";

/** What the list shows. */
export const VIEWS = ["open", "mine", "nobody", "snoozed", "resolved"] as const;
export type View = (typeof VIEWS)[number];

export function isView(value: unknown): value is View {
  return VIEWS.some((view) => view === value);
}

/** How the list is asked for. A search looks everywhere unless a view was chosen too. */
export function queryOf(view: View, q: string | undefined): Query {
  if (view === "mine") return { state: "open", assigned: "me", q };
  if (view === "nobody") return { state: "open", assigned: "nobody", q };
  if (view === "open" && q) return { state: "all", q };
  return { state: view, q };
}

export type Bar = "crisis" | "emergency" | "safety" | null;

/** The bar that a row carries while its risk is open. Distress (C1) and a mere topic (C0) stand in the row as words. */
export function barOf(item: Pick<QueueItem, "labels" | "state" | "c0">): Bar {
  const risk = item.labels.risk;
  if (!risk || item.state === "resolved") return null;
  if (risk.label === "crisis_self_harm") return risk.level === "C2" || risk.level === "C3" ? "crisis" : null;
  if (risk.label === "medical_emergency") return risk.level === "past" ? null : "emergency";
  if (risk.label === "safety_threat_or_abuse") return risk.level === "past" ? null : "safety";
  return null;
}

export const INTENT_ICONS: Record<Intent, IconName> = {
  crisis_self_harm: "alert",
  medical_emergency: "heart",
  safety_threat_or_abuse: "shield",
  adverse_event: "pill",
  privacy_exposure: "lock",
  complaint: "complaint",
  question_service: "question",
  question_health: "question",
  misinformation: "flag",
  suggestion: "idea",
  praise: "star",
  job_media_legal: "file",
  spam_offtopic: "cross",
};
