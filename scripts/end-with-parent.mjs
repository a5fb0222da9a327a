/**
 * `npm start` runs a shell, and the shell runs us. A signal to npm alone ends npm and its shell, which does not pass it on: we
 * would serve on, and nobody would know. So whoever loses its parent ends as by SIGTERM.
 */
const CHECK_MS = 500;

/** Undefined: nobody to lose, as when PID 1 of a container or a service manager starts us. */
const parent = process.ppid > 1 ? process.ppid : undefined;

/** From now on. Windows has no such signals, and there a process never changes its parent. */
export function endWithParent() {
  if (parent === undefined || process.env.npm_lifecycle_event === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, CHECK_MS);
  // It keeps no program alive that has nothing left to do.
  timer.unref();
}
