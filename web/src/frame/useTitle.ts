import { useEffect } from "react";
import { useMessages } from "../i18n";

/** Names the page in the tab; what is due comes first, so that a narrow tab still shows it. */
export function useTitle(title: string, due = 0): void {
  const m = useMessages();
  useEffect(() => {
    document.title = `${due > 0 ? `(${due}) ` : ""}${title} · ${m.common.product}`;
  }, [title, due, m]);
}
