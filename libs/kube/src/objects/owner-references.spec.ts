import { describe, expect, it } from 'vitest';
import { configMap } from '@millrace/testing';
import { isControlledBy, ownerReferenceTo } from './owner-references.js';

function stored(name: string, uid: string) {
  const object = configMap(name);
  return { ...object, metadata: { ...object.metadata, uid } };
}

describe('owner references', () => {
  const owner = stored('owner', 'uid-1');

  it('name the owner as the controller that blocks its deletion', () => {
    expect(ownerReferenceTo(owner)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'owner',
      uid: 'uid-1',
      controller: true,
      blockOwnerDeletion: true,
    });
  });

  it('cannot be made to what was never stored', () => {
    expect(() => ownerReferenceTo(configMap('owner'))).toThrow(TypeError);
  });

  it('tell a controller by its UID, not by its name', () => {
    const object = configMap('owned');
    const owned = { ...object, metadata: { ...object.metadata, ownerReferences: [ownerReferenceTo(owner)] } };
    expect(isControlledBy(owned, owner)).toBe(true);
    expect(isControlledBy(owned, stored('owner', 'uid-2'))).toBe(false);
    expect(isControlledBy(object, owner)).toBe(false);
    expect(isControlledBy(object, configMap('owner'))).toBe(false);
  });

  it('that do not control do not count', () => {
    const object = configMap('owned');
    const reference = { ...ownerReferenceTo(owner), controller: false };
    expect(isControlledBy({ ...object, metadata: { ...object.metadata, ownerReferences: [reference] } }, owner)).toBe(
      false,
    );
  });
});
