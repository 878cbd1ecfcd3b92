import { jsonResponse, type ApiResponse } from './api-exchange.js';

/** The Kubernetes release whose behaviour this API follows; kubectl warns when its own is more than one minor version away. */
const VERSION = {
  major: '1',
  minor: '33',
  gitVersion: 'v1.33.0+millrace',
  platform: `${process.platform}/${process.arch}`,
};

const HEALTH_PATHS = ['/healthz', '/livez', '/readyz'];

/** `/version` (kubectl version) and the health paths (probes, kubectl get --raw); undefined for any other path. */
export function answerServerEndpoint(path: string): ApiResponse | undefined {
  if (path === '/version') return jsonResponse(200, VERSION);
  if (HEALTH_PATHS.includes(path)) return { status: 200, contentType: 'text/plain', body: 'ok' };
  return undefined;
}

/** What a client that asks about itself hears: this API knows no users, so whoever reaches it may do everything. */
const SELF_REVIEWS = [
  {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    status: { allowed: true, reason: 'every client of this API may do everything' },
  },
  {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    status: {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    },
  },
  {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
    status: { userInfo: { username: 'local-user', groups: ['system:masters', 'system:authenticated'] } },
  },
];

/** `POST` of a self review (kubectl auth can-i, auth can-i --list, auth whoami), whatever it asks; undefined for any other path. */
export function answerSelfReview(path: string): ApiResponse | undefined {
  const review = SELF_REVIEWS.find(({ apiVersion, kind }) => path === `/apis/${apiVersion}/${kind.toLowerCase()}s`);
  return review && jsonResponse(201, { metadata: {}, spec: {}, ...review });
}
