/** What kafkajs says of an error, dug out of what it wraps it in. */
export interface KafkaFault {
  /** Name of the error in the Kafka protocol, `TOPIC_AUTHORIZATION_FAILED`, where the broker has answered. */
  readonly type: string | undefined;
  /** Class of the error in kafkajs. */
  readonly name: string;
  readonly message: string;
}

/** As much of kafkajs's errors as is read here. */
interface KafkaJsError extends Error {
  readonly type?: string;
  readonly errors?: readonly unknown[];
  readonly groups?: readonly { readonly error?: unknown }[];
}

/** What is said of a call that takes too long, as `within` has it. */
export const BROKER_SILENT = 'The broker did not answer';

const CLOSED = 'KafkaJSConnectionClosedError';
/** A broker says no more where it waits for a TLS handshake or a login. */
const WHY_CLOSED = 'a broker that speaks TLS or wants a login does so where `tls` or `sasl` is missing';

const MAX_DEPTH = 10;

/** The error at the bottom: of several, the first. */
export function faultOf(error: unknown): KafkaFault {
  let current = error;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const inner = innerOf(current);
    if (inner === undefined) break;
    current = inner;
  }
  if (!(current instanceof Error)) return { type: undefined, name: 'Error', message: String(current) };
  const { type, name, message } = current as KafkaJsError;
  return { type, name, message: message === '' ? name : message };
}

/** For people: the broker's own words, with the name of the error. */
export function describeError(error: unknown): string {
  const { type, name, message } = faultOf(error);
  if (name === CLOSED) return `${message}: ${WHY_CLOSED}`;
  return type === undefined || message.includes(type) ? message : `${message} (${type})`;
}

/** What could not be done, in the broker's words, with kafkajs's error as cause. */
export function kafkaError(what: string, cause: unknown): Error {
  return new Error(`${what}: ${describeError(cause)}`, { cause });
}

function innerOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  const { type, errors, groups, cause } = error as KafkaJsError;
  if (errors && errors.length > 0) return errors[0];
  const group = groups?.find((entry) => entry.error !== undefined);
  if (group) return group.error;
  // One that has a type is the broker's own.
  return type === undefined ? cause : undefined;
}
