import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it as plainIt } from 'vitest';
import { createKubeClient } from '@millrace/kube';
import { parse } from 'yaml';
import { Consumer, status, type Behaviour } from '../../../libs/delivery/test/consumer.js';
import { expectBalanceAtRest } from './accounting.js';
import { freePort, type AppProcess } from './app-process.js';
import { idsAt } from './arrivals.js';
import { eventually } from './eventually.js';
import { APPS, Launcher } from './launcher.js';
import { channel, channelOf, createRoute, subscription } from './objects.js';
import { postEvent } from './producer.js';
import { applyProvisioners, HOMES, QUICKSTART, type Stack } from './stack.js';

const it = plainIt.extend<{ launcher: Launcher }>({
  // eslint-disable-next-line no-empty-pattern -- vitest reads from the pattern what a fixture needs
  launcher: async ({}, use) => {
    await using launcher = await Launcher.open();
    await use(launcher);
  },
});

describe.each(APPS)('%s', { concurrent: true }, (app) => {
  it('explains itself and ends with 0', async ({ launcher }) => {
    const { code, output } = await launcher.run(app, {}, '--help');

    expect(code).toBe(0);
    for (const flag of Object.keys(launcher.flagsOf(app))) expect(output).toContain(`--${flag} `);
  });

  it('prints its settings as the YAML that would give the same, and ends with 0', async ({ launcher }) => {
    const first = await launcher.run(app, { 'log-level': 'debug' }, '--print-config');
    const file = join(launcher.folder, 'config.yaml');
    await writeFile(file, first.output);
    const second = await launcher.run(app, {}, '--print-config', `--config=${file}`);

    expect(first.code, first.output).toBe(0);
    expect(second.code, second.output).toBe(0);
    expect(parse(first.output)).toMatchObject({ logLevel: 'debug', managementPort: 0 });
    expect(parse(second.output)).toEqual(parse(first.output));
  });

  it('tells every wrong setting in one message and ends with 1', async ({ launcher }) => {
    const wrong = { 'mangement-port': '1', 'log-level': 'loud', 'shutdown-timeout': 'soon' };
    const { code, output } = await launcher.run(app, wrong);

    expect(code).toBe(1);
    expect(output).toContain('3 settings are wrong');
    expect(output).toMatch(/--mangement-port.*--management-port/);
    expect(output).toMatch(/logLevel is "loud".*debug, info, warn, error/);
    expect(output).toMatch(/shutdownTimeout is "soon".*PT30S/);
  });

  it('names the port that is taken and its flag in one sentence, and ends with 1', async ({ launcher }) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;

    for (const flag of Object.keys(launcher.flagsOf(app)).filter((each) => each.endsWith('port'))) {
      const { code, output } = await launcher.run(app, { [flag]: `${port}` });
      const sentence = `port ${port} on (127\\.0\\.0\\.1|0\\.0\\.0\\.0) is in use: choose another with --${flag}`;
      expect([code, withoutLog(output)]).toEqual([1, matching(`^millrace ${app} cannot start: ${sentence}\n$`)]);
    }
    taken.close();
  });

  it('ends with 0 on SIGTERM', async ({ launcher }) => {
    expect(await (await launcher.start(app)).end('SIGTERM')).toBe(0);
  });

  it('ends at once with 1 on a second SIGTERM', async ({ launcher }) => {
    const process = await launcher.start(app, { 'shutdown-delay': 'PT60S' });

    const ended = process.end('SIGTERM');
    await isStopping(process);
    process.process.kill('SIGTERM');

    expect(await ended).toBe(1);
  });
});

describe('a start that cannot be', { concurrent: true }, () => {
  it.for(['api-server', 'standalone'] as const)('of %s: its data directory is in use', async (app, { launcher }) => {
    await launcher.start('api-server');

    const { code, output } = await launcher.run(app, {});

    const sentence = `The data directory ${launcher.folder} is in use by another process; stop that one or choose another directory.`;
    expect([code, withoutLog(output)]).toEqual([1, `millrace ${app} cannot start: ${sentence}\n`]);
  });

  it.for([
    ['is no YAML', 'kind: [', 'at line 1, column 8'],
    ['has no kind', 'apiVersion: v1\nmetadata: {name: x}', 'an object has no kind'],
    ['has a kind that nobody knows', 'apiVersion: v1\nkind: Chanel\nmetadata: {name: x}', 'no kind "Chanel"'],
    [
      'is refused by the API',
      JSON.stringify(channel('x', { delivery: { timeout: 'soon' } })),
      'spec\\.delivery\\.timeout.*PT',
    ],
  ] as const)('of standalone: a manifest %s', async ([, text, reason], { launcher }) => {
    const file = join(launcher.folder, 'manifests/broken.yaml');
    await writeFile(file, text);

    const { code, output } = await launcher.run('standalone', {});

    expect(code).toBe(1);
    expect(withoutLog(output)).toEqual(
      matching(`^millrace standalone cannot start: ${file}: [^\n]*${reason}[^\n]*\n$`),
    );
  });

  it('of standalone: there is no folder of manifests', async ({ launcher }) => {
    const manifests = join(launcher.folder, 'no-such-folder');

    const { code, output } = await launcher.run('standalone', { manifests });

    expect(code).toBe(1);
    expect(withoutLog(output)).toEqual(
      matching(`^millrace standalone cannot start: ${manifests}: is no folder of manifests[^\n]*\n$`),
    );
  });
});

