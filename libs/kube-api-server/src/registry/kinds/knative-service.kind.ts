import { KNATIVE_SERVICE, OpaqueObject, type KnativeService } from '@millrace/eventing-api';
import { Type } from 'typebox';
import { builtInKind, objectSchema } from '../built-in-kind.js';

/** The columns of Knative Serving v0.4, without the revisions that do not exist here. */
export const KNATIVE_SERVICE_KIND = builtInKind<KnativeService>(KNATIVE_SERVICE, {
  custom: true,
  hasGeneration: true,
  shortNames: ['kservice', 'ksvc'],
  categories: ['all', 'knative', 'serving'],
  subresources: ['status'],
  schema: objectSchema(
    'A Service of Knative Serving: an image that takes in events, run here when it is one of ours.',
    {
      spec: Type.Optional(
        Type.Object(
          {
            runLatest: Type.Optional(
              OpaqueObject({ description: 'Runs the image in configuration.revisionTemplate.spec.container.' }),
            ),
            template: Type.Optional(
              OpaqueObject({ description: 'The newer form: runs the image in spec.containers[0].' }),
            ),
          },
          { description: 'What should run.', 'x-kubernetes-preserve-unknown-fields': true },
        ),
      ),
      status: Type.Optional(OpaqueObject({ description: 'conditions, address and URL of what runs.' })),
    },
  ),
  printerColumns: [
    { name: 'Domain', type: 'string', jsonPath: '.status.domain' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
  ],
});
