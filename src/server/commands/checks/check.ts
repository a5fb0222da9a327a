/** What one check of `lam-gateway check` says. */
export type Finding = {
  /** `warning`: it will work, but an operator should know. */
  readonly result: 'ok' | 'warning' | 'failed';
  /** What was looked at. */
  readonly subject: string;
  /** What was found, and what to do about it. */
  readonly text: string;
};

export const ok = (subject: string, text: string): Finding => ({ result: 'ok', subject, text });
export const warning = (subject: string, text: string): Finding => ({ result: 'warning', subject, text });
export const failed = (subject: string, text: string): Finding => ({ result: 'failed', subject, text });

/** `ok` with `text` if `look` ends well, `failed` with what it throws otherwise. */
export async function attempt(subject: string, text: string, look: () => unknown): Promise<Finding> {
  try {
    await look();
    return ok(subject, text);
  } catch (error) {
    return failed(subject, messageOf(error));
  }
}

/** On one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().replaceAll('\n', '; ');
}
