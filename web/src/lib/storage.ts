const key = (conversation: string) => `bedside.draft.${conversation}`;

/** What somebody typed and no server has yet; it lives as long as the tab, and is cleared on signing out. */
export const unsent = {
  read(conversation: string): string | null {
    return sessionStorage.getItem(key(conversation));
  },
  keep(conversation: string, text: string): void {
    sessionStorage.setItem(key(conversation), text);
  },
  forget(conversation: string): void {
    sessionStorage.removeItem(key(conversation));
  },
  forgetAll(): void {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith("bedside.draft.")) sessionStorage.removeItem(name);
    }
  },
};

export type Theme = "system" | "light" | "dark";

/** Theme and language of this browser; nothing of the organisation is kept here. */
export const preferences = {
  theme(): Theme {
    const value = localStorage.getItem("bedside.theme");
    return value === "light" || value === "dark" ? value : "system";
  },
  setTheme(theme: Theme): void {
    if (theme === "system") localStorage.removeItem("bedside.theme");
    else localStorage.setItem("bedside.theme", theme);
    applyTheme();
  },
  language(): string | null {
    return localStorage.getItem("bedside.language");
  },
  setLanguage(language: string): void {
    localStorage.setItem("bedside.language", language);
  },
  /** Whether single letters act; somebody who dictates turns them off. */
  letters(): boolean {
    return localStorage.getItem("bedside.letters") !== "no";
  },
  setLetters(on: boolean): void {
    localStorage.setItem("bedside.letters", on ? "yes" : "no");
  },
  notifyHere(): boolean {
    return localStorage.getItem("bedside.notify") === "yes";
  },
  setNotifyHere(on: boolean): void {
    localStorage.setItem("bedside.notify", on ? "yes" : "no");
  },
};

/** Sets the theme on the root; without a choice the system decides, in CSS. */
export function applyTheme(): void {
  const theme = preferences.theme();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
