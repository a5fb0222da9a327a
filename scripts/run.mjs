/**
 * `node scripts/run.mjs PROGRAM [ARG]...`: sets up, then runs a compiled program, named by its source path without `.ts`, in
 * this same process, so that signals and the exit code are its own.
 */
import { setUp } from './setup.mjs';

setUp();
const [program] = process.argv.splice(2, 1);
await import(`../dist/${program}.js`);
