import { isDeepStrictEqual } from 'node:util';
import {
  validateAgainstSchema,
  type ClusterChannelProvisioner,
  type Clock,
  type Logger,
  type ObjectKey,
  type SecretValues,
  type SubscriptionAccount,
} from '@millrace/eventing-api';
import { isDeleting, type KubeClient, type ObjectCache, type Reconciler, type ReconcileResult } from '@millrace/kube';
import { messageOf } from '../message-of.js';
import type { ProvisionerOptions } from '../provisioner-options.js';
import { DeadLetterLosses } from '../dead-letters/dead-letter-losses.js';
import type { ConsumptionContext } from '../subscribers/channel-consumptions.js';
import { OpenStore } from './open-store.js';
import { readSecrets, secretNames } from './secret-values.js';
import { servingProvider, type ServingProvider } from './serving-provider.js';

/** Why a store is not open as its ClusterChannelProvisioner asks. */
export interface StoreFault {
  readonly reason: 'InvalidParameters' | 'SecretNotFound' | 'StoreUnavailable';
  readonly message: string;
}

/** What stands for a ClusterChannelProvisioner here; with a fault beside a store, the store is open with the parameters from before. */
export interface StoreState {
  readonly store?: OpenStore | undefined;
  readonly fault?: StoreFault | undefined;
}

export interface StoreHostContext {
  readonly client: KubeClient;
  readonly provisioners: ObjectCache<ClusterChannelProvisioner>;
  readonly options: Pick<ProvisionerOptions, 'providers' | 'systemNamespace'>;
  readonly consumption: ConsumptionContext;
  /** Told after each change of a state. */
  readonly onChange: (provisioner: string) => void;
}

/** How long a store that is replaced may go on delivering what would be lost with it. */
const REOPEN_GRACE_MS = 30_000;

/** How soon a Secret that has changed is noticed. */
const SECRETS_PERIOD_MS = 30_000;

/** Longer than anybody waits between two scrapes. */
const RETIRED_KEPT_MS = 15 * 60_000;

/** An end that takes longer says what it waits for. */
const TELL_AFTER_MS = 1_000;

/** Opens, reopens and closes one store for each ClusterChannelProvisioner that a driver of this process serves. Runs in every replica. */
export class StoreHost implements Reconciler {
  readonly name = 'stores';
  readonly deadLetterLosses: DeadLetterLosses;
  private readonly states = new Map<string, StoreState>();
  /** Aborts when the process has no more time: also for stores that are just being replaced. */
  private readonly outOfTime = new AbortController();
  /** Stores that were replaced not long ago. */
  private readonly retired = new Set<OpenStore>();
  private closed = false;

  constructor(private readonly context: StoreHostContext) {
    this.deadLetterLosses = new DeadLetterLosses(context.consumption.logger);
  }

  state(provisioner: string): StoreState | undefined {
    return this.states.get(provisioner);
  }

  open(provisioner: string): OpenStore | undefined {
    return this.states.get(provisioner)?.store;
  }

  *openStores(): Iterable<OpenStore> {
    for (const { store } of this.states.values()) if (store) yield store;
  }

  /** Of the events in every store of this process. A store that was replaced counts for a while longer: what was lost with it must still be seen. */
  *accounts(): Iterable<SubscriptionAccount> {
    for (const store of [...this.openStores(), ...this.retired]) {
      for (const account of store.driver.accounts?.() ?? []) {
        if (account.subscription.channel.purpose === 'events') yield account;
      }
    }
  }

  async reconcile({ name }: ObjectKey): Promise<ReconcileResult | undefined> {
    const provisioner = this.context.provisioners.get({ name });
    const serving =
      provisioner && !isDeleting(provisioner)
        ? servingProvider(provisioner, this.context.options.providers)
        : undefined;
    const state = this.states.get(name);
    if (!serving) {
      if (state) await this.dismiss(name, state);
      return undefined;
    }
    const fault = faultOfParameters(serving);
    if (fault) {
      this.set(name, { ...state, fault });
      return undefined;
    }
    await this.follow(name, serving, state);
    // Secrets are not watched: that would take the right to read every one of them.
    return secretNames(serving.parameters).length > 0 ? { requeueAfterMs: SECRETS_PERIOD_MS } : undefined;
  }

  async drain(deadline: AbortSignal): Promise<void> {
    if (deadline.aborted) this.outOfTime.abort();
    else deadline.addEventListener('abort', () => this.outOfTime.abort(), { once: true });
    const stores = [...this.openStores()];
    const patience = this.clock.schedule(TELL_AFTER_MS, () => this.tellWhatWaits(stores));
    await Promise.all(stores.map((store) => store.drain(deadline)));
    patience.cancel();
  }

