import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import type { BrokenDriver } from './broken-drivers/broken-driver.types.js';
import { BROKEN_DRIVERS } from './broken-drivers/broken-drivers.js';

const PAGE = join(import.meta.dirname, '../../../docs/conformance/broken-drivers.md');

const MADE_OF: Record<BrokenDriver['madeOf'], string> = {
  'in-memory': 'in-memory',
  acknowledged: 'in-memory, `acknowledge: delivered`',
  log: 'the log of the test',
};

const idList = (ids: readonly string[] = []) => ids.map((id) => `\`${id}\``).join(', ');

const row = ({ fault, madeOf, foundOutBy, alsoFails }: BrokenDriver) =>
  `| ${fault} | ${MADE_OF[madeOf]} | ${idList(foundOutBy)} | ${idList(alsoFails)} |`;

/** `npx vitest run --config vitest.conformance.config.mjs broken-drivers-page -u` writes it anew. */
it('the page of the broken drivers says what the drivers are', async () => {
  const page = `<!-- Written by libs/conformance/test/broken-drivers-page.spec.ts. -->

# Broken drivers

Each of these drivers breaks something on purpose. It fails the requirements in its row and no others, and each requirement of the suite is failed by one of
them at least: \`libs/conformance/test/broken-drivers.spec.ts\` proves both.

| a driver that | made of | is found out by | and cannot meet then |
| --- | --- | --- | --- |
${BROKEN_DRIVERS.map(row).join('\n')}
`;
  const formatted = await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE });
  await expect(formatted).toMatchFileSnapshot(PAGE);
});
