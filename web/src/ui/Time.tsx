import { useEffect, useState } from "react";
import { useLocale } from "../i18n";
import { clockTime, exact, relative } from "../lib/time";

/** The present, anew every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 30_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}

/** An instant, relative or as a time of day, with the exact one on hover and for machines. */
export function Time({ at, as = "relative" }: { at: string; as?: "relative" | "clock" }) {
  const { tag, zone } = useLocale();
  const now = useNow();
  return (
    <time dateTime={at} title={exact(at, tag, zone)}>
      {as === "relative" ? relative(at, now, tag) : clockTime(at, now, tag, zone)}
    </time>
  );
}
