import { describe, expect, it } from 'vitest';
import { configMap } from '@millrace/testing';
import { isDeleting, withFinalizer, withoutFinalizer } from './finalizers.js';

describe('finalizers', () => {
  const plain = configMap('one');

  it('are added once, at the end, without touching the object given', () => {
    const first = withFinalizer(plain, 'x/first');
    const both = withFinalizer(first, 'x/second');
    expect(both.metadata.finalizers).toEqual(['x/first', 'x/second']);
    expect(withFinalizer(both, 'x/first')).toBe(both);
    expect(plain.metadata.finalizers).toBeUndefined();
  });

  it('are taken off alone; without it the object stays the same', () => {
    const both = withFinalizer(withFinalizer(plain, 'x/first'), 'x/second');
    expect(withoutFinalizer(both, 'x/first').metadata.finalizers).toEqual(['x/second']);
    expect(both.metadata.finalizers).toHaveLength(2);
    expect(withoutFinalizer(plain, 'x/first')).toBe(plain);
  });

  it('matter for an object that is being deleted', () => {
    expect(isDeleting(plain)).toBe(false);
    expect(isDeleting({ ...plain, metadata: { ...plain.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } })).toBe(
      true,
    );
  });
});
