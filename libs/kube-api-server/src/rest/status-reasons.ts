import type { CodeReference } from '@millrace/eventing-api';

/** Why a request was refused: the reasons of a Kubernetes API (`meta/v1 StatusReason`) that this one gives. */
export const STATUS_REASON_REFERENCE = {
  title: 'Answers of the embedded Kubernetes API',
  about:
    'Field `reason` of the `Status` that a refused request gets; kubectl prints it in brackets: `Error from server (NotFound)`.',
  codes: {
    BadRequest: {
      meaning: '400: the request cannot be read; the message says what is wrong with it.',
      action: 'Correct the manifest or the options of the command.',
    },
    Forbidden: {
      meaning:
        '403: the object may not be written now (its namespace is going, for one), or the request does not come from a program of this machine.',
      action: 'Do what the message says; address the API as 127.0.0.1 or localhost.',
    },
    NotFound: {
      meaning: '404: no such object, namespace or kind.',
      action: 'Correct name, namespace (`-n`) or `apiVersion`, or create what is missing first.',
    },
    MethodNotAllowed: {
      meaning: '405: this kind cannot be used in this way (CustomResourceDefinitions are read-only, for one).',
      action: 'Nothing; see what the embedded API does and what it does not.',
    },
    AlreadyExists: {
      meaning: '409: an object of that name exists.',
      action: 'Use `kubectl apply`, or another name.',
    },
    Conflict: {
      meaning: '409: the object was changed since it was read.',
      action: 'Read it again and repeat the change; controllers do so by themselves.',
    },
    Expired: {
      meaning: '410: what the client wants to continue from is no longer kept.',
      action: 'List again; clients do so by themselves.',
    },
    RequestEntityTooLarge: {
      meaning: '413: the object, or the patch, is larger than the API takes.',
      action: 'Make it smaller.',
    },
    UnsupportedMediaType: {
      meaning: '415: a form that the API does not take; server-side apply is one.',
      action: 'Use `kubectl apply` without `--server-side`.',
    },
    Invalid: {
      meaning: '422: the object breaks the rules of its kind; the message names each field.',
      action: 'Correct the fields; `kubectl explain <kind>.spec` describes them.',
    },
    InternalError: {
      meaning: '500: a fault of the API itself.',
      action: 'Read its log, and tell us.',
    },
    ServiceUnavailable: {
      meaning: '503: the API is starting or stopping.',
      action: 'Try again.',
    },
  },
} as const satisfies CodeReference;

export type StatusReason = keyof typeof STATUS_REASON_REFERENCE.codes;
