import { expect, it } from 'vitest';
import { natsConfig } from './nats-config.js';

const first = { client: 1, peer: 2, control: 3 };
const second = { client: 4, peer: 5, control: 6 };

it('is a server with JetStream, for this machine only', () => {
  expect(natsConfig({ folder: '/run dir', ports: [first] }, 0)).toBe(
    [
      'server_name: server-1',
      'host: 127.0.0.1',
      'port: 1',
      'http: "127.0.0.1:3"',
      'jetstream { store_dir: "/run dir/server-1" }',
      '',
    ].join('\n'),
  );
});

it('knows the routes to all servers of a cluster', () => {
  expect(natsConfig({ folder: '/run', ports: [first, second] }, 1)).toContain(
    'cluster { name: millrace, host: 127.0.0.1, port: 5, routes: ["nats://127.0.0.1:2", "nats://127.0.0.1:5"] }',
  );
});

it('lets in whom it is told', () => {
  const credentials = { username: 'alice', password: 's3cret' };
  expect(natsConfig({ folder: '/run', ports: [first], credentials }, 0)).toContain(
    'authorization { user: "alice", password: "s3cret" }',
  );
});

it('has the settings that it is told', () => {
  const settings = { max_payload: '2MB', tls: '{ verify: true }' };
  expect(natsConfig({ folder: '/run', ports: [first], settings }, 0)).toContain(
    'max_payload: 2MB\ntls: { verify: true }\n',
  );
});
