// `npx nx g provisioner <name>`: a channel driver that works, with the app that hosts it.
import { join } from 'node:path';
import { formatFiles, generateFiles, installPackagesTask, names, readJson, updateJson } from '@nx/devkit';

/** A DNS label, since Deployment, Service and ClusterChannelProvisioner have this name; it begins with a letter, since identifiers are made of it. */
const NAME = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
const APP_PREFIX = 'provisioner-';
const MAX_NAME_LENGTH = 63 - APP_PREFIX.length;
/** Generated apps listen above those that come with Millrace, on two ports each. */
const FIRST_PORT = 7680;

/**
 * @param {import('@nx/devkit').Tree} tree
 * @param {{ name: string, skipInstall?: boolean }} options
 * @returns {Promise<() => void>} what is to be done once the files are written
 * @throws Error when the name cannot be used
 */
export async function generateProvisioner(tree, { name, skipInstall = false }) {
  const library = `libs/provisioners/${name}`;
  const app = `apps/${APP_PREFIX}${name}`;
  refuseUnusable(name);
  for (const folder of [library, app]) if (tree.exists(folder)) throw new Error(`There is a ${folder} already.`);

  const substitutions = { ...identifiersOf(name), ...versionsIn(tree), port: freePort(tree) };
  generateFiles(tree, join(import.meta.dirname, 'files/lib'), library, substitutions);
  generateFiles(tree, join(import.meta.dirname, 'files/app'), app, substitutions);
  addReferences(tree, [library, app]);
  await formatFiles(tree);
  return () => {
    // Without it, nobody finds the two packages by their names.
    if (!skipInstall) installPackagesTask(tree, true);
  };
}

function refuseUnusable(name) {
  if (NAME.test(name) && name.length <= MAX_NAME_LENGTH) return;
  throw new Error(
    `"${name}" cannot be the name of a provisioner: it takes lower-case letters, digits and dashes, begins with a letter, ends ` +
      `with a letter or digit, and has ${MAX_NAME_LENGTH} characters at most, as in my-store.`,
  );
}

function identifiersOf(name) {
  const { className, propertyName } = names(name);
  return { name, className, propertyName };
}

/** Those of the workspace: a generated package depends on what the others depend on. */
function versionsIn(tree) {
  return {
    version: readJson(tree, 'libs/eventing-api/package.json').version,
    typeboxVersion: readJson(tree, 'libs/eventing-api/package.json').dependencies.typebox,
    nestVersion: readJson(tree, 'libs/platform/package.json').dependencies['@nestjs/common'],
  };
}

/** The first of two ports that no app names. */
function freePort(tree) {
  const sources = tree
    .children('apps')
    .flatMap((app) => ['config', 'app.module'].map((file) => `apps/${app}/src/${file}.ts`));
  const text = sources.map((path) => tree.read(path, 'utf8') ?? '').join('\n');
  let port = FIRST_PORT;
  while (text.includes(`${port}`)) port += 2;
  return port;
}

function addReferences(tree, projects) {
  updateJson(tree, 'tsconfig.json', (config) => ({
    ...config,
    references: [...config.references, ...projects.map((project) => ({ path: `./${project}/tsconfig.build.json` }))],
  }));
}
