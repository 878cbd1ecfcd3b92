import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd, startApp, type AppProcess } from './app-process.js';

export const APPS = [
  'api-server',
  'controller',
  'ingress-dispatcher',
  'provisioner-in-memory',
  'source-cron',
  'source-kubernetes',
  'message-dumper',
  'standalone',
] as const;
export type App = (typeof APPS)[number];

/** Flags without their dashes. */
export type Flags = Readonly<Record<string, string>>;

/** Starts apps one by one, in a folder of their own, and ends what is left of them. */
export class Launcher implements AsyncDisposable {
  private readonly running: AppProcess[] = [];

  private constructor(readonly folder: string) {}

  static async open(): Promise<Launcher> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    await mkdir(join(folder, 'manifests'));
    return new Launcher(folder);
  }

  get kubeconfig(): string {
    return join(this.folder, 'kubeconfig');
  }

  async start(app: App, flags: Flags = {}): Promise<AppProcess> {
    const started = await startApp(app, this.args(app, flags));
    this.running.push(started);
    return started;
  }

  /** Runs an app that is expected to end by itself. */
  run(app: App, flags: Flags, ...more: readonly string[]): Promise<{ code: number | null; output: string }> {
    return runToEnd(app, [...this.args(app, flags), ...more]);
  }

  /** What the app needs to run by itself, on ports that are free. */
  flagsOf(app: App): Flags {
    const { folder, kubeconfig } = this;
    const common = { 'management-port': '0' };
    switch (app) {
      case 'api-server':
        return { ...common, 'api-port': '0', 'data-dir': folder };
      case 'controller':
        return { ...common, kubeconfig };
      case 'ingress-dispatcher':
        return { ...common, kubeconfig, 'ingress-port': '0' };
      case 'provisioner-in-memory':
        return { ...common, kubeconfig, 'intake-port': '0' };
      case 'source-cron':
        return {
          ...{ ...common, namespace: 'default', name: 'tick', schedule: '@hourly' },
          sink: 'http://127.0.0.1:9/',
        };
      case 'source-kubernetes':
        return { ...common, kubeconfig, namespace: 'default', sink: 'http://127.0.0.1:9/' };
      case 'message-dumper':
        return { ...common, port: '0' };
      case 'standalone':
        return {
          ...{ ...common, 'api-port': '0', 'ingress-port': '0' },
          ...{ 'data-dir': folder, manifests: join(folder, 'manifests') },
        };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.running.map((app) => app.end('SIGKILL')));
    await rm(this.folder, { recursive: true, force: true });
  }

  private args(app: App, flags: Flags): string[] {
    return Object.entries({ ...this.flagsOf(app), ...flags }).map(([flag, value]) => `--${flag}=${value}`);
  }
}
