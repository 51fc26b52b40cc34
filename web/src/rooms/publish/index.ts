export { PostPage } from "./PostPage";
export { PublishPage } from "./PublishPage";
