import { RESOURCE_DEFINITIONS } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { KindRegistry } from '../registry/kind-registry.js';
import { servedKinds } from '../registry/served-kinds.js';
import { openApi } from './openapi.js';

const registry = new KindRegistry(servedKinds(RESOURCE_DEFINITIONS));

function get(path: string, query = '') {
  return openApi(registry, path, new URLSearchParams(query));
}

interface Operation {
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, unknown> };
  'x-kubernetes-group-version-kind': object;
}
interface Document {
  paths: Record<string, Partial<Record<'get' | 'post' | 'put' | 'patch' | 'delete', Operation>>>;
  components: { schemas: Record<string, Schema> };
}
interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  'x-kubernetes-group-version-kind'?: { kind: string }[];
}

const json = (path: string): unknown => JSON.parse(String(get(path)!.body));
const index = () => (json('/openapi/v3') as { paths: Record<string, { serverRelativeURL: string }> }).paths;
const document = (root: string) => json(`/openapi/v3/${root}`) as Document;
const EVENTING = 'apis/eventing.knative.dev/v1alpha1';
const CHANNELS = `/${EVENTING}/namespaces/{namespace}/channels`;

describe('The index of OpenAPI v3', () => {
  it('names a document for every group and version, by its hash', () => {
    expect(Object.keys(index())).toEqual(expect.arrayContaining(['api/v1', EVENTING, 'apis/extensions/v1beta1']));
    for (const [root, { serverRelativeURL }] of Object.entries(index())) {
      const [path, hash] = serverRelativeURL.split('?hash=');
      expect(path).toBe(`/openapi/v3/${root}`);
      expect(hash).toMatch(/^[0-9A-F]{64}$/);
      expect(get(path!)!.status).toBe(200);
    }
  });

  it('names another hash once a schema is another one', () => {
    const changed = registry.kinds.map((kind) => ({ ...kind, schema: { ...kind.schema, description: 'changed' } }));
    const { body } = openApi(new KindRegistry(changed), '/openapi/v3', new URLSearchParams())!;
    const other = JSON.parse(String(body)).paths;
    expect(other[EVENTING].serverRelativeURL).not.toBe(index()[EVENTING]!.serverRelativeURL);
  });

  it('lets clients keep a document for as long as the hash is current', () => {
    const query = index()[EVENTING]!.serverRelativeURL.split('?')[1]!;
    const kept = get(`/openapi/v3/${EVENTING}`, query)!.headers!['Cache-Control'];
    const checked = get(`/openapi/v3/${EVENTING}`, 'hash=OLD')!.headers!['Cache-Control'];
    expect([kept, checked]).toEqual(['public, max-age=31536000, immutable', 'no-cache']);
  });

  it.each(['/openapi', '/openapi/v4', '/openapi/v3/apis/none/v1'])('has nothing at %s', (path) => {
    expect(get(path)).toBeUndefined();
  });
});

describe('Every kind', () => {
  const kinds = registry.versions.flatMap(({ apiVersion, path, kinds }) =>
    kinds.map(({ kind }) => ({ name: `${apiVersion} ${kind.kind}`, root: path.slice(1), kind })),
  );

  it.each(kinds)('$name is described in the document of its version', ({ root, kind }) => {
    const schemas = Object.values(document(root).components.schemas);
    const schema = schemas.find((schema) => schema['x-kubernetes-group-version-kind']?.[0]?.kind === kind.kind)!;
    expect(schema.description).toMatch(/\w{3,}/);
    const fields = Object.entries(schema.properties!);
    expect(fields.filter(([, field]) => !field.description).map(([name]) => name)).toEqual([]);
  });

  const patched = kinds.filter(({ kind }) => kind.verbs.includes('patch'));
  it.each(patched)(
    '$name leaves validation and dry runs to the server, and lets kubectl patch without our schemas',
    ({ root, kind }) => {
      const { paths } = document(root);
      const item = paths[`/${root}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}/{name}`]!;
      const collection = paths[`/${root}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}`]!;
      for (const operation of [item.patch!, item.put!, collection.post!]) {
        const names = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(['fieldValidation', 'dryRun']));
        expect(operation['x-kubernetes-group-version-kind']).toMatchObject({ kind: kind.kind });
      }
      expect(Object.keys(item.patch!.requestBody!.content)).toEqual([
        'application/json-patch+json',
        'application/merge-patch+json',
      ]);
    },
  );

  it('says nothing of writes where there are none', () => {
    const { paths } = document('apis/apiextensions.k8s.io/v1');
    expect(Object.keys(paths['/apis/apiextensions.k8s.io/v1/customresourcedefinitions']!)).toEqual(['get']);
  });
});

describe('What kubectl explain shows', () => {
  const schemas = document(EVENTING).components.schemas;

  it('holds the fields of a kind and the complete metadata', () => {
    const channel = schemas['dev.knative.eventing.v1alpha1.Channel']!;
    expect(channel.properties!['spec']!.properties).toHaveProperty('provisioner');
    expect(channel.properties!['metadata']).toMatchObject({
      allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
    });
    expect(Object.keys(schemas['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta']!.properties!)).toEqual(
      expect.arrayContaining(['annotations', 'uid', 'managedFields', 'ownerReferences', 'finalizers']),
    );
  });

  it('marks as required what the user must think of', () => {
    expect(schemas['dev.knative.eventing.v1alpha1.Channel']!.required).toBeUndefined();
    const roles = document('apis/rbac.authorization.k8s.io/v1').components.schemas;
    expect(roles['io.k8s.authorization.rbac.v1.RoleBinding']!.required).toEqual(['roleRef']);
  });

  it('refers to nothing that is not there', () => {
    for (const root of Object.keys(index())) {
      const text = JSON.stringify(document(root));
      const names = Object.keys(document(root).components.schemas);
      const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
      expect(references.filter((name) => !names.includes(name!))).toEqual([]);
    }
  });

  it('names the path parameters of each operation', () => {
    expect(document(EVENTING).paths[`${CHANNELS}/{name}`]).toMatchObject({
      parameters: [
        { name: 'namespace', in: 'path' },
        { name: 'name', in: 'path' },
      ],
    });
  });
});

describe('OpenAPI v2', () => {
  it('is an empty document for kubectl, under a content type that Go can parse', () => {
    const { status, contentType, body } = get('/openapi/v2')!;
    expect({ status, contentType, length: body.length }).toEqual({
      status: 200,
      contentType: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      length: 0,
    });
  });
});
