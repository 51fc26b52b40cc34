export { AddAccountPage } from "./AddAccountPage";
export { ReturnPage } from "./connect/ReturnPage";
export { ImportPage } from "./ImportPage";
export { ListenPage } from "./ListenPage";
export { WatchPage } from "./WatchPage";
