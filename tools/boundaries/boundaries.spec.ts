import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import { createProjectGraphAsync } from '@nx/devkit';
import ts from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { dependencyConstraints, ownedClients } from '../../eslint.config.mjs';

const root = join(import.meta.dirname, '../..');

interface Project {
  readonly folder: string;
  readonly packageName: string;
  readonly scope: string;
}

const projects: Project[] = globSync('{apps/*,libs/*,libs/provisioners/*,libs/sources/*}/package.json', {
  cwd: root,
}).map((path) => {
  const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as { name: string; nx: { tags: string[] } };
  const scope = manifest.nx.tags.find((tag) => tag.startsWith('scope:'));
  return { folder: dirname(path), packageName: manifest.name, scope: scope ?? 'none' };
});
const libraries = projects.filter(({ folder }) => folder.startsWith('libs/'));

/** The real configuration, but for the rules that need types: they would take a minute, and no boundary is among them. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [{ files: ['**/*.ts'], ...ts.configs.disableTypeChecked }],
});

/** Messages of the rule about a file of a project that consists of these lines, by line (from 0). */
async function reports(path: string, lines: readonly string[], rule: string): Promise<Map<number, string>> {
  const [result] = await eslint.lintText(lines.join('\n'), { filePath: join(root, path) });
  const fatal = result?.messages.find((message) => message.fatal);
  if (result === undefined || fatal) throw new Error(`${path} was not linted: ${fatal?.message ?? 'ignored'}`);
  // What an app loads when it is asked for may not be imported at once; that is no matter of who may import whom.
  const messages = result.messages.filter(({ ruleId, message }) => ruleId === rule && !message.includes('lazy-loaded'));
  return new Map(messages.map(({ line, message }) => [line - 1, message]));
}

/** An existing file of the project: boundaries are those of the project that a file belongs to. */
function someFile(folder: string): string {
  return folder.startsWith('apps/') ? `${folder}/src/main.ts` : `${folder}/src/index.ts`;
}

function mayImport(from: Project, to: Project): boolean {
  const row = dependencyConstraints.find(({ sourceTag }) => sourceTag === from.scope);
  return row?.onlyDependOnLibsWithTags.includes(to.scope) ?? false;
}

// The rule reads the project graph that Nx has stored.
beforeAll(async () => {
  process.env['NX_DAEMON'] = 'false';
  await createProjectGraphAsync();
}, 60_000);

describe('imports between projects', () => {
  it('every project has a scope, and every scope a row of its own', () => {
    const scopes = dependencyConstraints.map(({ sourceTag }) => sourceTag);
    expect(new Set(scopes).size).toBe(scopes.length);
    expect(projects.filter(({ scope }) => !scopes.includes(scope))).toEqual([]);
  });

  it.each(projects)('of $folder are reported where its scope forbids them, and only there', async (from) => {
    const others = libraries.filter((to) => to.folder !== from.folder);
    const lines = others.map(({ packageName }) => `import '${packageName}';`);
    const found = await reports(someFile(from.folder), lines, '@nx/enforce-module-boundaries');
    expect(others.filter((_, index) => found.has(index)).map(({ folder }) => folder)).toEqual(
      others.filter((to) => !mayImport(from, to)).map(({ folder }) => folder),
    );
  });

  it('are reported where they go around the package, by a path into another project', async () => {
    const line = "import '../../kube/src/index.js';";
    const found = await reports('libs/delivery/src/index.ts', [line], '@nx/enforce-module-boundaries');
    expect(found.get(0)).toMatch(/cannot be imported by a relative/);
  });
});

it.each(['testing', 'conformance'])('what specs share is for specs alone: %s', async (name) => {
  const line = `import '@millrace/${name}';`;
  const bySpec = await reports('libs/kube/src/reconcile/work-queue.spec.ts', [line], '@nx/enforce-module-boundaries');
  expect(bySpec).toEqual(new Map());
  const bySource = await reports('libs/kube/src/index.ts', [line], '@nx/enforce-module-boundaries');
  expect(bySource.size).toBe(1);
});

describe('imports of packages', () => {
  it.each(libraries)(
    'of broker and cluster clients by $folder are reported unless it owns the client',
    async ({ folder }) => {
      const lines = ownedClients.flatMap(({ name }) => [`import '${name}';`, `import '${name}/part';`]);
      const found = await reports(`${folder}/src/index.ts`, lines, 'no-restricted-imports');
      const owners = ownedClients.flatMap(({ owner }) => [owner, owner]);
      expect(lines.filter((_, index) => found.has(index))).toEqual(
        lines.filter((_, index) => owners[index] !== folder),
      );
    },
  );

  it.each(libraries.filter(({ folder }) => folder !== 'libs/platform'))(
    'of Nest by $folder are reported outside of its modules',
    async ({ folder }) => {
      const lines = ["import '@nestjs/common';"];
      const inLogic = await reports(`${folder}/src/index.ts`, lines, 'no-restricted-imports');
      expect(inLogic.get(0)).toContain('*.module.ts only');
      expect(await reports(`${folder}/src/some.module.ts`, lines, 'no-restricted-imports')).toEqual(new Map());
    },
  );
});

describe('life cycle', () => {
  it('reports onModuleDestroy, which runs before the drain', async () => {
    const lines = ['export class Part {', '  onModuleDestroy() {}', '}'];
    const found = await reports('libs/delivery/src/index.ts', lines, 'no-restricted-syntax');
    expect(found.get(1)).toContain('Register a ProcessPart instead');
  });
});
