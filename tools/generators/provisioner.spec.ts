import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { ESLint } from 'eslint';
import { FsTree, flushChanges } from 'nx/src/generators/tree.js';
import { check, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateProvisioner } from './provisioner/provisioner.mjs';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const NAME = 'try-out';
const LIBRARY = `libs/provisioners/${NAME}`;
const APP = `apps/provisioner-${NAME}`;
/** Each process that a test starts has seconds of work, on a machine that may be busy. */
const LIMIT_MS = 120_000;

interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** What the generator would write into this workspace. */
async function generate(name: string): Promise<{ tree: FsTree; files: GeneratedFile[] }> {
  const tree = new FsTree(root, false);
  await generateProvisioner(tree, { name });
  return { tree, files: tree.listChanges().map(({ path, content }) => ({ path, text: String(content) })) };
}

/** Runs a tool of this workspace; what it printed, if it fails. */
async function run(tool: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const command = [join(root, 'node_modules', tool), ...args];
  try {
    const { stdout } = await execute(process.execPath, command, { cwd: root, env: { ...process.env, ...env } });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${tool} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

describe('nx g provisioner', () => {
  let files: GeneratedFile[];
  /** Inside of the workspace, so that its packages are found, and where nobody looks for projects. */
  let folder: string;

  beforeAll(async () => {
    const generated = await generate(NAME);
    files = generated.files;
    mkdirSync(join(root, '.cache'), { recursive: true });
    folder = mkdtempSync(join(root, '.cache/generated-'));
    flushChanges(folder, generated.tree.listChanges());
    mkdirSync(join(folder, 'node_modules/@millrace'), { recursive: true });
    symlinkSync(join(folder, LIBRARY), join(folder, `node_modules/@millrace/provisioners-${NAME}`));
    symlinkSync(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
    const compilerOptions = { noEmit: true, composite: false, incremental: false, rootDir: root };
    const config = { extends: './tsconfig.base.json', compilerOptions, include: ['libs', 'apps'] };
    writeFileSync(join(folder, 'tsconfig.all.json'), JSON.stringify(config));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes a library and an app, and nothing else but their references', () => {
    const elsewhere = files.filter(({ path }) => !path.startsWith(`${LIBRARY}/`) && !path.startsWith(`${APP}/`));
    expect(elsewhere.map(({ path }) => path)).toEqual(['tsconfig.json']);
    for (const project of [LIBRARY, APP]) expect(elsewhere[0]?.text).toContain(`"./${project}/tsconfig.build.json"`);
  });

  it('builds on projects that are there', () => {
    const written = new Set(files.map(({ path }) => path));
    for (const project of [LIBRARY, APP]) {
      const config = files.find(({ path }) => path === `${project}/tsconfig.build.json`)!;
      const { references } = JSON.parse(config.text) as { references: { path: string }[] };
      const paths = references.map(({ path }) => normalize(join(project, path)));
      expect(paths.filter((path) => !written.has(path) && !existsSync(join(root, path)))).toEqual([]);
      expect(paths.length).toBeGreaterThan(0);
    }
  });

  it('gives the app ports of its own', () => {
    const source = files.filter(({ path }) => path.startsWith(`${APP}/src/`)).map(({ text }) => text);
    const ports = [...source.join('\n').matchAll(/\b7\d{3}\b/g)].map(([port]) => port);
    expect(new Set(ports).size).toBe(2);
    const settings = readFileSync(join(root, 'docs/reference/settings.md'), 'utf8');
    expect(ports.filter((port) => settings.includes(port))).toEqual([]);
  });

  it('writes a complete driver in fewer than 150 lines', () => {
    const sources = files.filter(({ path }) => path.startsWith(`${LIBRARY}/src/`));
    const lines = sources.map(({ text }) => text.trimEnd().split('\n').length);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(150);
  });

  it('writes what prettier would', async () => {
    const checks = files.map(async ({ path, text }) => {
      const filepath = join(root, path);
      return (await check(text, { ...(await resolveConfig(filepath)), filepath })) ? [] : [path];
    });
    expect((await Promise.all(checks)).flat()).toEqual([]);
  });

  it.concurrent('writes what compiles', { timeout: LIMIT_MS }, async () => {
    await run('typescript/bin/tsc', ['-p', join(folder, 'tsconfig.all.json')]);
  });

  it.concurrent('writes a driver that passes the conformance suite', { timeout: LIMIT_MS }, async () => {
    const report = join(folder, 'report.jsonl');
    const config = join(root, 'vitest.conformance.config.mjs');
    await run('vitest/vitest.mjs', ['run', '--config', config, '--root', folder], {
      CONFORMANCE_REPORT: report,
    });
    const { counts } = JSON.parse(readFileSync(report, 'utf8')) as { counts: number[] };
    // What needs a store that can be killed apart from its driver is not run.
    const [passed, failed] = counts;
    expect(passed).toBeGreaterThan(80);
    expect(failed).toBe(0);
  });

  it.concurrent('is found by nx under this name alone, and asks nothing', { timeout: LIMIT_MS }, async () => {
    const printed = await run('nx/dist/bin/nx.js', ['g', 'provisioner', NAME, '--dry-run'], {
      NX_DAEMON: 'false',
      NO_COLOR: '1',
    });
    expect(printed).toContain(`CREATE ${LIBRARY}/package.json`);
    expect(existsSync(join(root, LIBRARY))).toBe(false);
  });

  it.concurrent('writes what the linter lets pass', { timeout: LIMIT_MS }, async () => {
    const parserOptions = { project: [join(folder, 'tsconfig.all.json')], tsconfigRootDir: folder };
    const eslint = new ESLint({
      cwd: folder,
      overrideConfigFile: join(root, 'eslint.config.mjs'),
      overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions } }],
    });
    const results = await eslint.lintFiles(['libs/**/*.ts', 'apps/**/*.ts']);
    expect(results.length).toBe(files.filter(({ path }) => path.endsWith('.ts')).length);
    expect(results.flatMap(({ messages }) => messages)).toEqual([]);
  });
});

describe('the name of a provisioner', () => {
  it.each(['My-Store', 'my_store', 'my.store', '1st', '-a', 'a-', '', 'a'.repeat(52)])('is not %j', async (name) => {
    await expect(generate(name)).rejects.toThrow(`"${name}" cannot be the name of a provisioner: it takes lower-case`);
  });

  it.each(['a', 'x2', 'a-1-b', 'a'.repeat(51)])('may be %j', async (name) => {
    expect((await generate(name)).files.map(({ path }) => path)).toContain(`libs/provisioners/${name}/package.json`);
  });

  it('is taken once', async () => {
    await expect(generate('in-memory')).rejects.toThrow('There is a libs/provisioners/in-memory already.');
  });
});
