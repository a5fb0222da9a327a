/** Configuration keys of the audit log. */
import { bytes, integer, oneOf, string } from '../config-key.ts';

/**
 * When a line counts as written.
 * - always: when it is on the disk; an action is answered only then
 * - interval: when the system has it; the disk has it after `auditFsyncIntervalMs` at the latest
 * - never: when the system has it, which brings it to the disk when it likes
 */
export const AUDIT_FSYNC = ['always', 'interval', 'never'] as const;
export type AuditFsync = (typeof AUDIT_FSYNC)[number];

/** What becomes of an action whose line cannot be written: the request fails, or it is answered nevertheless. */
export const AUDIT_ON_ERROR = ['fail', 'continue'] as const;
export type AuditOnError = (typeof AUDIT_ON_ERROR)[number];

const DAY_MS = 86_400_000;

export const AUDIT_KEYS = {
  auditFile: string(
    '',
    'audit log: audit.jsonl is written as audit.000001.jsonl, audit.000002.jsonl, ...; empty: none',
  ),
  auditFsync: oneOf(AUDIT_FSYNC, 'always', 'when lines are on the disk: always (before the answer), interval, never'),
  auditFsyncIntervalMs: integer([10, 3_600_000], 1000, 'how long a line may take to the disk by auditFsync interval'),
  auditMaxBytes: bytes([1024, 2 ** 40], 64 << 20, 'size at which the next file of the audit log is begun'),
  auditMaxAgeMs: integer([0, 366 * DAY_MS], DAY_MS, 'age at which the next file is begun, in milliseconds; 0: any'),
  auditMaxFiles: integer([0, 1_000_000], 0, 'files of the audit log that are kept, the latest; 0: all'),
  auditContent: oneOf(
    ['off', 'on'],
    'off',
    'whether the audit log holds states and actions themselves, or hashes only',
  ),
  auditKeyFile: string(
    '',
    'file whose bytes are the key of the hashes; empty: a random key for each file, kept nowhere',
  ),
  auditOnError: oneOf(AUDIT_ON_ERROR, 'fail', 'when a line cannot be written: fail the request, or continue without'),
} as const;
