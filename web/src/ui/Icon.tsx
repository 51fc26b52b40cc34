const PATHS = {
  listen: "M4 13v-2a8 8 0 0 1 16 0v2M4 13a2 2 0 0 1 2-2h1v7H6a2 2 0 0 1-2-2zM20 13a2 2 0 0 0-2-2h-1v7h1a2 2 0 0 0 2-2z",
  answer: "M4 5h16v11H9l-5 4z",
  publish: "M4 20l1-5L16 4l4 4L9 19zM13.500 6.500l4 4",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15 9h.01",
  video: "M4 6h11v12H4zM15 11l5-3v8l-5-3z",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  trust: "M12 3l8 3v6c0 5-3.500 7.500-8 9-4.500-1.500-8-4-8-9V6z",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.500 4.500",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  heart: "M12 20S4 15 4 9.500A4.200 4.200 0 0 1 12 7.500a4.200 4.200 0 0 1 8 2C20 15 12 20 12 20z",
  alert: "M12 4l9 16H3zM12 10v4M12 17h.01",
  shield: "M12 3l8 3v6c0 5-3.500 7.500-8 9-4.500-1.500-8-4-8-9V6zM9 12l2 2 4-4",
  pill: "M8 21a5 5 0 0 1-3.500-8.500l8-8a5 5 0 0 1 7 7l-8 8A5 5 0 0 1 8 21zM8.500 8.500l7 7",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  complaint: "M4 5h16v11H9l-5 4zM12 8v3M12 13h.01",
  question: "M9 9a3 3 0 1 1 4 2.800c-.7.3-1 .8-1 1.700M12 17h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  idea: "M9 18h6M10 21h4M12 3a6 6 0 0 0-3.500 10.900c.5.4.5 1 .5 1.600h6c0-.6 0-1.200.5-1.600A6 6 0 0 0 12 3z",
  flag: "M5 21V4h13l-3 4 3 4H5",
  tag: "M4 4h7l9 9-7 7-9-9zM8 8h.01",
  mood: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 10h.01M15 10h.01M9 15h6",
  check: "M5 12.500l4.500 4.500L19 7.500",
  cross: "M7 7l10 10M17 7L7 17",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
  phone:
    "M6 3h4l1.500 5-2.500 1.500a12 12 0 0 0 5.500 5.500l1.500-2.500 5 1.500v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z",
  star: "M12 4l2.500 5.200 5.500.8-4 4 1 5.800-5-2.800-5 2.800 1-5.800-4-4 5.500-.8z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  plus: "M12 5v14M5 12h14",
  language: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c-6 6-6 12 0 18M12 3c6 6 6 12 0 18",
  understand: "M4 4h7l9 9-7 7-9-9zM8 8h.01M11 12l3 3",
} as const;

export type IconName = keyof typeof PATHS;

/** A small line drawing beside a text that says the same; never alone. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
