import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { decodeBody } from './decode-body.js';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** Bodies that kubectl 1.32 sent. */
const CAPTURED = {
  'create ns demo': 'azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhwKFAoEZGVtbxIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA==',
  'create configmap cm1 --from-literal=a=1 --from-literal=b=two':
    'azhzAAoPCgJ2MRIJQ29uZmlnTWFwEicKEwoDY20xEgAaACIAKgAyADgAQgASBgoBYRIBMRIICgFiEgN0d28aACIA',
  'create secret generic s1 --from-literal=pw=geheim':
    'azhzAAoMCgJ2MRIGU2VjcmV0EiQKEgoCczESABoAIgAqADIAOABCABIMCgJwdxIGZ2VoZWltGgAaACIA',
  'create serviceaccount robot': 'azhzAAoUCgJ2MRIOU2VydmljZUFjY291bnQSFwoVCgVyb2JvdBIAGgAiACoAMgA4AEIAGgAiAA==',
  'create deployment d1 --image=x':
    'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Ep8BCh0KAmQxEgAaACIAKgAyADgAQgBaCQoDYXBwEgJkMRJwCAESCwoJCgNhcHASAmQxGlcKGwoAEgAaACIAKgAyADgAQgBaCQoDYXBwEgJkMRI4EhoKAXgSAXgqAEIAagByAIABAIgBAJABAKIBABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgAGgAiAA==',
} as const;

const captured = (command: keyof typeof CAPTURED) => decodeBody(PROTOBUF, Buffer.from(CAPTURED[command], 'base64'));

describe('A protobuf body of kubectl is read', () => {
  it.each([
    ['create ns demo', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } }],
    [
      'create configmap cm1 --from-literal=a=1 --from-literal=b=two',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cm1' }, data: { a: '1', b: 'two' } },
    ],
    [
      'create secret generic s1 --from-literal=pw=geheim',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's1' }, data: { pw: 'Z2VoZWlt' } },
    ],
    ['create serviceaccount robot', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } }],
  ] as const)('kubectl %s', (command, object) => {
    expect(captured(command)).toEqual({ outcome: 'object', object });
  });
});

const field = (number: number, bytes: Uint8Array | string) =>
  new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(Buffer.from(bytes)).finish();

const envelope = (apiVersion: string, kind: string, raw: Uint8Array) =>
  Buffer.concat([Buffer.from('k8s\0'), field(1, Buffer.concat([field(1, apiVersion), field(2, kind)])), field(2, raw)]);

describe('A protobuf body', () => {
  it('gives owners and finalizers', () => {
    const owner = Buffer.concat([field(3, 'orders'), field(4, 'u1')]);
    const metadata = Buffer.concat([field(1, 'a'), field(13, owner), field(14, 'x.dev/hold'), field(8, '')]);
    expect(decodeBody(PROTOBUF, envelope('v1', 'ConfigMap', field(1, metadata)))).toEqual({
      outcome: 'object',
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', ownerReferences: [{ name: 'orders', uid: 'u1' }], finalizers: ['x.dev/hold'] },
      },
    });
  });

  it('keeps keys that have a meaning in JavaScript', () => {
    const raw = field(2, Buffer.concat([field(1, '__proto__'), field(2, 'x')]));
    const decoded = decodeBody(PROTOBUF, envelope('v1', 'ConfigMap', raw));
    expect(JSON.stringify(decoded)).toContain('"data":{"__proto__":"x"}');
  });

  it('of another kind is refused with a way out', () => {
    expect(captured('create deployment d1 --image=x')).toEqual({
      outcome: 'unsupported',
      message:
        'Deployment (apps/v1) is not taken in as protobuf here; send JSON or YAML, as with: kubectl create ... --dry-run=client -o yaml | kubectl apply -f -',
    });
  });

  it.each([
    ['without the magic bytes', Buffer.from('{"kind":"Namespace"}')],
    ['that is cut off', Buffer.from(CAPTURED['create ns demo'], 'base64').subarray(0, 30)],
    ['of nonsense', Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0xff, 0xff, 0xff])])],
    ['that is empty', Buffer.alloc(0)],
  ])('%s is malformed', (_case, bytes) => {
    expect(decodeBody(PROTOBUF, bytes).outcome).toBe('malformed');
  });
});

describe('A body of text', () => {
  it.each([
    ['application/json', '{"kind":"Channel"}'],
    ['application/json; charset=utf-8', '{"kind":"Channel"}'],
    ['Application/merge-patch+json', '{"kind":"Channel"}'],
    ['application/yaml', 'kind: Channel\n'],
    ['application/apply-patch+yaml', 'kind: Channel'],
    ['application/apply-patch+yaml', '{"kind":"Channel"}'],
  ])('of type %s is read: %s', (contentType, text) => {
    expect(decodeBody(contentType, Buffer.from(text))).toEqual({ outcome: 'object', object: { kind: 'Channel' } });
  });

  it('in YAML keeps what looks like a time as text', () => {
    const decoded = decodeBody('application/yaml', Buffer.from('at: 2019-02-20T08:00:00Z'));
    expect(decoded).toEqual({ outcome: 'object', object: { at: '2019-02-20T08:00:00Z' } });
  });

  it.each([
    ['application/json', '{"kind":', 'json parse error: '],
    ['application/yaml', 'a: [', 'yaml parse error: '],
    ['application/yaml', 'a: 1\na: 2', 'yaml parse error: Map keys must be unique'],
  ])('of type %s that is malformed is told so', (contentType, text, message) => {
    expect(decodeBody(contentType, Buffer.from(text))).toEqual({
      outcome: 'malformed',
      message: expect.stringContaining(message),
    });
  });

  it('must be UTF-8', () => {
    expect(decodeBody('application/json', Buffer.from([0x22, 0xff, 0x22])).outcome).toBe('malformed');
  });

  it.each([undefined, '', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])(
    'of type %s is refused, since a web page could send it',
    (contentType) => {
      expect(decodeBody(contentType, Buffer.from('{}'))).toEqual({
        outcome: 'unsupported',
        message: expect.stringContaining('accepted media types include: application/json, application/yaml'),
      });
    },
  );
});
