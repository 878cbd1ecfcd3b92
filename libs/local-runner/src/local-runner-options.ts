/** A program of this repository that can be run as a child process. */
export interface LocalImage {
  /** Path of its main module. */
  readonly main: string;
}

/** Settings of the local runner. */
export interface LocalRunnerOptions {
  /** Folder of the logs: `<namespace>_<pod>_<uid>/<container>.log`. */
  readonly podLogDir: string;
  /** The images that can be run, by name: last segment of the path, without tag, with dashes (`message-dumper`). */
  readonly images: Readonly<Record<string, LocalImage>>;
  /** Kubeconfig that children get as `KUBECONFIG`. */
  readonly kubeconfig: string;
  /** Domain of Service names. */
  readonly clusterDomain: string;
}
