export { AddAccountPage } from "./AddAccountPage";
export { ImportPage } from "./ImportPage";
export { ListenPage } from "./ListenPage";
