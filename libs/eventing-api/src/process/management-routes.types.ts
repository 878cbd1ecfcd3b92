/** One page of the management port that a library contributes, as JSON. */
export interface ManagementRoute {
  /** One word: `accounting` is served at `GET /accounting`. */
  readonly name: string;
  /** What to answer; called for each request. A rejection is a 500. */
  readonly read: () => unknown;
}

/** Where libraries enter their pages, beside those of health and metrics. */
export interface ManagementRoutes {
  /** Throws where the name is taken. */
  add(route: ManagementRoute): void;
}

/** Routes that nobody serves. */
export const noManagementRoutes: ManagementRoutes = { add() {} };
