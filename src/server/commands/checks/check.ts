/** What one check of `lam-gateway check` says. */
export type Finding = {
  /** `warning`: it will start, but an operator should know. */
  readonly result: 'ok' | 'warning' | 'failed';
  /** What was looked at. */
  readonly subject: string;
  /** What was found, and what to do about it. */
  readonly text: string;
};

export const ok = (subject: string, text: string): Finding => ({ result: 'ok', subject, text });
export const warning = (subject: string, text: string): Finding => ({ result: 'warning', subject, text });
export const failed = (subject: string, text: string): Finding => ({ result: 'failed', subject, text });

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
