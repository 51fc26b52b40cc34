import { useQuery } from "@tanstack/react-query";
import { keys, useMay } from "../../api/hooks";
import { trust } from "../../api/operations";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { Loaded } from "../../ui/Feedback";
import { AlertsSection } from "./AlertsSection";
import { ClocksSection, PolicySection } from "./ClocksSection";
import { HoursSection } from "./HoursSection";
import { OrganisationSection } from "./OrganisationSection";
import { HereSection, PasswordSection } from "./OwnSections";
import { RotaSection } from "./RotaSection";
import "../listen/listen.css";
import "./trust.css";

/** How the organisation works: who it is, when it is open, how fast it answers, who is told. */
export function SettingsPage() {
  const m = useMessages();
  const words = m.trust;
  const may = useMay();
  const mayRead = may("read_settings");
  const mayChange = may("manage_settings");
  const query = useQuery({ queryKey: keys.settings, queryFn: trust.settings, enabled: mayRead });
  useTitle(words.settings);
  const own = [
    ["here", words.here],
    ["password", words.changePassword],
  ] as const;
  const all = [
    ["organisation", words.organisation],
    ["hours", words.hours],
    ["clocks", words.clocks],
    ["policy", words.policy],
    ["alerts", words.alerts],
    ["rota", words.rota],
    ...own,
  ] as const;
  return (
    <div className="trust-page">
      <header className="page-top">
        <div>
          <h1>{words.settings}</h1>
          <p>{mayRead && !mayChange ? words.readOnly : words.settingsLead}</p>
        </div>
      </header>
      <div className="settings-grid">
        <nav className="settings-nav" aria-label={words.section}>
          <ul>
            {(mayRead ? all : own).map(([id, name]) => (
              <li key={id}>
                <a href={`#${id}`}>{name}</a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="stack">
          {mayRead && (
            <Loaded query={query} shape="card" rows={5}>
              {({ data: settings, etag }) => {
                const props = { settings, etag, mayChange };
                return (
                  <>
                    <OrganisationSection {...props} />
                    <HoursSection {...props} />
                    <ClocksSection {...props} />
                    <PolicySection {...props} />
                    <AlertsSection {...props} />
                    <RotaSection {...props} mayChange={mayChange || may("manage_rota")} />
                  </>
                );
              }}
            </Loaded>
          )}
          <HereSection />
          <PasswordSection />
        </div>
      </div>
    </div>
  );
}
