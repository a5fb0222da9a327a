/** Runs a program to its end, for tests of what users run. */
import { spawn } from 'node:child_process';

export type ProgramRun = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** `env` comes on top of this process's. Rejects if there is no such program. */
export function runProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (cause) => reject(new Error(`this test needs ${command} on the PATH`, { cause })));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
