import { useState } from "react";
import { useMessages } from "../i18n";
import { announce } from "./announce";

/** Copies a text; `what` says which to those who hear the button, where it is not the page's main one. */
export function CopyButton({ text, what }: { text: string; what?: string }) {
  const m = useMessages();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce(m.common.copied);
    } catch {
      setCopied(false);
    }
  };
  return (
    <button type="button" className={what ? undefined : "primary"} onClick={copy}>
      {copied ? m.common.copied : m.common.copy}
      {what && <span className="visually-hidden"> {what}</span>}
    </button>
  );
}
