import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { queryClient, useMe } from "../api/hooks";
import { trust } from "../api/operations";
import { type Language, useLocale } from "../i18n";
import { preferences, type Theme, unsent } from "../lib/storage";
import { Dialog } from "../ui/Dialog";
import { ProblemNote } from "../ui/Feedback";
import { SelectField } from "../ui/Field";

/** Theme, language and the way out. */
export function MenuDialog({ onClose, onSheet }: { onClose: () => void; onSheet: () => void }) {
  const { m, language, setLanguage } = useLocale();
  const me = useMe();
  const navigate = useNavigate();
  const [theme, setTheme] = useState<Theme>(preferences.theme());
  const [problem, setProblem] = useState<unknown>(null);
  const signOut = async () => {
    try {
      await trust.signOut();
    } catch (cause) {
      setProblem(cause);
      return;
    }
    unsent.forgetAll();
    await navigate({ to: "/login" });
    queryClient.clear();
  };
  return (
    <Dialog title={me.data?.user.name ?? m.common.menu} onClose={onClose}>
      {me.data && <p className="muted">{me.data.user.email}</p>}
      <SelectField
        label={m.common.theme}
        value={theme}
        options={(["system", "light", "dark"] as const).map((name) => [name, m.common.themes[name]] as const)}
        onChange={(event) => {
          const next = event.target.value as Theme;
          preferences.setTheme(next);
          setTheme(next);
        }}
      />
      <SelectField
        label={m.common.language}
        value={language}
        options={[
          ["en", "English"],
          ["es", "Español"],
        ]}
        onChange={(event) => setLanguage(event.target.value as Language)}
      />
      <ProblemNote problem={problem} />
      <div className="buttons">
        <button
          type="button"
          onClick={() => {
            onClose();
            onSheet();
          }}
        >
          {m.common.shortcuts}
        </button>
        <button type="button" onClick={() => void signOut()}>
          {m.common.signOut}
        </button>
      </div>
    </Dialog>
  );
}
