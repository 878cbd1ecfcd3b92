import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pod } from '@millrace/eventing-api';

/** Name of the folder that holds the logs of a Pod, as kubelets name it. */
export function podLogFolder({ metadata }: Pod): string {
  return `${metadata.namespace ?? ''}_${metadata.name ?? ''}_${metadata.uid ?? ''}`;
}

/** Removes the logs of a Pod that is gone. */
export async function removePodLogs(podLogDir: string, pod: Pod): Promise<void> {
  await rm(join(podLogDir, podLogFolder(pod)), { recursive: true, force: true });
}

/** Nothing else is ever removed, whatever the folder of the logs was set to. */
const LOG_FOLDER = /^[^_]+_[^_]+_[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Removes the logs of every Pod but these. */
export async function keepPodLogs(podLogDir: string, pods: readonly Pod[]): Promise<void> {
  const kept = new Set(pods.map(podLogFolder));
  const folders = await readdir(podLogDir).catch(() => []);
  for (const folder of folders) {
    if (LOG_FOLDER.test(folder) && !kept.has(folder))
      await rm(join(podLogDir, folder), { recursive: true, force: true });
  }
}
