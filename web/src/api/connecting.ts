/** The shapes of connecting an account and of watching for terms, as the API's own document gives them. */
import type { components } from "./schema";

type Shapes = components["schemas"];

export type NetworkShape = Shapes["NetworkShape"];
export type Permission = Shapes["PermissionShape"];
export type Registration = Shapes["Registration"];
export type NewRegistration = Shapes["AddRegistration"];
export type RegistrationChange = Shapes["ChangeRegistration"];
export type Credentials = Shapes["AccountCredentials"];
export type AuthorisationBegun = Shapes["AuthorisationBegun"];
export type AuthorisationGranted = Shapes["AuthorisationGranted"];
export type AuthorisationReturn = Shapes["AuthorisationReturn"];
export type Figure = Shapes["Figure"];
export type Figures = Shapes["Figures"];
export type WatchTerm = Shapes["WatchTerm"];
export type NewWatchTerm = Shapes["NewWatchTerm"];
export type WatchHit = Shapes["WatchHit"];
