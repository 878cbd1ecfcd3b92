import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatted, staleFiles, writeFiles } from './files.mjs';

const FILES = new Map([
  ['docs/a.md', '# A\n'],
  ['crds/one.yaml', 'a: 1\n'],
]);
const FOLDERS = ['crds'];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-'));
  writeFiles(root, FILES, FOLDERS);
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a generated file', () => {
  it('is current as it was written', () => {
    expect(staleFiles(root, FILES, FOLDERS)).toEqual([]);
  });

  it('is stale where somebody changed it', () => {
    writeFileSync(join(root, 'docs/a.md'), '# B\n');
    expect(staleFiles(root, FILES, FOLDERS)).toEqual(['docs/a.md']);
  });

  it('is stale where it is missing', () => {
    rmSync(join(root, 'crds/one.yaml'));
    expect(staleFiles(root, FILES, FOLDERS)).toEqual(['crds/one.yaml']);
  });

  it('is stale, and goes, where nothing generates it any more', () => {
    writeFileSync(join(root, 'crds/two.yaml'), 'b: 2\n');
    writeFileSync(join(root, 'docs/by-hand.md'), '# By hand\n');
    expect(staleFiles(root, FILES, FOLDERS)).toEqual(['crds/two.yaml']);
    writeFiles(root, FILES, FOLDERS);
    expect(existsSync(join(root, 'crds/two.yaml'))).toBe(false);
    expect(readFileSync(join(root, 'docs/by-hand.md'), 'utf8')).toBe('# By hand\n');
  });

  it('is laid out as the formatter wants it', async () => {
    expect(await formatted('docs/a.md', '# A\n\n| a | b |\n| --- | --- |\n| long | x |')).toBe(
      '# A\n\n| a    | b   |\n| ---- | --- |\n| long | x   |\n',
    );
  });
});
