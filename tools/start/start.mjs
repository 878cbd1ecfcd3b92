// `npm start`: installs what is missing, builds, and runs the standalone app with the arguments that it was given.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { build, findNode, install, root } from './workspace.mjs';

/** The app, and the images that its local runner starts. */
const PROJECTS = ['standalone', 'source-cron', 'source-kubernetes', 'message-dumper'];
/** npm passes on a signal that the terminal has sent to everybody already: it is one request, not two. */
const SAME_REQUEST_MS = 1_000;

await install();
const node = findNode();
await build(node, PROJECTS);

// The IPC channel is how the app learns that it is to stop: a signal sent on could be its second, which means "at once".
const app = spawn(node, [join(root, 'apps/standalone/dist/main.js'), ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
let askedToStopAt;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    askedToStopAt ??= Date.now();
    if (app.connected) app.disconnect();
    else if (Date.now() - askedToStopAt > SAME_REQUEST_MS) app.kill('SIGKILL');
  });
}
app.on('exit', (code, signal) => {
  process.exit(code ?? 128 + constants.signals[signal]);
});
