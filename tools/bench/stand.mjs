// What the benchmarks share: a standalone of their own, child processes that end with them, CPU time, medians.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const API_VERSION = 'eventing.knative.dev/v1alpha1';
const TICKS_PER_SECOND = 100;

const dataDir = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
const children = [];
process.on('exit', () => {
  children.forEach((child) => child.kill('SIGKILL'));
  rmSync(dataDir, { recursive: true, force: true });
});

/** A child without which nothing can be measured. */
function need(name, child) {
  children.push(child);
  child.once('exit', (code, signal) => {
    console.error(`${name} ended with ${code ?? signal}.`);
    process.exit(1);
  });
}

/** A program of this directory that has told its port. */
export async function forkReady(file, args = []) {
  const child = fork(join(import.meta.dirname, file), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  need(file, child);
  const [{ port }] = await once(child, 'message');
  return { child, port };
}

/** A standalone that serves these objects, with further flags. */
export async function startStandalone(objects, flags = []) {
  const manifests = join(dataDir, 'manifests');
  mkdirSync(manifests);
  writeFileSync(join(manifests, 'bench.json'), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'apps/standalone/dist/main.js'),
      ...['--data-dir', dataDir, '--manifests', manifests],
      ...['--api-port', '0', '--ingress-port', '0', '--management-port', '0', ...flags],
    ],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  need('standalone', child);
  const [{ ports }] = await once(child, 'message');
  return { child, ports };
}

export function channel(name, provisioner) {
  const spec = { provisioner: { apiVersion: API_VERSION, kind: 'ClusterChannelProvisioner', name: provisioner } };
  return { apiVersion: API_VERSION, kind: 'Channel', metadata: { name, namespace: 'default' }, spec };
}

export function subscription(name, channelName, uri, spec = {}) {
  const reference = { apiVersion: API_VERSION, kind: 'Channel', name: channelName };
  return {
    apiVersion: API_VERSION,
    kind: 'Subscription',
    metadata: { name, namespace: 'default' },
    spec: { channel: reference, subscriber: { uri }, ...spec },
  };
}

/** User and system time of a process so far (fields 14 and 15 of /proc/PID/stat). */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function shuffle(list) {
  return list
    .map((value) => ({ value, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
