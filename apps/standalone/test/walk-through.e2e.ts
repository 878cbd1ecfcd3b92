/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return -- what kubectl prints is read as its reader does, field by field */
import { createServer, type Server } from 'node:http';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectBalanceAtRest } from './accounting.js';
import type { AppProcess } from './app-process.js';
import { eventually } from './eventually.js';
import { kubectlFor, kubectlFound, type KubectlResult } from './kubectl.js';
import { channel, subscription } from './objects.js';
import { postEvent } from './producer.js';
import { prepareStandalone, QUICKSTART } from './stack.js';

const DUMPER_LOG = ['logs', '-l', 'serving.knative.dev/service=message-dumper', '-c', 'user-container', '--tail=200'];

if (!kubectlFound) console.log('not run: walk-through (no kubectl on this machine; install one)');

/** The walk-through of Knative's Kubernetes Event Source example, command by command, against what `npm start` runs. */
describe.skipIf(!kubectlFound)('the walk-through with kubectl', () => {
  let home: Awaited<ReturnType<typeof prepareStandalone>>;
  let standalone: AppProcess;
  let run: (...args: readonly string[]) => Promise<KubectlResult>;
  const consumers: Server[] = [];

  beforeAll(async () => {
    home = await prepareStandalone();
    standalone = await home.start();
    run = kubectlFor(home.kubeconfig);
  }, 120_000);

  afterAll(async () => {
    await standalone?.end('SIGTERM');
    for (const consumer of consumers) consumer.close();
    await rm(home.dataDir, { recursive: true, force: true });
  });

  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  /** Columns apart by one blank, so that widths do not matter. */
  const rows = async (...args: readonly string[]) =>
    (await kubectl(...args))
      .trim()
      .split('\n')
      .map((line) => line.trim().replaceAll(/\s+/g, ' '));

  const json = async (...args: readonly string[]) => JSON.parse(await kubectl('get', ...args, '-o', 'json'));

  const apply = (object: object) => applyText(run, home.dataDir, JSON.stringify(object));

  const post = (path: string, id: string) => postEvent(home.ingress + path, id);

  /** A subscriber of our own: answers with a status and notes the ids that it got. */
  const consumer = async (status: number) => {
    const ids: string[] = [];
    const server = createServer((request, response) => {
      ids.push(String(request.headers['ce-id']));
      request.resume();
      response.writeHead(status).end();
    });
    consumers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { ids, uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  };

  const ready = (kind: string, name: string) => kubectl('wait', '--for=condition=Ready', kind, name, '--timeout=30s');

  it('step 0 lists the two provisioners as Ready', async () => {
    await ready('ccp', 'in-memory');
    await ready('ccp', 'in-memory-channel');

    expect(await rows('get', 'ccp')).toEqual(['NAME READY REASON', 'in-memory True', 'in-memory-channel True']);
  });

  it('step 1 makes the Channel Ready, with a Service, a hostname, a finalizer and an Event', async () => {
    await kubectl('apply', '-f', join(QUICKSTART, '1-channel.yaml'));
    await ready('channel', 'testchannel');

    expect(await rows('get', 'chan')).toEqual(['NAME READY REASON', 'testchannel True']);
    const found = await json('chan', 'testchannel');
    const [service] = (await json('svc', '-l', 'channel=testchannel')).items;
    expect(service.metadata.name).toMatch(/^testchannel-channel-[a-z0-9]{5}$/);
    expect(service.metadata.labels).toEqual({
      channel: 'testchannel',
      provisioner: 'in-memory-channel',
      'eventing.knative.dev/channel': 'testchannel',
      'eventing.knative.dev/provisioner': 'in-memory-channel',
    });
    expect(found.status.address.hostname).toBe(`${service.metadata.name}.default.svc.cluster.local`);
    expect(found.metadata.finalizers).toEqual(['in-memory-channel-controller']);
    expect(conditions(found)).toEqual({ Addressable: 'True', Provisioned: 'True', Ready: 'True' });
    expect(await kubectl('describe', 'chan', 'testchannel')).toMatch(
      /Normal\s+ChannelReconciled\s.*in-memory-channel-controller/,
    );
  });

  it('step 1 fills in the default provisioner, refuses to change one, and says what is missing', async () => {
    await apply(channel('defaulted'));
    expect((await json('chan', 'defaulted')).spec.provisioner.name).toBe('in-memory');

    const changed = await run(
      'patch',
      'chan',
      'defaulted',
      '--type=merge',
      '-p',
      '{"spec":{"provisioner":{"name":"in-memory-channel"}}}',
    );
    expect(changed.code).not.toBe(0);
    expect(changed.stderr).toMatch(/spec\.provisioner.*immutable/);

    await apply(channel('nowhere', { provisioner: { name: 'nope' } }));
    const nowhere = await eventually('the condition tells', async () => {
      const found = await json('chan', 'nowhere');
      return found.status?.conditions?.length > 0 ? found : undefined;
    });
    expect(conditions(nowhere)['Ready']).not.toBe('True');
    expect(JSON.stringify(nowhere.status.conditions)).toContain('in-memory-channel');
    await kubectl('delete', 'chan', 'nowhere', 'defaulted', '--timeout=60s');
  });

  it('steps 2 and 3 run the receive adapter of the source', async () => {
    await kubectl('apply', '-f', join(QUICKSTART, '2-service-account.yaml'), '-f', join(QUICKSTART, '3-source.yaml'));
    await ready('kuberneteseventsource', 'testevents');

    const sources = await kubectl('get', 'sources');
    expect(sources).toContain('kuberneteseventsource.sources.eventing.knative.dev/testevents');
    expect(sources).toMatch(/containersource\.sources\.eventing\.knative\.dev\/testevents-[a-z0-9]{5}/);
    const [deployment] = (await json('deploy')).items;
    expect(deployment.metadata.name).toMatch(/^testevents-[a-z0-9]{5}-[a-z0-9]{5}$/);
    const [container] = deployment.spec.template.spec.containers;
    const sink = (await json('chan', 'testchannel')).status.address.url;
    expect(container.args).toEqual(['--namespace=default', `--sink=${sink}`]);
    expect(container.env).toContainEqual({ name: 'SINK', value: sink });
    expect(deployment.spec.template.spec.serviceAccountName).toBe('events-sa');
    expect((await rows('get', 'deploy'))[1]).toMatch(/^testevents-\S+ 1\/1 1 1 /);
    expect(conditions(await json('kuberneteseventsource', 'testevents'))).toEqual({
      Deployed: 'True',
      Ready: 'True',
      SinkProvided: 'True',
    });
  });

  it('step 4 enters the Subscription in the Channel', async () => {
    await kubectl('apply', '-f', join(QUICKSTART, '4-subscription.yaml'));
    await ready('sub', 'testevents-subscription');

    const found = await json('sub', 'testevents-subscription');
    expect(found.metadata.finalizers).toEqual(['subscription-controller']);
    expect(conditions(found)).toEqual({ ChannelReady: 'True', Ready: 'True', Resolved: 'True' });
    const { subscriberURI } = found.status.physicalSubscription;
    expect(subscriberURI).toMatch(/^http:\/\//);
    const [entry, ...others] = (await json('chan', 'testchannel')).spec.subscribable.subscribers;
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      subscriberURI,
      ref: { namespace: 'default', name: 'testevents-subscription', uid: found.metadata.uid },
    });
  });

  it('steps 5 and 6 show the Kubernetes Event of a second Channel in the log of message-dumper', async () => {
    await apply(channel('second'));

    const log = await eventually('the Event has been delivered', async () => {
      const text = await kubectl(...DUMPER_LOG);
      return text.includes('/channels/second') ? text : undefined;
    });
    expect(log).toMatch(
      /dev\.knative\.k8s\.event \/apis\/eventing\.knative\.dev\/v1alpha1\/namespaces\/default\/channels\/second/,
    );
    expect(log).toContain('"kind":"Event"');
  });

  it('gives an image that it does not know a Pod, an Event and a reason', async () => {
    await kubectl('run', 'busybox', '--image=busybox', '--restart=Never');

    const pod = await eventually('the Pod says why', async () => {
      const found = await json('pod', 'busybox');
      return found.status?.containerStatuses?.[0]?.state?.waiting?.reason === undefined ? undefined : found;
    });
    expect(pod.status.containerStatuses[0].state.waiting.message).toContain('message-dumper');
    await eventually('an Event tells it', async () => {
      const events = (await json('events', '--field-selector', 'involvedObject.name=busybox')).items as {
        type: string;
      }[];
      return events.some(({ type }) => type === 'Warning') || undefined;
    });
    await kubectl('delete', 'pod', 'busybox');
  });

  it('answers a Deployment of extensions/v1beta1 as apps/v1', async () => {
    await applyText(
      run,
      home.dataDir,
      JSON.stringify({
        apiVersion: 'extensions/v1beta1',
        kind: 'Deployment',
        metadata: { name: 'old', namespace: 'default' },
        spec: {
          replicas: 0,
          template: { metadata: { labels: { app: 'old' } }, spec: { containers: [{ name: 'old', image: 'busybox' }] } },
        },
      }),
    );

    expect((await json('deployments.v1.apps', 'old')).apiVersion).toBe('apps/v1');
    await kubectl('delete', 'deploy', 'old');
  });

  it('step 7: a consumer that answers 500 gets the event again, then it is a dead letter, counted as one', async () => {
    const failing = await consumer(500);
    await apply(channel('orders'));
    await apply(subscription('failing', 'orders', failing.uri, { retry: 2, backoffDelay: 'PT0.05S' }));
    await ready('sub', 'failing');

    expect((await post('/default/orders', 'bad')).status).toBe(202);

    await eventually('it is counted', async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${standalone.ports['management'] ?? 0}/metrics`)).text();
      return (
        /settled_total\{[^}]*subscription="failing",settlement="dead-lettered"[^}]*\} 1\b/.test(metrics) || undefined
      );
    });
    expect(failing.ids).toEqual(['bad', 'bad', 'bad']);
  });

  it('step 7: a dead Subscription does not disturb another', async () => {
    const alive = await consumer(200);
    await apply(subscription('dead', 'orders', 'http://127.0.0.1:9/'));
    await apply(subscription('alive', 'orders', alive.uri));
    await ready('sub', 'dead');
    await ready('sub', 'alive');

    for (let i = 0; i < 20; i += 1) expect((await post('/default/orders', `n${i}`)).status).toBe(202);

    await eventually('all have arrived', () => alive.ids.length === 20 || undefined);
  });

  it('step 7: with in-memory-channel the answer names the Subscription that failed', async () => {
    await apply(subscription('dead-too', 'testchannel', 'http://127.0.0.1:9/'));
    await ready('sub', 'dead-too');

    const response = await post('/default/testchannel', 'half');

    expect(response.status).toBe(500);
    expect(response.text).toContain('dead-too');
    await kubectl('delete', 'sub', 'dead-too');
  });

  it('step 7: an unknown Channel is 404, by path and by Host', async () => {
    expect((await post('/default/nobody', 'lost')).status).toBe(404);
    expect((await post('/', 'lost')).status).toBe(404);
  });

  it('step 7: a Channel that is deleted and made again has its subscriber and its source back', async () => {
    await kubectl('delete', 'chan', 'testchannel', '--timeout=60s');
    await eventually('the Subscription says so', async () => {
      return conditions(await json('sub', 'testevents-subscription'))['Ready'] === 'False' || undefined;
    });
    await kubectl('apply', '-f', join(QUICKSTART, '1-channel.yaml'));
    await ready('channel', 'testchannel');
    await ready('sub', 'testevents-subscription');
    await ready('kuberneteseventsource', 'testevents');

    expect((await post('/default/testchannel', 'back-again')).status).toBe(202);
    expect(await kubectl(...DUMPER_LOG)).toContain('back-again');
  });

  it('step 7: after a restart the objects are there, and no POST is answered with anything but 202 and 503', async () => {
    expect(await standalone.end('SIGTERM')).toBe(0);
    const answers = new Set<number>();
    let posting = true;
    const keepPosting = async (path: string) => {
      while (posting) {
        const status = await post(path, 'during-restart').then(
          ({ status }) => status,
          () => undefined,
        );
        if (status !== undefined) answers.add(status);
        await delay(5);
      }
    };
    // One answers when its subscriber has, the other at once.
    const posters = [keepPosting('/default/testchannel'), keepPosting('/default/second')];
    standalone = await home.start();
    await ready('sub', 'testevents-subscription');
    await eventually('events are taken again', () => answers.has(202) || undefined);
    posting = false;
    await Promise.all(posters);

    expect([...answers].filter((status) => status !== 202 && status !== 503)).toEqual([]);
    expect(await kubectl('get', 'chan')).toContain('testchannel');
  });

  it('step 7: the events of a deleted Subscription go nowhere', async () => {
    const gone = await consumer(200);
    await apply(subscription('gone', 'second', gone.uri));
    await ready('sub', 'gone');
    await kubectl('delete', 'sub', 'gone');

    expect((await json('chan', 'second')).spec.subscribable?.subscribers ?? []).toEqual([]);
    expect((await post('/default/second', 'too-late')).status).toBe(202);
    expect(gone.ids).toEqual([]);
  });

  it('sends no new CloudEvent in an idle minute', async () => {
    await kubectl('delete', 'sub', 'dead', 'failing', 'alive');
    await eventually('it has become quiet', async () => {
      const before = await kubectl(...DUMPER_LOG);
      await delay(3_000);
      return (await kubectl(...DUMPER_LOG)) === before || undefined;
    });
    const before = await kubectl(...DUMPER_LOG);

    await delay(60_000);

    expect(await kubectl(...DUMPER_LOG)).toBe(before);
    await expectBalanceAtRest([standalone], { deleted: ['gone'] });
  }, 150_000);

  it('step 8 leaves nothing behind', async () => {
    await kubectl('delete', '-f', join(QUICKSTART, '4-subscription.yaml'), '-f', join(QUICKSTART, '3-source.yaml'));
    await kubectl('delete', 'chan', '--all', '--timeout=60s');
    await kubectl('delete', '-f', join(QUICKSTART, '2-service-account.yaml'));

    await eventually('everything that was made is gone', async () => {
      const left = await kubectl('get', 'chan,sub,sources,deploy,pods,svc', '-o', 'name');
      return left.trim() === '' || undefined;
    });
  });
});

function conditions(object: { status?: { conditions?: { type: string; status: string }[] } }): Record<string, string> {
  return Object.fromEntries((object.status?.conditions ?? []).map(({ type, status }) => [type, status]));
}

async function applyText(
  run: (...args: readonly string[]) => Promise<KubectlResult>,
  folder: string,
  text: string,
): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  const file = join(folder, 'object.json');
  await writeFile(file, text);
  const { code, stderr } = await run('apply', '-f', file);
  if (code !== 0) throw new Error(stderr);
}
