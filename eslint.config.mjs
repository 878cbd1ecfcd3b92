import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import ts from 'typescript-eslint';

/**
 * Who may import whom. One row a scope; no wildcards.
 *
 * @type {[scope: string, allowed: string[]][]}
 */
const mayImport = [
  ['eventing-api', []],
  ['brokers', []],
  ['testing', ['eventing-api']],
  ['conformance', ['eventing-api', 'delivery']],
  ['cloudevents-http', ['eventing-api']],
  ['kube', ['eventing-api']],
  ['kube-api-server', ['eventing-api']],
  ['platform', ['eventing-api']],
  ['driver', ['eventing-api', 'cloudevents-http']],
  ['delivery', ['eventing-api', 'cloudevents-http']],
  ['source-sink', ['eventing-api', 'cloudevents-http']],
  ['source-adapter', ['eventing-api', 'cloudevents-http', 'source-sink']],
  ['source-kubernetes-adapter', ['eventing-api', 'cloudevents-http', 'source-sink', 'kube']],
  ['ingress', ['eventing-api', 'cloudevents-http', 'kube', 'delivery']],
  ['control-plane', ['eventing-api', 'cloudevents-http', 'kube', 'delivery']],
  ['provisioner-runtime', ['eventing-api', 'cloudevents-http', 'kube', 'delivery']],
  ['local-runner', ['eventing-api', 'cloudevents-http', 'kube', 'delivery']],
  [
    'app',
    [
      'eventing-api',
      'cloudevents-http',
      'kube',
      'kube-api-server',
      'platform',
      'driver',
      'delivery',
      'source-adapter',
      'source-kubernetes-adapter',
      'ingress',
      'control-plane',
      'provisioner-runtime',
      'local-runner',
    ],
  ],
];

export const dependencyConstraints = mayImport.map(([scope, allowed]) => ({
  sourceTag: `scope:${scope}`,
  onlyDependOnLibsWithTags: allowed.map((tag) => `scope:${tag}`),
}));

/** What specs may import besides: no part of what runs. */
const specConstraints = dependencyConstraints.map(({ sourceTag, onlyDependOnLibsWithTags }) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [...onlyDependOnLibsWithTags, 'scope:testing', 'scope:conformance', 'scope:brokers'],
}));

/** The rule that keeps to those constraints. */
const moduleBoundaries = (depConstraints, enforceBuildableLibDependency) => ({
  '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency, allow: [], depConstraints }],
});

/** Clients that one library alone may import. */
export const ownedClients = [
  { name: 'kafkajs', owner: 'libs/provisioners/kafka' },
  { name: 'nats', owner: 'libs/provisioners/nats' },
  { name: '@google-cloud/pubsub', owner: 'libs/provisioners/gcp-pubsub' },
  { name: 'google-auth-library', owner: 'libs/provisioners/gcp-pubsub' },
  { name: '@kubernetes/client-node', owner: 'libs/kube' },
];

/** Where Nest may be imported in libraries: their rim, and the glue itself. */
const nestFiles = ['libs/**/*.module.ts', 'libs/**/*.module.spec.ts', 'libs/platform/**/*.ts'];

/** The rule for the files of `owner` (undefined: of nobody), with or without Nest. */
const bannedImports = ({ owner, nest }) => {
  const clients = ownedClients.filter((client) => client.owner !== owner);
  const patterns = clients.map(({ name, owner }) => ({
    regex: `^${name}(/|$)`,
    message: `Only ${owner} imports ${name}.`,
  }));
  if (!nest) {
    patterns.push({
      regex: '^@nestjs/',
      message: 'Libraries import Nest in *.module.ts only: their logic is plain classes.',
    });
  }
  return { 'no-restricted-imports': ['error', { patterns }] };
};

export default ts.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.millrace', '.cache', '**/coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...ts.configs.strictTypeChecked],
    // One program for all: one a project (projectService) needs more than 4 GB.
    languageOptions: { parserOptions: { project: 'tsconfig.check.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Nest and OpenTelemetry declare the types of options as classes and take object literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // TypeBox gives a schema and its type one name.
      '@typescript-eslint/no-redeclare': 'off',
      ...bannedImports({ nest: true }),
      'no-restricted-syntax': [
        'error',
        {
          selector: "MethodDefinition[key.name='onModuleDestroy']",
          message:
            'Register a ProcessPart instead: onModuleDestroy runs before the drain (docs/adr/0002-one-shutdown-sequence.md).',
        },
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
      ],
    },
  },
  { files: ['libs/**/*.ts'], ignores: nestFiles, rules: bannedImports({ nest: false }) },
  ...ownedClients.flatMap(({ owner }) => [
    { files: [`${owner}/**/*.ts`], rules: bannedImports({ owner, nest: false }) },
    { files: [`${owner}/**/*.module.ts`], rules: bannedImports({ owner, nest: true }) },
  ]),
  {
    files: ['apps/*/src/**/*.ts', 'libs/**/src/**/*.ts'],
    plugins: { '@nx': nx },
    rules: moduleBoundaries(dependencyConstraints, true),
  },
  { files: ['apps/*/src/**/*.spec.ts', 'libs/**/src/**/*.spec.ts'], rules: moduleBoundaries(specConstraints, false) },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setImmediate: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        performance: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.spec.ts', '**/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  prettier,
);