describe('without its API', () => {
  it('a process starts, says what it waits for, works as soon as the API is there and goes on when it comes back', async ({
    launcher,
  }) => {
    const apiPort = `${await freePort()}`;
    const [controller, ingress, provisioner] = await Promise.all([
      launcher.start('controller'),
      launcher.start('ingress-dispatcher'),
      launcher.start('provisioner-in-memory'),
    ]);
    for (const app of [controller, ingress, provisioner]) {
      const { status: code, text } = await readiness(app);
      expect([app.app, code, text]).toEqual([app.app, 503, matching('"message":"The .*(known|listed) yet')]);
    }
    const url = `http://127.0.0.1:${ingress.ports['ingress'] ?? 0}/default`;
    const early = await postEvent(`${url}/first`, 'too-early');
    expect([early.status, early.headers['retry-after']]).toEqual([503, '1']);

    const api = await launcher.start('api-server', { 'api-port': apiPort });
    for (const app of [controller, ingress, provisioner]) await isReady(app);
    const client = createKubeClient({ kubeconfig: launcher.kubeconfig, userAgent: 'millrace-test' });
    await applyProvisioners(client);
    await using consumer = await Consumer.start(status(200));
    await createRoute(client, channel('first'), [subscription('first', 'first', consumer.origin)]);
    expect((await postEvent(`${url}/first`, 'before')).status).toBe(202);

    await api.end('SIGKILL');
    expect((await postEvent(`${url}/first`, 'meanwhile')).status).toBe(202);
    expect((await postEvent(`${url}/unknown`, 'nowhere')).status).toBe(503);
    await consumer.received(2);

    await launcher.start('api-server', { 'api-port': apiPort });
    await createRoute(client, channel('second'), [subscription('second', 'second', consumer.origin)]);
    expect((await postEvent(`${url}/second`, 'afterwards')).status).toBe(202);
    await consumer.received(3);
    expect(idsAt(consumer)).toEqual(['before', 'meanwhile', 'afterwards']);
    await expectBalanceAtRest([provisioner]);
    await client.close();
  });
});

describe.each(HOMES)('SIGTERM in the middle, with $home', ({ start }) => {
  it('delivers what was accepted, answers who waits for an answer, then ends with 0', async () => {
    const stack = await start();
    const held: (() => void)[] = [];
    const hold: Behaviour = (response) => held.push(() => response.writeHead(200).end());
    await using consumer = await Consumer.start(hold);
    await createRoute(stack.client, channel('orders'), [subscription('slow', 'orders', consumer.origin)]);
    await createRoute(stack.client, channelOf('in-memory-channel', 'answered'), [
      subscription('answering', 'answered', consumer.origin),
    ]);
    const ids = Array.from({ length: 100 }, (_, index) => `e-${index}`);
    for (const id of ids) expect((await postEvent(`${stack.ingress}/default/orders`, id)).status).toBe(202);
    const answer = postEvent(`${stack.ingress}/default/answered`, 'answered');
    await eventually('it waits for its subscriber', () => idsAt(consumer).includes('answered') || undefined);

    const ending = eventProcesses(stack);
    const ended = ending.map((app) => app.end('SIGTERM'));
    await Promise.all(ending.map(isStopping));
    consumer.behaviours = [status(200)];
    for (const release of held) release();

    expect((await answer).status).toBe(202);
    expect(new Set(await Promise.all(ended))).toEqual(new Set([0]));
    expect(idsAt(consumer).sort()).toEqual([...ids, 'answered'].sort());
    await stack.stop();
  });
});

describe('the first words of standalone', () => {
  it('are where it is reached, whatever free ports it was given', async ({ launcher }) => {
    const standalone = await launcher.start('standalone');
    const { management, ports } = standalone;

    await eventually('it says so', () => standalone.output().includes('Management') || undefined);

    expect(standalone.output()).toContain(`Kubernetes API   http://127.0.0.1:${ports['api'] ?? 0} `);
    expect(standalone.output()).toContain(`Event ingress    http://127.0.0.1:${ports['ingress'] ?? 0}/`);
    expect(standalone.output()).toContain(`Management       ${management} `);
  });
});

describe('kill -9 of standalone', () => {
  it('ends the processes that it had started', async ({ launcher }) => {
    const ingressPort = `${await freePort()}`;
    const standalone = await launcher.start('standalone', { manifests: QUICKSTART, 'ingress-port': ingressPort });
    const children = await eventually('both children run', () => {
      const found = processes().filter(({ parent }) => parent === standalone.process.pid);
      const runs = (app: string) => found.some(({ args }) => args.includes(`${app}/dist/main.js`));
      return runs('message-dumper') && runs('source-kubernetes') ? found : undefined;
    });

    await standalone.end('SIGKILL');

    await eventually('no child is left', () => {
      const left = processes().filter(({ pid }) => children.some((child) => child.pid === pid));
      return left.length === 0 || undefined;
    });
  });
});

async function readiness({ management }: AppProcess): Promise<{ status: number; text: string }> {
  const response = await fetch(`${management}/readyz`);
  return { status: response.status, text: await response.text() };
}

function isReady(app: AppProcess): Promise<true> {
  return eventually(`${app.app} is ready`, async () => (await readiness(app)).status === 200 || undefined);
}

function isStopping(app: AppProcess): Promise<true> {
  return eventually(
    `${app.app} is stopping`,
    async () => (await readiness(app)).text.includes('stopping') || undefined,
  );
}

/** The processes that events go through. */
function eventProcesses({ apps }: Stack): AppProcess[] {
  return apps.filter(({ ports }) => ports['ingress'] !== undefined || ports['intake'] !== undefined);
}

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

/** Every process of this machine but those that have ended and wait for their parent to notice. */
function processes(): RunningProcess[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state = 'Z', args = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

/** Output without the lines of the log. */
function withoutLog(output: string): string {
  return output.replaceAll(/^\{.*\n/gm, '');
}

function matching(pattern: string): unknown {
  return expect.stringMatching(new RegExp(pattern));
}
