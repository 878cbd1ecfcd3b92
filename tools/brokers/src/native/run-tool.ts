import { spawn } from 'node:child_process';
import { InstallFailure } from './native.types.js';

const TAIL_LINES = 20;

/** Runs a tool that installs something to its end. Throws `InstallFailure` where it is missing or fails, then with the end of what it wrote. */
export async function runTool(
  command: readonly [string, ...string[]],
  { folder, environment = {} }: { readonly folder: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<string> {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...environment } });
  child.stdin.end();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', () => reject(new InstallFailure(`${program} is missing: please install it.`)));
  });
  if (code === 0) return output;
  const tail = output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  throw new InstallFailure(`${command.join(' ')} failed:\n${tail}`);
}