  async close(): Promise<void> {
    this.closed = true;
    const stores = [...this.openStores()];
    this.states.clear();
    await Promise.all(stores.map((store) => store.close()));
  }

  /** One line for whoever wonders why the process does not end. */
  private tellWhatWaits(stores: readonly OpenStore[]): void {
    Promise.all(stores.map((store) => store.unsettled())).then(
      (counts) => {
        const unsettled = Object.assign({}, ...counts) as Record<string, number>;
        this.logger.warn('Waiting for events to be delivered before the end; a second Ctrl-C ends at once', {
          unsettled,
        });
      },
      (error: unknown) => this.logger.debug('What the end waits for is not known', { error }),
    );
  }

  /** Opens the store, or opens it anew where its parameters or Secrets are others than before. */
  private async follow(name: string, serving: ServingProvider, state: StoreState | undefined): Promise<void> {
    const secrets = await this.secretsOf(name, serving, state);
    const store = state?.store;
    if (store && isSame(store, serving, secrets)) {
      this.set(name, { store });
      return;
    }
    if (store) await this.dismiss(name, state);
    await this.openNew(name, serving, secrets);
  }

  private async secretsOf(
    name: string,
    serving: ServingProvider,
    state: StoreState | undefined,
  ): Promise<SecretValues> {
    const secrets = await this.readSecrets(name, serving, state);
    if (secrets.outcome === 'read') return secrets.values;
    const { systemNamespace } = this.context.options;
    const message = `Secret ${systemNamespace}/${secrets.name}, which the parameters name, does not exist`;
    this.set(name, { ...state, fault: { reason: 'SecretNotFound', message } });
    throw new Error(message);
  }

  private async readSecrets(name: string, serving: ServingProvider, state: StoreState | undefined) {
    const { client, options } = this.context;
    try {
      return await readSecrets(client, options.systemNamespace, serving.parameters);
    } catch (error) {
      const message = `The Secrets that the parameters name could not be read: ${messageOf(error)}`;
      this.set(name, { ...state, fault: { reason: 'StoreUnavailable', message } });
      throw error;
    }
  }

  private async openNew(name: string, serving: ServingProvider, secrets: SecretValues): Promise<void> {
    const { provider, parameters } = serving;
    const logger = this.logger.child({ provisioner: name, driver: provider.driver });
    try {
      const driver = await provider.open(parameters, secrets, { logger, clock: this.clock });
      if (this.closed) {
        await driver.close();
        return;
      }
      const context = { ...this.context.consumption, losses: this.deadLetterLosses };
      const store = new OpenStore({ provisioner: name, provider, parameters, secrets }, driver, context);
      this.set(name, { store });
      logger.info('The store is open');
    } catch (error) {
      this.set(name, { fault: { reason: 'StoreUnavailable', message: messageOf(error) } });
      throw error;
    }
  }

  /** Takes a store out of service: nothing is taken in, what would be lost is delivered, then it closes. */
  private async dismiss(name: string, state: StoreState): Promise<void> {
    this.states.delete(name);
    this.context.onChange(name);
    if (!state.store) return;
    const deadline = new AbortController();
    const timer = this.clock.schedule(REOPEN_GRACE_MS, () => deadline.abort());
    this.retire(state.store);
    try {
      await state.store.drain(AbortSignal.any([deadline.signal, this.outOfTime.signal]));
    } finally {
      timer.cancel();
      await state.store.close();
    }
  }

  private retire(store: OpenStore): void {
    this.retired.add(store);
    this.clock.schedule(RETIRED_KEPT_MS, () => this.retired.delete(store));
  }

  private set(name: string, state: StoreState): void {
    const previous = this.states.get(name);
    if (previous?.store === state.store && isDeepStrictEqual(previous?.fault, state.fault)) return;
    this.states.set(name, state);
    this.context.onChange(name);
  }

  private get clock(): Clock {
    return this.context.consumption.clock;
  }

  private get logger(): Logger {
    return this.context.consumption.logger;
  }
}

function isSame({ origin }: OpenStore, { provider, parameters }: ServingProvider, secrets: SecretValues): boolean {
  return (
    origin.provider === provider &&
    isDeepStrictEqual(origin.parameters, parameters) &&
    isDeepStrictEqual(origin.secrets, secrets)
  );
}

function faultOfParameters({ provider, parameters }: ServingProvider): StoreFault | undefined {
  const faults = validateAgainstSchema(provider.parametersSchema, parameters, 'spec.parameters');
  if (faults.length === 0) return undefined;
  return {
    reason: 'InvalidParameters',
    message: faults.map(({ field, message }) => `${field}: ${message}`).join('; '),
  };
}
