import { LEASE, type Lease } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, KubeTestServer, ManualClock, RecordingLogger } from '@millrace/testing';
import { createKubeClient } from '../client/http-kube-client.js';
import type { KubeClient } from '../client/kube-client.types.js';
import { alwaysLeader } from './always-leader.js';
import { LeaderElector, type LeaderElectorOptions } from './leader-elector.js';

const KEY = { namespace: 'millrace', name: 'controller' };
const PATH = '/apis/coordination.k8s.io/v1/namespaces/millrace/leases/controller';

let server: KubeTestServer;
let client: KubeClient;
let clock: ManualClock;
let logger: RecordingLogger;
let electors: LeaderElector[];
/** `a started`, `a aborted`, `a stopped`. */
let story: string[];

beforeEach(async () => {
  server = await KubeTestServer.start();
  client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'spec' });
  clock = new ManualClock();
  logger = new RecordingLogger();
  electors = [];
  story = [];
});

afterEach(async () => {
  for (const elector of electors) await elector.stop();
  await client.close();
  await server.close();
});

interface ElectorSetup extends Partial<Pick<LeaderElectorOptions, 'client' | 'exclusive' | 'annotations'>> {
  readonly onStopped?: () => Promise<unknown>;
}

function newElector(identity: string, { onStopped, ...options }: ElectorSetup = {}) {
  const elector = new LeaderElector({
    client,
    ...options,
    ...KEY,
    identity,
    clock,
    logger,
    onStarted: (signal) => {
      story.push(`${identity} started`);
      signal.addEventListener('abort', () => story.push(`${identity} aborted`));
    },
    onStopped: async () => {
      story.push(`${identity} stopped`);
      await onStopped?.();
    },
  });
  electors.push(elector);
  return elector;
}

async function leads(elector: LeaderElector): Promise<void> {
  await eventually(() => expect(elector.isLeader).toBe(true));
}

async function lease(): Promise<Lease['spec']> {
  return (await client.get(LEASE, KEY))?.spec;
}

