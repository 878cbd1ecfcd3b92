import { startApp, type AppProcess } from '../app-process.js';

/** One replica of a provisioner, through all its lives. */
export class ProvisionerReplica {
  private readonly lives: AppProcess[] = [];

  /** @param intakePort where each life of it takes in events */
  constructor(
    private readonly app: string,
    private readonly args: readonly string[],
    readonly intakePort: number,
  ) {}

  async start(): Promise<void> {
    this.lives.push(await startApp(this.app, [...this.args, '--intake-port', `${this.intakePort}`]));
  }

  /** SIGKILL, frozen or not. */
  async kill(): Promise<void> {
    await this.process?.end('SIGKILL');
  }

  /** SIGSTOP: alive for its peers, and silent. */
  freeze(): void {
    this.process?.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.process.kill('SIGCONT');
  }

  /** The life that it has now, or had last. */
  get process(): AppProcess | undefined {
    return this.lives.at(-1);
  }

  /** What it has written in all its lives. */
  output(): string {
    return this.lives.map((life) => life.output()).join('');
  }
}
