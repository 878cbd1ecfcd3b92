/** What a process does with leadership. */
export interface LeadershipCallbacks {
  /** Leadership begins; the signal aborts when it ends. */
  readonly onStarted: (signal: AbortSignal) => void;
  /** Leadership has ended; the Lease is given back only after the returned promise has settled. */
  readonly onStopped?: (() => void | Promise<void>) | undefined;
}

/** Decides which of several replicas does what only one may do. */
export interface LeaderElection {
  readonly isLeader: boolean;
  start(): void;
  /** Ends leadership, then gives it back so that another replica need not wait. */
  stop(): Promise<void>;
}
