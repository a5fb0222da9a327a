/** Signals to stop that come before the gateway listens for them. */

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/**
 * From now on no signal to stop is lost: the first is told to whoever listens next for one, a second ends the process. Without
 * this the first process of a container, for which signals have no default action, would go on to serve; and any other would end in
 * the middle of what it opens.
 */
export function keepSignalsToStop(): void {
  let kept: NodeJS.Signals | undefined;
  let isHeard = false;
  const keep = (signal: NodeJS.Signals): void => {
    if (isHeard) return;
    if (kept !== undefined) process.exit(1);
    kept = signal;
    process.stderr.write(`lam-gateway: ${signal}: will end when it has started; a second one ends it at once\n`);
  };
  const onListener = (event: string | symbol): void => {
    if (!SIGNALS.some((signal) => signal === event)) return;
    process.off('newListener', onListener);
    isHeard = true;
    // Once the listener is there, so that there is one at any time.
    setImmediate(() => {
      for (const signal of SIGNALS) process.off(signal, keep);
      if (kept !== undefined) process.emit(kept, kept);
    });
  };
  for (const signal of SIGNALS) process.on(signal, keep);
  process.on('newListener', onListener);
}
