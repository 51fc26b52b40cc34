import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { preferences } from "../lib/storage";
import { en, type Messages } from "./en";
import { es } from "./es";

export type { Messages } from "./en";

export type Language = "en" | "es";

const CATALOGUES: Record<Language, Messages> = { en, es };

function supported(tag: string | null | undefined): Language | null {
  const language = tag?.slice(0, 2).toLowerCase();
  return language === "en" || language === "es" ? language : null;
}

/** The reader's own choice, else the organisation's language, else the browser's. */
export function chooseLanguage(organisation: string | undefined): Language {
  return supported(preferences.language()) ?? supported(organisation) ?? supported(navigator.language) ?? "en";
}

interface Locale {
  m: Messages;
  language: Language;
  /** The tag for numbers and dates: the browser's region where it speaks the language. */
  tag: string;
  zone: string | undefined;
  setLanguage: (language: Language) => void;
  setOrganisation: (language: string | undefined, zone: string | undefined) => void;
}

const Context = createContext<Locale | null>(null);

export function LocaleProvider({ children }: { children: ReactNode }) {
  const [organisation, setOrganisationState] = useState<{ language?: string; zone?: string }>({});
  const [chosen, setChosen] = useState(0);
  const locale = useMemo<Locale>(() => {
    void chosen;
    const language = chooseLanguage(organisation.language);
    const region = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language));
    return {
      m: CATALOGUES[language],
      language,
      tag: region ?? language,
      zone: organisation.zone,
      setLanguage: (next) => {
        preferences.setLanguage(next);
        setChosen((count) => count + 1);
      },
      setOrganisation: (nextLanguage, zone) =>
        setOrganisationState((now) =>
          now.language === nextLanguage && now.zone === zone ? now : { language: nextLanguage, zone },
        ),
    };
  }, [organisation, chosen]);
  useEffect(() => {
    document.documentElement.lang = locale.language;
  }, [locale.language]);
  return <Context value={locale}>{children}</Context>;
}

export function useLocale(): Locale {
  const locale = useContext(Context);
  if (!locale) throw new Error("LocaleProvider is missing above this component");
  return locale;
}

export function useMessages(): Messages {
  return useLocale().m;
}
