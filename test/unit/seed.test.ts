import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SEED_MODULE = fileURLToPath(new URL('../support/seed.js', import.meta.url));
const PROGRAM = `
  import fc from 'fast-check';
  const seen = [];
  fc.assert(fc.property(fc.nat(), (value) => void seen.push(value)), { numRuns: 20 });
  console.log(seen.join());
`;

/** What a property meets in a process of its own. */
function draw(seed: string): { readonly values: string; readonly error: string } {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', pathToFileURL(SEED_MODULE).href, '--input-type=module', '--eval', PROGRAM],
    { env: { ...process.env, LAM_TEST_SEED: seed }, encoding: 'utf8' },
  );
  return { values: stdout, error: stderr };
}

test('properties meet the same values in every run, unless they are told otherwise', () => {
  const fixed = draw('').values;
  assert.equal(fixed.split(',').length, 20);
  assert.equal(draw('').values, fixed);
  assert.equal(draw('7').values, draw('7').values);
  assert.notEqual(draw('7').values, fixed);
  assert.notEqual(draw('random').values, draw('random').values);
});

test('a seed that is none is refused', () => {
  assert.match(draw('soon').error, /LAM_TEST_SEED: a whole number or "random"/);
});