/** Two seconds pass, with time for the requests that they bring about. */
async function period(): Promise<void> {
  const before = server.requests.length;
  clock.advance(2400);
  await eventually(() => expect(server.requests.length).toBeGreaterThan(before));
  await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('LeaderElector', () => {
  it('takes a Lease that nobody has, and writes it as client-go does', async () => {
    const elector = newElector('a');
    elector.start();
    await leads(elector);
    expect(await lease()).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-02T03:04:05.678000Z',
      renewTime: '2026-01-02T03:04:05.678000Z',
      leaseTransitions: 0,
    });
    expect(story).toEqual(['a started']);
  });

  it('renews every two seconds and stays the leader', async () => {
    const elector = newElector('a');
    elector.start();
    await leads(elector);
    for (let turn = 0; turn < 20; turn += 1) await period();
    expect(story).toEqual(['a started']);
    const spec = await lease();
    expect(spec?.acquireTime).toBe('2026-01-02T03:04:05.678000Z');
    expect(Date.parse(spec?.renewTime ?? '')).toBeGreaterThan(clock.now() - 3000);
    expect(spec?.leaseTransitions).toBe(0);
  });

  it('waits while another one leads, and takes over at once what is given back', async () => {
    const [a, b] = [newElector('a'), newElector('b')];
    a.start();
    await leads(a);
    b.start();
    for (let turn = 0; turn < 15; turn += 1) await period();
    expect(b.isLeader).toBe(false);
    await a.stop();
    expect((await lease())?.holderIdentity).toBe('');
    await period();
    await leads(b);
    expect(story).toEqual(['a started', 'a aborted', 'a stopped', 'b started']);
    expect((await lease())?.leaseTransitions).toBe(1);
  });

  it('takes over from a holder that is gone after 15 s without a change, whatever its clock said', async () => {
    const renewTime = '2099-01-01T00:00:00.000000Z';
    const spec = { holderIdentity: 'gone', leaseDurationSeconds: 15, renewTime, leaseTransitions: 4 };
    server.put({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: KEY, spec });
    const elector = newElector('b');
    elector.start();
    await eventually(() => expect(server.requestsOf('GET', PATH)).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (let turn = 0; turn < 6; turn += 1) await period();
    expect(elector.isLeader).toBe(false);
    await period();
    await leads(elector);
    expect((await lease())?.leaseTransitions).toBe(5);
  });

  it('stops leading 10 s after its last renewal, before anybody else may take over', async () => {
    const partitioned = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'partitioned' });
    const a = newElector('a', { client: partitioned });
    const b = newElector('b');
    a.start();
    await leads(a);
    b.start();
    await eventually(() => expect(server.requestsOf('GET', PATH).length).toBeGreaterThanOrEqual(2));
    // Requests of `a` get no answer from now on.
    server.intercept = ({ headers }) => headers['user-agent'] === 'partitioned';
    const lastRenewal = clock.now();
    const endedAt: number[] = [];
    await clock.advanceUntil(() => {
      if (!a.isLeader && endedAt.length === 0) endedAt.push(clock.now());
      return b.isLeader;
    });
    expect(story).toEqual(['a started', 'a aborted', 'a stopped', 'b started']);
    expect(endedAt[0]! - lastRenewal).toBeLessThanOrEqual(10_250);
    expect(clock.now() - lastRenewal).toBeGreaterThan(15_000);
    await partitioned.close();
  });

  it('stops leading at once when it sees another holder', async () => {
    const elector = newElector('a');
    elector.start();
    await leads(elector);
    const current = (await client.get(LEASE, KEY))!;
    server.put({ ...current, spec: { ...current.spec, holderIdentity: 'b' } });
    await period();
    await period();
    expect(elector.isLeader).toBe(false);
    expect(story).toEqual(['a started', 'a aborted', 'a stopped']);
    await elector.stop();
    expect((await lease())?.holderIdentity).toBe('b');
  });

  it('gives the Lease back only when its work has been wound up', async () => {
    const winding = Promise.withResolvers<undefined>();
    const elector = newElector('a', { onStopped: () => winding.promise });
    elector.start();
    await leads(elector);
    const stopped = elector.stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await lease())?.holderIdentity).toBe('a');
    winding.resolve(undefined);
    await stopped;
    expect((await lease())?.holderIdentity).toBe('');
  });

  it('leads again after it lost the API for a while', async () => {
    const elector = newElector('a');
    elector.start();
    await leads(elector);
    await server.unlisten();
    await clock.advanceUntil(() => !elector.isLeader);
    await server.listen();
    await clock.advanceUntil(() => elector.isLeader);
    expect(story).toEqual(['a started', 'a aborted', 'a stopped', 'a started']);
    // One warning however long it lasted.
    expect(logger.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });

  it('never has two leaders among three replicas that come and go', async () => {
    const identities = ['a', 'b', 'c'];
    for (const identity of identities) newElector(identity).start();
    for (let handOver = 0; handOver < 3; handOver += 1) {
      await clock.advanceUntil(() => electors.some(({ isLeader }) => isLeader));
      const leaders = electors.filter(({ isLeader }) => isLeader);
      expect(leaders).toHaveLength(1);
      await leaders[0]?.stop();
    }
    const starts = story.flatMap((line, index) => (line.endsWith('started') ? [index] : []));
    expect(starts).toEqual([0, 3, 6]);
  });

  it('takes the Lease from whoever has it where it is not exclusive, and annotates it', async () => {
    const gone = { holderIdentity: 'gone', leaseDurationSeconds: 15, renewTime: '2026-01-02T03:04:05.000000Z' };
    const metadata = { ...KEY, annotations: { kept: 'yes' } };
    server.put({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: gone });
    const elector = newElector('a', { exclusive: false, annotations: { claims: 'x' } });
    elector.start();
    await leads(elector);
    const stored = await client.get(LEASE, KEY);
    expect(stored?.spec).toMatchObject({ holderIdentity: 'a', leaseTransitions: 1 });
    expect(stored?.metadata.annotations).toEqual({ kept: 'yes', claims: 'x' });
  });

  it('refuses a renew deadline that leaves room for two leaders', () => {
    const options = { client, ...KEY, identity: 'a', clock, logger, onStarted: () => undefined };
    expect(() => new LeaderElector({ ...options, renewDeadlineMs: 15_000 })).toThrow(RangeError);
  });
});

describe('alwaysLeader', () => {
  it('leads from start to stop, without any Lease', async () => {
    const election = alwaysLeader({
      onStarted: (signal) => {
        story.push('started');
        signal.addEventListener('abort', () => story.push('aborted'));
      },
      onStopped: () => void story.push('stopped'),
    });
    expect(election.isLeader).toBe(false);
    election.start();
    election.start();
    expect(election.isLeader).toBe(true);
    await election.stop();
    await election.stop();
    expect(election.isLeader).toBe(false);
    expect(story).toEqual(['started', 'aborted', 'stopped']);
    expect(server.requests).toEqual([]);
  });
});
