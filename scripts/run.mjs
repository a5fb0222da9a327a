/**
 * `node scripts/run.mjs PROGRAM [ARG]...`: sets up, then runs a compiled program, named by its source path without `.ts`, in
 * this same process, so that signals and the exit code are its own.
 */
import { endWithParent } from './end-with-parent.mjs';
import { setUp } from './setup.mjs';

setUp();
endWithParent();
const [program] = process.argv.splice(2, 1);
await import(`../dist/${program}.js`);
