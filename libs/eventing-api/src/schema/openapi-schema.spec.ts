import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { StringMap } from '../meta/schema-parts.js';
import { toOpenApiSchema } from './openapi-schema.js';

describe('a schema as OpenAPI v3', () => {
  it('says in the words of OpenAPI what TypeBox says in those of JSON Schema', () => {
    const schema = Type.Object(
      {
        policy: Type.Enum(['linear', 'exponential'], { description: 'How.' }),
        mode: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
        only: Type.Literal(3),
        delay: Type.String({ examples: ['PT1S', 'PT2S'] }),
        ratio: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
        holder: Type.Union([Type.String(), Type.Null()], { description: 'Who.' }),
        sizes: Type.Record(Type.String(), Type.Integer({ minimum: 1 })),
        labels: StringMap({ description: 'Labels.' }),
        port: Type.Unsafe({ 'x-kubernetes-int-or-string': true }),
      },
      { additionalProperties: false },
    );

    expect(toOpenApiSchema(schema)).toEqual({
      type: 'object',
      required: ['policy', 'only', 'delay', 'ratio', 'holder', 'sizes', 'labels', 'port'],
      properties: {
        policy: { type: 'string', enum: ['linear', 'exponential'], description: 'How.' },
        mode: { type: 'string', enum: ['a', 'b'] },
        only: { type: 'number', enum: [3] },
        delay: { type: 'string', example: 'PT1S' },
        ratio: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true },
        holder: { type: 'string', nullable: true, description: 'Who.' },
        sizes: { type: 'object', additionalProperties: { type: 'integer', minimum: 1 } },
        labels: { type: 'object', additionalProperties: { type: 'string' }, description: 'Labels.' },
        port: { 'x-kubernetes-int-or-string': true },
      },
    });
  });

  it('has nothing in it that JSON would lose', () => {
    const schema = toOpenApiSchema(Type.Object({ a: Type.Optional(Type.Array(Type.Object({ b: Type.String() }))) }));

    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});
