import { watch, type FSWatcher } from 'node:fs';
import type { Clock, KubeObject, Logger, Timer } from '@millrace/eventing-api';
import type { KubeClient } from '../client/kube-client.types.js';
import { KubeConnectionError } from '../client/kube-errors.js';
import { applyObject } from './apply.js';
import { ManifestError, manifestFiles, readManifestFile, readManifests, type Manifest } from './read-manifests.js';

/** Editors write a file in several steps; changes closer together than this are one. */
const SETTLE_MS = 200;

export interface ManifestFolderOptions {
  readonly client: KubeClient;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What an object of the folder is to be applied as; default as it stands. */
  readonly adapt?: ((object: KubeObject) => KubeObject) | undefined;
}

/**
 * Applies the manifests of a folder, then again whenever a file in it changes. A file that goes away leaves its objects where they
 * are, as `kubectl apply` does.
 */
export class ManifestFolder {
  private watcher: FSWatcher | undefined;
  private settling: Timer | undefined;
  /** One after the other: two at once would find each other's changes. */
  private applying = Promise.resolve();

  constructor(private readonly options: ManifestFolderOptions) {}

  /** Applies every manifest; rejects with a `ManifestError` for the first that cannot be read or that the API refuses. */
  async apply(): Promise<void> {
    for (const manifest of await readManifests(this.options.folder)) await this.applyOne(manifest);
  }

  /** From now on applies the folder after each change of it; a fault is a warning in the log, and the rest goes on. */
  watch(): void {
    this.watcher = watch(this.options.folder, () => {
      this.settling?.cancel();
      this.settling = this.options.clock.schedule(SETTLE_MS, () => {
        this.applying = this.applying.then(() => this.applyChanged());
      });
    });
    this.watcher.on('error', (error) => this.warn(error));
  }

  stop(): void {
    this.watcher?.close();
    this.settling?.cancel();
  }

  private async applyChanged(): Promise<void> {
    const files = await manifestFiles(this.options.folder).catch((error: unknown) => this.warn(error));
    for (const file of files ?? []) {
      const manifests = await readManifestFile(file).catch((error: unknown) => this.warn(error));
      for (const manifest of manifests ?? []) await this.applyOne(manifest).catch((error: unknown) => this.warn(error));
    }
  }

  private warn(error: unknown): void {
    this.options.logger.warn('A changed manifest was not applied', { error });
  }

  private async applyOne({ file, object: written }: Manifest): Promise<void> {
    const object = this.options.adapt?.(written) ?? written;
    try {
      const outcome = await applyObject(this.options.client, object);
      if (outcome !== 'unchanged') {
        this.options.logger.debug(`${object.kind} ${object.metadata.name ?? ''} ${outcome}`, { file });
      }
    } catch (error) {
      if (error instanceof KubeConnectionError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ManifestError(file, reason, { cause: error });
    }
  }
}
