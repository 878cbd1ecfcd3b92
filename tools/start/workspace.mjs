// What `npm start` and `npm test` need before anything is installed: Node 20 and no dependency.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const NEEDED_MAJOR = 24;
const modules = join(root, 'node_modules');
const pinnedNode = join(modules, '.bin/node');
const lockFile = join(root, 'package-lock.json');
const marker = join(modules, '.millrace-lock-hash');
/** npm writes both lock files at the end of an install, its own copy first. */
const LOCK_FILES_APART_MS = 5_000;

export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** One sentence, and the end. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Installs what the lock file names, unless it is there. Ends the process where it cannot. */
export async function install() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (isInstalled(hash)) return;
  if (!canBringNode() && !isNewEnough(process.version)) fail(needsNode());
  say(existsSync(modules) ? 'Installing: the lock file has changed …' : 'Installing (first start only) …');
  const npm = process.env.npm_execpath;
  const command = npm ? [process.execPath, npm] : ['npm'];
  await quietly([...command, 'ci'], 'The installation failed');
  writeFileSync(marker, hash);
}

function isInstalled(hash) {
  if (existsSync(marker) && readFileSync(marker, 'utf8') === hash) return true;
  // Somebody installed by hand, after the lock file was last changed.
  const installed = join(modules, '.package-lock.json');
  if (!existsSync(installed) || statSync(installed).mtimeMs + LOCK_FILES_APART_MS < statSync(lockFile).mtimeMs) {
    return false;
  }
  writeFileSync(marker, hash);
  return true;
}

/** The Node that everything runs on: the one that was installed, else the system's. Ends the process where neither will do. */
export function findNode() {
  const pinned = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' });
  if (pinned.status === 0 && isNewEnough(pinned.stdout)) return pinnedNode;
  if (isNewEnough(process.version)) return process.execPath;
  return fail(needsNode());
}

function canBringNode() {
  return process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
}

function isNewEnough(version) {
  return Number.parseInt(version.replace('v', ''), 10) >= NEEDED_MAJOR;
}

function needsNode() {
  return `Millrace runs on Node ${NEEDED_MAJOR}, this is ${process.version}: please install Node ${NEEDED_MAJOR} (on Linux with glibc, x64 or arm64, it comes along).`;
}

/** Path of a program that was installed, to be run by our Node. */
export function tool(name) {
  return join(modules, '.bin', name);
}

/** Builds these projects and what they need, or all. Nothing is done twice: Nx keeps what it built. */
export async function build(node, projects = []) {
  const selection = projects.length > 0 ? ['-p', projects.join(',')] : [];
  const nx = [node, tool('nx'), 'run-many', '-t', 'build', '--output-style=static', ...selection];
  say('Building …');
  await quietly(nx, 'The build failed');
}

/** The environment of everything that is started: the right Node first, no daemon, no questions. */
function environment() {
  return {
    ...process.env,
    PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}`,
    CI: 'true',
    NX_DAEMON: 'false',
  };
}

/** The command that runs just now; a signal ends it and then this process. */
let current;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (current === undefined) return;
    current.kill(signal);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

/** Runs a command and gives its exit code; `onOutput` gets what it writes, which else goes where ours goes. */
export async function run([command, ...args], onOutput) {
  const stdio = onOutput ? ['ignore', 'pipe', 'pipe'] : 'inherit';
  current = spawn(command, args, { cwd: root, env: environment(), stdio });
  for (const stream of onOutput ? [current.stdout, current.stderr] : []) stream.on('data', onOutput);
  const code = await new Promise((resolve) => {
    current.on('close', resolve);
    current.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(1);
    });
  });
  current = undefined;
  return code ?? 1;
}

/** Runs a command whose output matters only if it fails; then this process ends too. */
async function quietly(command, failure) {
  let output = '';
  const code = await run(command, (chunk) => (output += chunk));
  if (code === 0) return;
  process.stderr.write(output);
  fail(`${failure}: see above.`);
}
