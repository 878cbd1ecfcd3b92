import type { CodeReference } from '@millrace/eventing-api';

/** What an intake answers. The text of an answer says more. */
export const INTAKE_STATUS_REFERENCE = {
  title: 'Answers of an intake',
  about: 'HTTP status of a POST to a Channel, with a line of text. Label `code` of `millrace_intake_requests_total`.',
  codes: {
    '200': {
      meaning: 'Answer to OPTIONS: events may be sent here (CloudEvents web hook).',
      action: 'Nothing.',
    },
    '202': {
      meaning: 'The store of the Channel has the event, as durably as its provisioner says.',
      action: 'Nothing; do not send it again.',
    },
    '400': {
      meaning:
        'No CloudEvent, an attribute that is missing or invalid, or malformed HTTP. Of a batch nothing was taken.',
      action: 'Correct what the text names; sending the same again does not help.',
    },
    '404': {
      meaning: 'No Channel is at this host and path.',
      action: 'Compare with `status.address.url` of the Channel, and create it if it is missing.',
    },
    '405': {
      meaning: 'Another method than POST; `Allow` says which there are.',
      action: 'Send events with POST.',
    },
    '408': {
      meaning: 'The request did not come in whole in time.',
      action: 'Send again; look at the network, or at a producer that stalls.',
    },
    '413': {
      meaning: 'Larger than the limit of this process or of the store; the text tells it.',
      action: 'Send less at a time, or raise `--max-event-bytes`.',
    },
    '429': {
      meaning: 'A queue is full, or too many bytes are under way here.',
      action: 'Send again after `Retry-After`. If it lasts, find the Subscription whose pending events grow.',
    },
    '431': {
      meaning: 'Too many or too large headers.',
      action: 'Send fewer; put what is long into the data.',
    },
    '500': {
      meaning: '`in-memory-channel`: a Subscription did not take the event, as in 2019. Else a fault of the server.',
      action: 'Look at the Subscriptions that the text names; else read the log, and tell us.',
    },
    '503': {
      meaning:
        'Starting, stopping, or the store is away, refuses us or does not answer. It may have the event, or a part of a batch.',
      action:
        'Send again after `Retry-After`; subscribers may see an event twice. If it lasts, see the conditions of the Channel.',
    },
  },
} as const satisfies CodeReference;

type Codes = keyof typeof INTAKE_STATUS_REFERENCE.codes;
/** An HTTP status that an intake answers with. */
export type IntakeStatus = Codes extends `${infer Status extends number}` ? Status : never;
