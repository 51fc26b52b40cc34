export { AgreementPage } from "./AgreementPage";
export { ClaimsPage } from "./ClaimsPage";
export { CorrectionsPage } from "./CorrectionsPage";
export { TryPage } from "./TryPage";
