// npm run bench: what Millrace costs beside a bare receive-and-forward loop, in the same run, in shuffled rounds, as medians.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { channel, cpuSeconds, forkReady, median, shuffle, startStandalone, subscription } from './stand.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '64' },
    'fan-out': { type: 'string', default: '1,3,10' },
    provisioner: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  console.log(`npm run bench -- [options]
  --rounds N        measurements of each case, in shuffled order (5)
  --seconds N       length of one measurement (6)
  --connections N   connections of the producer, each with one event under way (64)
  --fan-out LIST    Subscriptions of the Channel (1,3,10)
  --provisioner P   kafka, nats or gcp-pubsub: beside the bare client of that broker instead, with fan-out 1`);
  process.exit(0);
}
if (options.provisioner !== undefined) {
  const { benchBroker } = await import('./broker.mjs');
  await benchBroker(options.provisioner, options);
  process.exit(0);
}

const fanOuts = options['fan-out'].split(',').map(Number);
const load = await forkReady('load.mjs');
const consumerUrl = `http://127.0.0.1:${load.port}/`;
const cases = [];
for (const fanOut of fanOuts) {
  const bare = await forkReady('pass-through.mjs', Array(fanOut).fill(consumerUrl));
  cases.push({ name: 'bare', fanOut, pid: bare.child.pid, url: `http://127.0.0.1:${bare.port}/` });
}
const standalone = await startStandalone(fanOuts.flatMap(manifestsFor));
for (const fanOut of fanOuts) {
  for (const provisioner of ['in-memory', 'in-memory-channel']) {
    const url = `http://127.0.0.1:${standalone.ports.ingress}/default/${provisioner}-${fanOut}`;
    cases.push({ name: provisioner, fanOut, pid: standalone.child.pid, url });
  }
}
for (const one of cases) await warmUp(one);
const rows = cases.map((one) => ({ ...one, saturated: [], paced: [] }));
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const row of shuffle(rows)) row.saturated.push(await measure(row, { thinkMs: 0 }));
  for (const row of shuffle(rows.filter(({ fanOut }) => fanOut === fanOuts[0]))) {
    row.paced.push(await measure(row, { thinkMs: 200 }));
  }
  process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
}
report(rows);
process.exit(0);

function manifestsFor(fanOut) {
  return ['in-memory', 'in-memory-channel'].flatMap((provisioner) => {
    const name = `${provisioner}-${fanOut}`;
    const subscriptions = Array.from({ length: fanOut }, (_, i) => subscription(`${name}-${i}`, name, consumerUrl));
    return [channel(name, provisioner), ...subscriptions];
  });
}

/** Until every Subscription delivers: a POST that is taken is over only when each consumer has received it. */
async function warmUp(one) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { events } = await ask({
      ...one,
      name: `warm-${attempt}`,
      connections: 16,
      seconds: attempt === 0 ? 0.3 : 1,
    });
    if (events > 500) return;
    await delay(200);
  }
  throw new Error(`${one.name} with fan-out ${one.fanOut} takes no events`);
}

async function measure({ pid, name, url, fanOut }, { thinkMs }) {
  const before = cpuSeconds(pid);
  const result = await ask({
    ...{ name: `${name}-${fanOut}`, url, fanOut, thinkMs },
    ...{ connections: Number(options.connections), seconds: Number(options.seconds) },
  });
  const cpu = cpuSeconds(pid) - before;
  if (result.errors.length > 0 || result.refused > 0) {
    process.stderr.write(`${name} fan-out ${fanOut}: ${result.refused} refused, ${result.errors.join('; ')}\n`);
  }
  return { ...result, rate: result.events / result.seconds, cpuMicroseconds: (cpu * 1e6) / result.events };
}

async function ask(request) {
  load.child.send(request);
  const [{ result }] = await once(load.child, 'message');
  return result;
}

function report(measured) {
  for (const kind of ['saturated', 'paced']) {
    console.log(`\n${kind === 'saturated' ? `${options.connections} connections, closed loop` : 'about 300 events/s'}`);
    console.log('| case | fan-out | events/s | CPU µs/event | to bare | p50 ms | p99 ms |');
    console.log('|---|---|---|---|---|---|---|');
    for (const row of measured.filter((one) => one[kind].length > 0)) {
      const of = (field) => median(row[kind].map((result) => result[field]));
      const bare = measured.find(({ name, fanOut }) => name === 'bare' && fanOut === row.fanOut);
      const ratio = of('cpuMicroseconds') / median(bare[kind].map((result) => result.cpuMicroseconds));
      console.log(
        `| ${row.name} | ${row.fanOut} | ${of('rate').toFixed(0)} | ${of('cpuMicroseconds').toFixed(1)} | ${ratio.toFixed(2)} | ${of('p50').toFixed(2)} | ${of('p99').toFixed(2)} |`,
      );
    }
  }
}
