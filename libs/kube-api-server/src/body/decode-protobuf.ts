import type { DecodedBody } from './decode-body.js';
import {
  bytesMap,
  flag,
  message,
  messages,
  readMessage,
  text,
  textMap,
  texts,
  type Message,
} from './protobuf-fields.js';

/** What every Kubernetes protobuf body starts with (k8s.io/apimachinery runtime/serializer/protobuf). */
const MAGIC = Buffer.from('k8s\0');

/** `runtime.Unknown`: what kind of object, and its bytes. */
const UNKNOWN: Message = {
  1: message('typeMeta', { 1: text('apiVersion'), 2: text('kind') }),
  2: { name: 'raw', collect: 'one', read: (reader) => reader.bytes() },
};

interface Unknown {
  readonly typeMeta?: { readonly apiVersion?: string; readonly kind?: string };
  readonly raw?: Uint8Array;
}

/** Field numbers as in `generated.proto` of k8s.io/apimachinery and k8s.io/api; what a client may set on a new object. */
const METADATA = message('metadata', {
  1: text('name'),
  2: text('generateName'),
  3: text('namespace'),
  11: textMap('labels'),
  12: textMap('annotations'),
  13: messages('ownerReferences', {
    1: text('kind'),
    3: text('name'),
    4: text('uid'),
    5: text('apiVersion'),
    6: flag('controller'),
    7: flag('blockOwnerDeletion'),
  }),
  14: texts('finalizers'),
});

/** What kubectl from 1.32 on sends in protobuf and, other than most, does not send again in JSON: `create namespace`, `serviceaccount`, `configmap` and `secret`. */
const MESSAGES: Readonly<Record<string, Message>> = {
  'v1 Namespace': { 1: METADATA },
  'v1 ServiceAccount': { 1: METADATA },
  'v1 ConfigMap': { 1: METADATA, 2: textMap('data'), 3: bytesMap('binaryData'), 4: flag('immutable') },
  'v1 Secret': {
    1: METADATA,
    2: bytesMap('data'),
    3: text('type'),
    4: textMap('stringData'),
    5: flag('immutable'),
  },
};

/** Reads a body of type `application/vnd.kubernetes.protobuf` into the JSON form of its object. */
export function decodeProtobuf(bytes: Uint8Array): DecodedBody {
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.length))) {
    return { outcome: 'malformed', message: 'the body is not in the Kubernetes protobuf format' };
  }
  try {
    return decodeObject(readMessage(bytes.subarray(MAGIC.length), UNKNOWN));
  } catch (error) {
    return { outcome: 'malformed', message: `protobuf parse error: ${(error as Error).message}` };
  }
}

function decodeObject({ typeMeta: { apiVersion = '', kind = '' } = {}, raw }: Unknown): DecodedBody {
  const fields = MESSAGES[`${apiVersion} ${kind}`];
  if (fields === undefined) {
    const instead = 'kubectl create ... --dry-run=client -o yaml | kubectl apply -f -';
    const message = `${kind} (${apiVersion}) is not taken in as protobuf here; send JSON or YAML, as with: ${instead}`;
    return { outcome: 'unsupported', message };
  }
  return { outcome: 'object', object: { apiVersion, kind, ...readMessage(raw ?? new Uint8Array(), fields) } };
}
