import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  CHANNEL,
  isReady,
  POD,
  type Channel,
  type Clock,
  type Logger,
  type Pod,
  type ProcessPart,
} from '@millrace/eventing-api';
import { ListWatchCache, type KubeClient } from '@millrace/kube';

const DUMPER = 'serving.knative.dev/service=message-dumper';

export interface FirstContactOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the lines go. */
  readonly print: (line: string) => void;
  readonly kubeconfig: string;
  /** Where the logs of Pods are files, for who has no kubectl. */
  readonly podLogDir: string;
  readonly urls: {
    readonly api: string;
    readonly ingress: string;
    /** Called at the start: before it, nobody knows which of the free ports it will be. */
    readonly management: () => string;
  };
}

/** Tells a newcomer what happens and what to try next, each thing once. */
export class FirstContact implements ProcessPart {
  readonly name = 'first-contact';
  private readonly channels: ListWatchCache<Channel>;
  private readonly dumpers: ListWatchCache<Pod>;
  private readonly ended = new AbortController();
  private readonly startedAt: string;
  private channelTold = false;
  private followed = false;

  constructor(private readonly options: FirstContactOptions) {
    const { client, clock, logger } = options;
    this.startedAt = new Date(clock.now()).toISOString();
    this.channels = new ListWatchCache({ client, clock, logger, kind: CHANNEL });
    this.dumpers = new ListWatchCache({ client, clock, logger, kind: POD, labelSelector: DUMPER });
  }

  start(): Promise<void> {
    const { api, ingress, management } = this.options.urls;
    this.options.print(`Kubernetes API   ${api}   kubeconfig ${this.options.kubeconfig}`);
    this.options.print(`Event ingress    ${ingress}/<namespace>/<channel>`);
    this.options.print(`Management       ${management()}   /livez /readyz /metrics`);
    this.channels.subscribe(({ type, object }) => {
      if (type !== 'deleted' && isReady(object)) this.tellChannel(object);
    });
    this.dumpers.subscribe(({ type, object }) => {
      if (type !== 'deleted' && object.status?.phase === 'Running') void this.tellFirstEvent(object);
    });
    this.channels.start();
    this.dumpers.start();
    return Promise.resolve();
  }

  stopIntake(): Promise<void> {
    this.options.print('Stopping: what is under way is finished first; a second Ctrl-C ends it at once.');
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.ended.abort();
    await Promise.all([this.channels.stop(), this.dumpers.stop()]);
  }

  private tellChannel({ metadata, status }: Channel): void {
    if (this.channelTold) return;
    this.channelTold = true;
    const url = status?.address?.url ?? '';
    this.options.print(`Channel ${metadata.namespace ?? ''}/${metadata.name ?? ''} is Ready: POST events to ${url}`);
    this.options.print(`Try next, in another terminal:`);
    for (const command of this.commands(url)) this.options.print(`  ${command}`);
  }

  private commands(url: string): string[] {
    const headers = [
      'ce-specversion: 1.0',
      'ce-id: 1',
      'ce-source: /me',
      'ce-type: hello',
      'content-type: application/json',
    ];
    const curl = `curl -i ${url} ${headers.map((header) => `-H '${header}'`).join(' ')} -d '{"hello":"world"}'`;
    if (spawnSync('kubectl', ['version', '--client']).status !== 0) {
      return [curl, `tail -n 5 ${join(this.options.podLogDir, 'default_message-dumper-*', 'user-container.log')}`];
    }
    const kubectl = `kubectl --kubeconfig ${this.options.kubeconfig}`;
    return [
      curl,
      `${kubectl} get channels,subscriptions,sources`,
      `${kubectl} logs -l ${DUMPER} -c user-container --tail=5`,
    ];
  }

  /** Follows the log of the dumper from now on to its first line, as `kubectl logs -f` would. */
  private async tellFirstEvent({ metadata }: Pod): Promise<void> {
    if (this.followed) return;
    this.followed = true;
    const { namespace = '', name = '' } = metadata;
    const since = `sinceTime=${encodeURIComponent(this.startedAt)}`;
    const log = `/api/v1/namespaces/${namespace}/pods/${name}/log?follow=true&${since}`;
    const line = await this.firstLine(log).catch(() => undefined);
    if (line === undefined) this.followed = false;
    else this.options.print(`message-dumper received its first event: ${line}`);
  }

  private async firstLine(log: string): Promise<string | undefined> {
    const { ok, body } = await fetch(this.options.urls.api + log, { signal: this.ended.signal });
    if (!ok || body === null) return undefined;
    let text = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
    }
    return undefined;
  }
}
