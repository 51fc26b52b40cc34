import { useState } from "react";
import { useMessages } from "../i18n";
import { announce } from "./announce";

export function CopyButton({ text }: { text: string }) {
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
    <button type="button" className="primary" onClick={copy}>
      {copied ? m.common.copied : m.common.copy}
    </button>
  );
}
