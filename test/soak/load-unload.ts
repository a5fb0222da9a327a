/**
 * Loads, asks and unloads a model again and again, and prints what the process holds afterwards as JSON. Fails (exit code 1) when
 * the resident memory grows, or when native objects or threads are left.
 *
 *     node dist/test/soak/load-unload.js [--cycles 200] [--model FOLDER]
 */
import { parseArgs } from 'node:util';
import { runLoadUnload } from '../support/load-unload.ts';

/** Of the last quarter's median over the second quarter's; by then everything that is allocated once is there. */
const MAX_GROWTH = 1.05;

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '200' },
    model: { type: 'string', default: 'test/fixtures/models/tiny/1' },
  },
});
const report = await runLoadUnload({ cycles: Number(values.cycles), source: values.model });
process.stdout.write(`${JSON.stringify(report)}\n`);
const isFlat = report.growth <= MAX_GROWTH;
process.exitCode = isFlat && report.nativeHandles === 0 && report.threads === 0 ? 0 : 1;
