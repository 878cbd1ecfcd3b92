// npm run bench -- --provisioner <name>: events through Millrace on a broker beside the bare client of that broker, in the same run, in shuffled rounds, as medians.
// The bare client is measured twice: alone, publishing and consuming in one process, and behind HTTP, since HTTP in and out is what Millrace is for.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { channel, cpuSeconds, forkReady, median, shuffle, startStandalone, subscription } from './stand.mjs';
import { findBroker } from '../brokers/dist/index.js';

const CLIENTS = {
  kafka: { flag: '--kafka-brokers', manners: ['single', 'batched'] },
  nats: { flag: '--nats-servers', manners: ['each'] },
  'gcp-pubsub': { flag: '--gcp-pubsub-emulator', manners: ['batched'] },
};

/** The two loads: as much as so many connections take, and lone events. */
const saturated = ({ connections, seconds }) => ({
  connections: Number(connections),
  seconds: Number(seconds),
  thinkMs: 0,
});
const lone = ({ seconds }) => ({ connections: 1, seconds: Number(seconds), thinkMs: 20 });

export async function benchBroker(name, options) {
  if (!(name in CLIENTS)) {
    console.error(`There is no benchmark of provisioner ${name}: name one of ${Object.keys(CLIENTS).join(', ')}.`);
    process.exit(1);
  }
  const broker = await findBroker(name);
  if ('notRun' in broker) {
    console.error(`not run: ${broker.notRun}`);
    process.exit(1);
  }
  try {
    report(broker, await measureAll(name, broker, options));
  } finally {
    await broker.stop();
  }
}

async function measureAll(name, broker, options) {
  const { flag, manners } = CLIENTS[name];
  const addresses = broker.addresses.join(',');
  const load = await forkReady('load.mjs');
  const consumer = `http://127.0.0.1:${load.port}/`;
  const rows = [];
  for (const manner of manners) {
    const { child } = await forkReady('bare.mjs', [name, addresses, manner, 'loop']);
    rows.push({ edge: 'loop', name: `bare client, ${manner}`, client: child, pid: child.pid, request: {} });
  }
  for (const manner of manners) {
    const { child, port } = await forkReady('bare.mjs', [name, addresses, manner, consumer]);
    const request = { name: `bare-${manner}`, url: `http://127.0.0.1:${port}/`, fanOut: 1 };
    const where = { client: load.child, pid: child.pid, request };
    rows.push({ edge: 'http', name: `bare client behind HTTP, ${manner}`, ...where });
  }
  const objects = [channel('bench', name), subscription('bench', 'bench', consumer)];
  const { child, ports } = await startStandalone(objects, ['--provisioners', name, flag, addresses]);
  const url = `http://127.0.0.1:${ports.ingress}/default/bench`;
  rows.push({ name: 'millrace', client: load.child, pid: child.pid, request: { name: 'bench', url, fanOut: 1 } });
  for (const row of rows) await warmUp(row);
  const results = rows.map((row) => ({ ...row, saturated: [], lone: [] }));
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const row of shuffle(results)) row.saturated.push(await measure(row, saturated(options)));
    for (const row of shuffle(results)) row.lone.push(await measure(row, lone(options)));
    process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
  }
  return results;
}

/** Until events come back. */
async function warmUp(row) {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const { events } = await ask(row, { connections: 16, seconds: 1, thinkMs: 0 });
    if (events > 200) return;
    await delay(500);
  }
  throw new Error(`No events come back by ${row.name}`);
}

let asked = 0;

async function measure(row, load) {
  const before = cpuSeconds(row.pid);
  const result = await ask(row, load);
  const cpu = cpuSeconds(row.pid) - before;
  if (result.errors.length > 0 || result.refused > 0) {
    process.stderr.write(`${row.name}: ${result.refused} refused, ${result.errors.join('; ')}\n`);
  }
  return { ...result, rate: result.events / result.seconds, cpuMicroseconds: (cpu * 1e6) / result.events };
}

async function ask({ client, request }, load) {
  asked += 1;
  client.send({ ...request, ...load, ...(request.name && { name: `${request.name}-${asked}` }) });
  const [{ result }] = await once(client, 'message');
  return result;
}

function report({ name, version, way }, rows) {
  console.log(`\n${name} ${version} (${way})`);
  console.log(
    '| case | events/s | of bare client | of bare client behind HTTP | CPU µs/event | p50 ms | p99 ms | lone event p50 ms | over bare client ms |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  const of = (row, load, field) => median(row[load].map((result) => result[field]));
  // The best of the manners is what counts.
  const bestOf = (edge) =>
    Math.max(...rows.filter((row) => row.edge === edge).map((row) => of(row, 'saturated', 'rate')));
  const quickest = Math.min(...rows.filter(({ edge }) => edge === 'loop').map((row) => of(row, 'lone', 'p50')));
  for (const row of rows) {
    const rate = of(row, 'saturated', 'rate');
    const cells = [
      row.name,
      rate.toFixed(0),
      (rate / bestOf('loop')).toFixed(2),
      (rate / bestOf('http')).toFixed(2),
      of(row, 'saturated', 'cpuMicroseconds').toFixed(1),
      of(row, 'saturated', 'p50').toFixed(2),
      of(row, 'saturated', 'p99').toFixed(2),
      of(row, 'lone', 'p50').toFixed(2),
      (of(row, 'lone', 'p50') - quickest).toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
