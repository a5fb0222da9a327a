/** What in a configuration that was read again takes effect only after a restart. */
import type { Config } from '../config.ts';
import type { KeyName } from '../config-keys.ts';

/** Keys whose new value a reload puts in force. */
const RELOADED: readonly KeyName[] = ['labels'];

export function keysThatNeedRestart(running: Config, read: Config): readonly KeyName[] {
  return (Object.keys(running) as KeyName[]).filter((key) => {
    return !RELOADED.includes(key) && JSON.stringify(running[key]) !== JSON.stringify(read[key]);
  });
}
