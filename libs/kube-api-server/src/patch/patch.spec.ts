import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPatch } from './json-patch.js';
import { mergePatch } from './merge-patch.js';
import { strategicMergePatch } from './strategic-merge-patch.js';

describe('a merge patch', () => {
  // The examples of RFC 7396, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('makes %j with %j to %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('applied twice does what it does once, and changes neither argument', () => {
    const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(objects, objects, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
        expect(JSON.stringify([target, patch])).toBe(before);
      }),
    );
  });

  it('cannot reach the prototype', () => {
    const patched = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}')) as { polluted?: boolean };
    expect(patched.polluted).toBeUndefined();
    expect(strategicMergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'))).not.toHaveProperty('polluted');
    expect(jsonPatch({}, [{ op: 'add', path: '/__proto__/polluted', value: true }]).outcome).toBe('malformed');
  });
});

describe('a JSON patch', () => {
  it('refuses what is no list of operations', () => {
    for (const patch of [
      {},
      [1],
      [{ op: 'add', value: 1 }],
      [{ op: 'drop', path: '/a' }],
      [{ op: 'copy', path: '/a' }],
    ]) {
      expect(jsonPatch({}, patch).outcome).toBe('malformed');
    }
  });

  it('cannot blow a document up by copying', () => {
    const patch = Array.from({ length: 60 }, (_, i) => ({ op: 'copy', from: '', path: `/n${i}` }));
    expect(jsonPatch({ text: 'x'.repeat(1_000) }, patch).outcome).toBe('too-large');
  });
});

describe('a strategic merge patch', () => {
  const containers = [
    { name: 'a', image: 'x', ports: [{ containerPort: 80 }] },
    { name: 'b', image: 'y' },
  ];

  it('merges the items of known lists by their keys', () => {
    const patch = { containers: [{ name: 'b', image: 'z' }, { name: 'c' }], args: ['new'] };
    expect(strategicMergePatch({ containers, args: ['old'] }, patch)).toEqual({
      containers: [containers[0], { name: 'b', image: 'z' }, { name: 'c' }],
      args: ['new'],
    });
  });

  it('tells ports apart by containerPort in containers and by port in Services', () => {
    const inContainer = strategicMergePatch(
      { ports: [{ containerPort: 80 }] },
      { ports: [{ containerPort: 80, name: 'http' }] },
    );
    expect(inContainer).toEqual({ ports: [{ containerPort: 80, name: 'http' }] });
    const inService = strategicMergePatch({ ports: [{ port: 80 }] }, { ports: [{ port: 81 }] });
    expect(inService).toEqual({ ports: [{ port: 80 }, { port: 81 }] });
  });

  it('follows the directives that kubectl sends', () => {
    const deleted = strategicMergePatch({ containers }, { containers: [{ $patch: 'delete', name: 'a' }] });
    expect(deleted).toEqual({ containers: [containers[1]] });
    const replaced = strategicMergePatch({ containers }, { containers: [{ $patch: 'replace' }, { name: 'c' }] });
    expect(replaced).toEqual({ containers: [{ name: 'c' }] });
    const ordered = strategicMergePatch(
      { containers },
      { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [] },
    );
    expect(ordered).toEqual({ containers: [containers[1], containers[0]] });
    const retained = strategicMergePatch(
      { strategy: { type: 'A', a: 1 } },
      { strategy: { $retainKeys: ['type'], type: 'B' } },
    );
    expect(retained).toEqual({ strategy: { type: 'B' } });
    const pruned = strategicMergePatch(
      { finalizers: ['a', 'b'] },
      { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c'] },
    );
    expect(pruned).toEqual({ finalizers: ['b', 'c'] });
  });
});
