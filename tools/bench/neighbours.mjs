// npm run bench:neighbours: what consumers cost one another. One slow or dead Subscription among a hundred, order per key under load, and the
// latency of a POST while one of three consumers is slow.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { channel, cpuSeconds, forkReady, median, startStandalone, subscription } from './stand.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  console.log(`npm run bench:neighbours -- [options]
  --rounds N    measurements of each case (3)
  --seconds N   length of one measurement (8)`);
  process.exit(0);
}

const HUNDRED = 100;
const load = await forkReady('neighbours-load.mjs');
const consumer = (path) => `http://127.0.0.1:${load.port}/${path}`;
const dead = `http://127.0.0.1:${await freePort()}/`;
const cases = [
  { name: 'hundred healthy', rate: 30, consumers: healthy(HUNDRED) },
  { name: 'one of a hundred dead', rate: 30, consumers: [...healthy(HUNDRED - 1), dead] },
  { name: 'one of a hundred takes 10 s', rate: 30, consumers: [...healthy(HUNDRED - 1), consumer('slow/10000')] },
  { name: 'one of three takes 200 ms', rate: 300, consumers: [...healthy(2), consumer('slow/200')] },
  // A prime, so that the events that are refused once fall on every key.
  { name: 'order per key', rate: 3000, keys: 199, consumers: [consumer('ordered')], delivery: { ordering: 'key' } },
  { name: 'order per key at saturation', keys: 192, consumers: [consumer('ordered')], delivery: { ordering: 'key' } },
];
const { child, ports } = await startStandalone(cases.flatMap(manifestsFor));
await delay(2000);
const rows = [];
for (let round = 0; round <= Number(options.rounds); round += 1) {
  for (const one of cases) {
    const result = await measure(one, round);
    // The first round warms up.
    if (round > 0) rows.push({ name: one.name, ...result });
  }
}
report();
process.exit(0);

function healthy(count) {
  return Array.from({ length: count }, (_, i) => consumer(`healthy/${i}`));
}

function manifestsFor({ name, consumers, delivery }) {
  const channelName = nameOf(name);
  const spec = delivery === undefined ? {} : { delivery };
  return [
    channel(channelName, 'in-memory'),
    ...consumers.map((uri, i) => subscription(`${channelName}-${i}`, channelName, uri, spec)),
  ];
}

function nameOf(text) {
  return text.replaceAll(' ', '-');
}

async function measure({ name, rate, keys }, round) {
  const before = cpuSeconds(child.pid);
  const url = `http://127.0.0.1:${ports.ingress}/default/${nameOf(name)}`;
  load.child.send({ name: `${nameOf(name)}-${round}`, url, rate, keys, seconds: Number(options.seconds) });
  const [{ result }] = await once(load.child, 'message');
  return { ...result, cpuMicroseconds: ((cpuSeconds(child.pid) - before) * 1e6) / result.posted };
}

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

function report() {
  console.log(
    '| case | events/s | POST p50 / p99 ms | delivery to the healthy p50 / p99 ms | CPU µs/event | delivered to the healthy | refused | out of order |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const { name, rate, consumers } of cases) {
    // Those whose receipts are counted: not the dead, not the slow.
    const steady = consumers.filter((uri) => uri !== dead && !uri.includes('/slow/')).length;
    const results = rows.filter((row) => row.name === name);
    const of = (read) => median(results.map(read));
    const ms = (read) => (Number.isFinite(of(read)) ? of(read).toFixed(2) : '-');
    const cells = [
      name,
      rate ??
        `${(sumOf(results, (row) => row.posted) / results.length / Number(options.seconds)).toFixed(0)} (all it takes)`,
      `${ms(({ post }) => post.p50)} / ${ms(({ post }) => post.p99)}`,
      `${ms(({ delivery }) => delivery.p50 ?? NaN)} / ${ms(({ delivery }) => delivery.p99 ?? NaN)}`,
      of((row) => row.cpuMicroseconds).toFixed(0),
      `${sumOf(results, (row) => row.deliveries + row.ordered)} of ${sumOf(results, (row) => row.posted * steady)}`,
      sumOf(results, (row) => row.refused),
      results.some((row) => row.ordered > 0) ? sumOf(results, (row) => row.disorder) : '-',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function sumOf(results, read) {
  return results.reduce((sum, row) => sum + read(row), 0);
}
