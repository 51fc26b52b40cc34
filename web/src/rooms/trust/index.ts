export { LogPage } from "./LogPage";
export { RulesPage } from "./RulesPage";
export { SettingsPage } from "./SettingsPage";
export { TeamPage } from "./TeamPage";
