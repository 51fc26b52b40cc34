import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { Problem } from "./api/client";
import { keys, queryClient } from "./api/hooks";
import { trust } from "./api/operations";
import { Crashed, Frame } from "./frame/Frame";
import { NotFound } from "./frame/NotFound";
import { InboxPage } from "./rooms/answer/InboxPage";
import { isView, type View } from "./rooms/answer/views";
import { keepReturn, RETURN_PATH } from "./rooms/listen/connect/returned";
import { LoginPage } from "./rooms/start/LoginPage";

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crashed });

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { to?: string } => ({ to: text(search.to) }),
  component: LoginPage,
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  component: lazyRouteComponent(() => import("./rooms/start/SetupPage"), "SetupPage"),
});

/** Where somebody goes who is not signed in: the first run while nobody exists, the sign-in page else. */
async function door(here: string) {
  const setup = await trust.setupNeeded().catch(() => ({ needed: false }));
  if (setup.needed) return redirect({ to: "/setup" });
  return redirect({ to: "/login", search: here === "/" ? {} : { to: here } });
}

const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "frame",
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData({ queryKey: keys.me, queryFn: trust.me, staleTime: 300_000 });
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 401) throw await door(location.href);
      throw problem;
    }
  },
  component: Frame,
});

const indexRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox" });
  },
});

const inboxRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: "/inbox",
  validateSearch: (search: Record<string, unknown>): { view?: View; q?: string } => ({
    view: isView(search.view) && search.view !== "open" ? search.view : undefined,
    q: text(search.q),
  }),
  component: InboxPage,
});
const conversationRoute = createRoute({ getParentRoute: () => inboxRoute, path: "$id" });

const page = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => frameRoute, path, component });
const listening = () => import("./rooms/listen/index");
const trusting = () => import("./rooms/trust/index");
const publishing = () => import("./rooms/publish/index");
const understanding = () => import("./rooms/understand/index");

const routeTree = rootRoute.addChildren([
  loginRoute,
  setupRoute,
  frameRoute.addChildren([
    indexRoute,
    inboxRoute.addChildren([conversationRoute]),
    page(
      "/people/$id",
      lazyRouteComponent(() => import("./rooms/people/PersonPage"), "PersonPage"),
    ),
    page(
      "/why/$id",
      lazyRouteComponent(() => import("./rooms/answer/WhyPage"), "WhyPage"),
    ),
    page("/publish", lazyRouteComponent(publishing, "PublishPage")),
    page("/publish/$id", lazyRouteComponent(publishing, "PostPage")),
    page("/understand", lazyRouteComponent(understanding, "AgreementPage")),
    page("/understand/corrections", lazyRouteComponent(understanding, "CorrectionsPage")),
    page("/understand/claims", lazyRouteComponent(understanding, "ClaimsPage")),
    page("/understand/try", lazyRouteComponent(understanding, "TryPage")),
    page("/understand/rules", lazyRouteComponent(trusting, "RulesPage")),
    page("/listen", lazyRouteComponent(listening, "ListenPage")),
    page("/listen/add", lazyRouteComponent(listening, "AddAccountPage")),
    page(RETURN_PATH, lazyRouteComponent(listening, "ReturnPage")),
    page("/listen/watch", lazyRouteComponent(listening, "WatchPage")),
    page("/listen/import", lazyRouteComponent(listening, "ImportPage")),
    page("/trust/team", lazyRouteComponent(trusting, "TeamPage")),
    page("/trust/log", lazyRouteComponent(trusting, "LogPage")),
    page("/trust/settings", lazyRouteComponent(trusting, "SettingsPage")),
    page("/trust/rules", lazyRouteComponent(trusting, "RulesPage")),
  ]),
]);

// The code that a network sent back never reaches the router, nor a history or a sign-in address made of it.
keepReturn(window.location, window.history);

export const router = createRouter({ routeTree, defaultPreload: false, scrollRestoration: true });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
