/** Settings of the front door. */
export interface IngressOptions {
  /** Address that events are taken in at. */
  readonly host: string;
  /** Port that events are taken in at; 0 = any free one. */
  readonly port: number;
  /** DNS domain of the cluster, `cluster.local` by custom. */
  readonly clusterDomain: string;
  /** Largest body of a request. */
  readonly maxEventBytes: number;
  /** Bytes of all bodies held at one time. */
  readonly maxBytesInFlight: number;
}
