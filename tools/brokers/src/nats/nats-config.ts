import { join } from 'node:path';
import type { ServerPlan } from '../native/native.types.js';

/** Configuration of one server with JetStream; three make a cluster. `index` counts from 0. */
export function natsConfig({ folder, ports, credentials, settings }: ServerPlan, index: number): string {
  const own = ports[index];
  if (!own) throw new RangeError(`There is no server ${index}.`);
  const lines = [
    `server_name: server-${index + 1}`,
    'host: 127.0.0.1',
    `port: ${own.client}`,
    `http: "127.0.0.1:${own.control}"`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, `server-${index + 1}`))} }`,
  ];
  if (ports.length > 1) {
    const routes = ports.map(({ peer }) => `"nats://127.0.0.1:${peer}"`).join(', ');
    lines.push(`cluster { name: millrace, host: 127.0.0.1, port: ${own.peer}, routes: [${routes}] }`);
  }
  if (credentials) {
    const { username, password } = credentials;
    lines.push(`authorization { user: ${JSON.stringify(username)}, password: ${JSON.stringify(password)} }`);
  }
  lines.push(...Object.entries(settings ?? {}).map(([name, value]) => `${name}: ${value}`));
  return `${lines.join('\n')}\n`;
}
