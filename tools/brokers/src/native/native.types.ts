import type { BrokerCredentials, BrokerLack, BrokerNeeds, BrokerSettings } from '../broker.types.js';

/** A kind of broker as it is run without containers. */
export interface NativeBrokerKind {
  /** What can be asked for; the first is the default. */
  readonly versions: readonly string[];
  /** What it cannot give at all, in words; undefined: nothing of these needs. */
  objection(needs: BrokerNeeds): string | undefined;
  /** What is ready to be run, without a download. `version` undefined: the default, or whatever takes its place. */
  find(version: string | undefined): InstalledBroker | undefined;
  /** Brings it into the cache, where it is not. Throws `InstallFailure`. */
  install(version: string | undefined): Promise<InstalledBroker>;
}

/** A broker that can be run on this machine. */
export interface InstalledBroker {
  readonly version: string;
  readonly lacks: readonly BrokerLack[];
  /** Where it is, for people. */
  readonly path: string;
  /** Writes the configuration of the servers (anew), keeps their data, and tells how to start them. */
  layOut(plan: ServerPlan): readonly ServerCommand[];
}

/** Servers of a broker that is to be run. */
export interface ServerPlan {
  /** For everything that they write. */
  readonly folder: string;
  /** Of each server. */
  readonly ports: readonly ServerPorts[];
  readonly credentials?: BrokerCredentials | undefined;
  readonly settings?: BrokerSettings | undefined;
}

/** Ports of 127.0.0.1 that one server may listen on. */
export interface ServerPorts {
  /** For clients: its address. */
  readonly client: number;
  /** For the other servers. */
  readonly peer: number;
  /** For elections or monitoring. */
  readonly control: number;
}

/** How a server is started. */
export interface ServerCommand {
  /** As messages name it: `kafka server 1`. */
  readonly title: string;
  readonly port: number;
  readonly program: string;
  readonly args: readonly string[];
  /** The folder it runs in. */
  readonly folder: string;
  /** What it writes to stdout and stderr is added to this file. */
  readonly logFile: string;
  /** Asked again and again, with what it has logged since it was started. */
  isReady(log: string): boolean | Promise<boolean>;
}

/** An installation that did not work out; the message is one sentence for people. */
export class InstallFailure extends Error {
  override readonly name = 'InstallFailure';
}
