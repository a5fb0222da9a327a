/**
 * One process per audit log: recovery cuts off a torn line, which must not be one that another process is just writing.
 * A lock whose process is gone, however it ended, counts as none.
 */
import { readFileSync } from 'node:fs';
import { open, readFile, unlink } from 'node:fs/promises';

/** Throws if another running process holds the lock. Resolves with what releases it. */
export async function acquireLock(path: string): Promise<() => Promise<void>> {
  const me = identityOf(process.pid);
  for (;;) {
    try {
      const file = await open(path, 'wx');
      try {
        await file.writeFile(me);
      } finally {
        await file.close();
      }
      return () => unlink(path).catch(() => {}); // Somebody who removes it by hand has released it.
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    const holder = await readFile(path, 'utf8').catch(() => '');
    const pid = Number.parseInt(holder, 10);
    if (holder !== '' && holder !== me && identityOf(pid) === holder) {
      throw new Error(`the audit log is being written by process ${pid}; give each gateway one of its own (${path})`);
    }
    await unlink(path).catch(() => {}); // Another starter may have been faster; who makes the file next is decided above.
  }
}

/** `pid start`: numbers of processes are used again, in containers at once. Empty: there is no such process. */
function identityOf(pid: number): string {
  if (!Number.isInteger(pid) || pid <= 0) return '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name in parentheses, may hold anything; the start is the 22nd.
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${pid} ${start}`;
  } catch {
    // Not Linux, or no such process.
    return isRunning(pid) ? `${pid}` : '';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
