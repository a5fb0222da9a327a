/** `lam-gateway audit export`: training data from audit logs that hold content. */
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { EXPORT_FORMATS, type ExportFormat, formatTrajectory } from '../audit/export-formats.ts';
import { TrajectoryReader } from '../audit/trajectories.ts';

/** EX_USAGE, EX_DATAERR, EX_NOINPUT and EX_CANTCREAT of sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_DATA = 65;
const EXIT_INPUT = 66;
const EXIT_OUTPUT = 73;

const USAGE = `lam-gateway audit export FILE... [--out FILE] [--format steps|trajectories|ufo]

Reads audit logs in the given order, oldest first, and writes JSON Lines: state, action and reward of each step.
Actions that were logged without content (auditContent off) are counted and left out.

  --out FILE       default: stdout
  --format NAME    steps (default): one line per step; trajectories: one line per episode; ufo: one line per episode, as
                   UFO's execution records

Exit codes: 0, 64 wrong arguments, 65 lines were broken or missing (the rest is written), 66 no such file, 73 FILE cannot be written.
`;

export type AuditStreams = { readonly out: Writable; readonly error: (text: string) => void };

const PROCESS_STREAMS: AuditStreams = { out: process.stdout, error: (text) => void process.stderr.write(text) };

/** Resolves with the exit code: 0, or 64, 65, 66, 73 for wrong arguments, broken or unreadable input, output that cannot be written. */
export async function runAudit(argv: readonly string[], streams = PROCESS_STREAMS): Promise<number> {
  const parsed = parse(argv);
  if (typeof parsed === 'string') {
    const isHelp = parsed === '';
    streams.error(isHelp ? USAGE : `lam-gateway audit: ${parsed}\n`);
    return isHelp ? 0 : EXIT_USAGE;
  }
  const reader = new TrajectoryReader();
  for (const path of parsed.files) {
    try {
      await reader.read(createReadStream(path));
    } catch (error) {
      streams.error(`lam-gateway audit: ${path}: ${messageOf(error)}\n`);
      return EXIT_INPUT;
    }
  }
  try {
    await write(reader, parsed, streams.out);
  } catch (error) {
    streams.error(`lam-gateway audit: ${parsed.out ?? 'stdout'}: ${messageOf(error)}\n`);
    return EXIT_OUTPUT;
  }
  const { lines, actions, withoutContent, broken, missing } = reader.report;
  streams.error(
    `${lines} lines, ${actions} actions, of those ${withoutContent} without content; ${broken} broken lines, ${missing} missing\n`,
  );
  return broken > 0 || missing > 0 ? EXIT_DATA : 0;
}

type Arguments = { readonly files: readonly string[]; readonly out: string | undefined; readonly format: ExportFormat };

/** What is wrong with the arguments as text; empty: help is asked for. */
function parse(argv: readonly string[]): Arguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        format: { type: 'string', default: 'steps' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return '';
    const [command, ...files] = positionals;
    if (command !== 'export') return `expected export, got ${JSON.stringify(command ?? '')}`;
    if (files.length === 0) return 'expected at least one file';
    const format = EXPORT_FORMATS.find((name) => name === values.format);
    if (format === undefined) return `--format: expected one of ${EXPORT_FORMATS.join(', ')}`;
    return { files, out: values.out, format };
  } catch (error) {
    return messageOf(error);
  }
}

async function write(reader: TrajectoryReader, { out, format }: Arguments, standard: Writable): Promise<void> {
  const lines = Readable.from(linesOf(reader, format));
  if (out === undefined) await pipeline(lines, standard, { end: false });
  else await pipeline(lines, createWriteStream(out));
}

function* linesOf(reader: TrajectoryReader, format: ExportFormat): Generator<string> {
  for (const trajectory of reader.trajectories()) {
    for (const line of formatTrajectory(trajectory, format)) yield `${JSON.stringify(line)}\n`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
