import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import ts from 'typescript-eslint';

/** Who may import whom (docs/guide/architecture.md). One row a scope; no wildcards. */
export const dependencyConstraints = [
  ['eventing-api', []],
  ['cloudevents-http', ['eventing-api']],
  ['kube', ['eventing-api']],
  ['kube-api-server', ['eventing-api']],
  ['platform', ['eventing-api']],
  ['driver', ['eventing-api']],
  ['delivery', ['eventing-api', 'cloudevents-http']],
  ['source-adapter', ['eventing-api', 'cloudevents-http']],
  ['source-kubernetes-adapter', ['eventing-api', 'cloudevents-http', 'kube']],
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
].map(([scope, allowed]) => ({
  sourceTag: `scope:${scope}`,
  onlyDependOnLibsWithTags: allowed.map((tag) => `scope:${tag}`),
}));

/** Clients that one library alone may import. */
const ownedClients = [
  { package: 'kafkajs', owner: 'libs/provisioners/kafka' },
  { package: 'nats', owner: 'libs/provisioners/nats' },
  { package: '@google-cloud/pubsub', owner: 'libs/provisioners/gcp-pubsub' },
  { package: '@kubernetes/client-node', owner: 'libs/kube' },
];

const bannedImports = (allowed) => [
  'error',
  {
    paths: ownedClients
      .filter(({ package: name }) => name !== allowed)
      .map(({ package: name, owner }) => ({ name, message: `Only ${owner} imports ${name}.` })),
    patterns: ownedClients
      .filter(({ package: name }) => name !== allowed)
      .map(({ package: name, owner }) => ({ group: [`${name}/*`], message: `Only ${owner} imports ${name}.` })),
  },
];

export default ts.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.millrace', '**/coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // TypeBox gives a schema and its type one name.
      '@typescript-eslint/no-redeclare': 'off',
      'no-restricted-imports': bannedImports(undefined),
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
  ...ownedClients.map(({ package: name, owner }) => ({
    files: [`${owner}/**/*.ts`],
    rules: { 'no-restricted-imports': bannedImports(name) },
  })),
  {
    files: ['apps/*/src/**/*.ts', 'libs/**/src/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: true, allow: [], depConstraints: dependencyConstraints },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
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
