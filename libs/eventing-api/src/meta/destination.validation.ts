import type { FieldFault } from '../admission/admission.types.js';
import { childPath, forbidden, invalid, required } from '../admission/faults.js';
import type { Destination } from './destination.schema.js';
import { localReferenceFaults } from './object-reference.validation.js';

/** Faults of a Destination at `path`: exactly one of a reference within the namespace and an absolute http(s) URL. */
export function destinationFaults({ ref, uri }: Destination, path: string): FieldFault[] {
  if (ref === undefined && uri === undefined) {
    return [required(path, 'exactly one of ref and uri')];
  }
  if (ref !== undefined && uri !== undefined) {
    return exclusionFaults({ ref, uri }, path);
  }
  return ref === undefined
    ? urlFaults(uri ?? '', childPath(path, 'uri'))
    : localReferenceFaults(ref, childPath(path, 'ref'), `give the address as ${childPath(path, 'uri')}`);
}

/** The fault of an object at `path` that sets several of the fields of which it may set one. */
export function exclusionFaults(fields: Readonly<Record<string, unknown>>, path: string): FieldFault[] {
  const names = Object.keys(fields);
  const named = names.filter((name) => fields[name] !== undefined);
  return named.length < 2
    ? []
    : [forbidden(path, `${named.join(' and ')} exclude each other; set one of ${enumerated(names)}`)];
}

/** Whether a text is a URL that an HTTP client can send to as it stands. Credentials in it would be shown in status and logs, and no client sends them. */
export function isHttpUrl(text: string): boolean {
  const url = /^https?:\/\/[^/]/i.test(text) ? URL.parse(text) : null;
  return url !== null && url.username === '' && url.password === '' && url.hash === '' && url.port !== '0';
}

function urlFaults(uri: string, path: string): FieldFault[] {
  return isHttpUrl(uri)
    ? []
    : [
        invalid(
          path,
          uri,
          'must be an absolute http or https URL without user, password and fragment, as in http://consumer.example.com/',
        ),
      ];
}

function enumerated(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
