// What the local runner runs in its tests: an app that says where it listens, as every app of this repository does.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';

console.log(`pid ${process.pid} args ${process.argv.slice(2).join(' ')}`);
if (process.env.CRASH || existsSync(process.env.CRASH_WHILE ?? '')) {
  console.error('about to crash');
  process.exit(3);
}
const server = createServer((_request, response) =>
  response.end(JSON.stringify({ pid: process.pid, env: process.env })),
);
server.listen(0, '127.0.0.1', () => {
  if (process.env.NEVER_READY) return;
  process.send({ type: 'millrace/ready', ports: { http: server.address().port, management: 1 } });
});
process.on('SIGTERM', () => {
  if (process.env.STUBBORN) return;
  console.log('stopping');
  process.exit(0);
});
process.on('disconnect', () => process.exit(0));
