import { isDeepStrictEqual } from 'node:util';
import type { KubeConfig } from '@kubernetes/client-node';
import { KubeConnectionError } from './kube-errors.js';

/** TLS material of connections to the API. */
export interface TlsMaterial {
  readonly ca?: string | Buffer | undefined;
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
  readonly servername?: string | undefined;
}

/** Where the API is and who we are to it. */
export interface KubeCredentials {
  readonly server: URL;
  readonly proxyUrl?: string | undefined;
  readonly tls: TlsMaterial;
  /** Headers of each request: Authorization, impersonation. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What client-node fills in for a request of its own. */
interface HttpsOptions extends TlsMaterial {
  headers?: Record<string, string>;
  /** `user:password` of basic authentication. */
  auth?: string;
}

/** Files are read again and credential plugins asked again after this time; plugins keep what has not expired. */
const REFRESH_MS = 30_000;

/**
 * Credentials from a kubeconfig (path given, else `$KUBECONFIG`, `~/.kube/config`, the service account of the Pod). Nothing is read before the first
 * `current()`; while the kubeconfig cannot be read, each call tries anew, so a process may start before the API wrote the file. Certificates, token
 * files and exec plugins are those of @kubernetes/client-node, which is loaded here only, lazily: it costs 0.3 s and 60 MB.
 */
export class KubeCredentialSource {
  readonly #path: string | undefined;
  #config: Promise<KubeConfig> | undefined;
  #fresh: { readonly credentials: Promise<KubeCredentials>; readonly expiresAt: number } | undefined;
  #last: KubeCredentials | undefined;

  constructor(path?: string) {
    this.#path = path;
  }

  /** Credentials for the next request; the same object as before while nothing changed. Rejects with KubeConnectionError. */
  current(): Promise<KubeCredentials> {
    if (this.#fresh === undefined || this.#fresh.expiresAt <= performance.now()) {
      const credentials = this.#read();
      this.#fresh = { credentials, expiresAt: performance.now() + REFRESH_MS };
      credentials.catch(() => this.forget());
    }
    return this.#fresh.credentials;
  }

  /** Reads everything anew at the next request; to be called when the API did not accept the credentials (401). */
  forget(): void {
    this.#fresh = undefined;
    this.#config = undefined;
  }

  async #read(): Promise<KubeCredentials> {
    try {
      this.#config ??= loadConfig(this.#path);
      const credentials = await credentialsOf(await this.#config);
      if (isDeepStrictEqual(credentials, this.#last)) return this.#last as KubeCredentials;
      this.#last = credentials;
      return credentials;
    } catch (error) {
      throw new KubeConnectionError(`Cannot read the kubeconfig or its credentials: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}

async function loadConfig(path: string | undefined): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (path === undefined) config.loadFromDefault();
  else config.loadFromFile(path);
  return config;
}

async function credentialsOf(config: KubeConfig): Promise<KubeCredentials> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('it names no current context with a cluster');
  const server = new URL(cluster.server);
  if (server.protocol === 'http:' && !cluster.skipTLSVerify) {
    throw new Error(
      `${cluster.server} is not TLS; set KUBECONFIG to the right file, or insecure-skip-tls-verify for this cluster to allow it`,
    );
  }
  const options: HttpsOptions = {};
  await config.applyToHTTPSOptions(options as Parameters<KubeConfig['applyToHTTPSOptions']>[0]);
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  return {
    server,
    proxyUrl: cluster.proxyUrl,
    tls: { ca, cert, key, rejectUnauthorized, servername },
    headers: headersOf(options),
  };
}

function headersOf(options: HttpsOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value.trim();
  if (options.auth !== undefined) headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}
