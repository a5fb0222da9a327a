import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runPlan } from '../../../../src/server/commands/plan.ts';

const FOLDER = 'test/fixtures/models/genai-7b-sizes/1';
const SIZES = [
  '--model',
  FOLDER,
  '--parameters',
  '7.25B',
  '--weight-bits',
  '4',
  '--kv-dtype',
  'fp16',
  '--provider',
  'cuda',
];

/** What the command prints, and its exit code. */
function plan(...argv: string[]): { readonly code: number; readonly out: string; readonly error: string } {
  const out: string[] = [];
  const error: string[] = [];
  const streams = { out: (text: string) => void out.push(text), error: (text: string) => void error.push(text) };
  return { code: runPlan(argv, streams), out: out.join(''), error: error.join('') };
}

test('a 7B model on 80 GiB', () => {
  const { code, out } = plan(...SIZES, '--device-memory', '80GiB', '--context', '8192', '--bandwidth', '3.35TB/s');
  assert.equal(code, 0);
  assert.match(out, /^weights +3\.8 GiB$/m);
  assert.match(out, /^KV per slot +1 GiB for 8192 positions$/m);
  assert.match(out, /^slots that fit +75 in 80 GiB$/m);
  assert.match(out, /^decoding, 75 rows +at most .* tokens\/s \(estimate: full context, 3\.05 TiB\/s\)$/m);
});

test('slots that do not fit make it fail, and say so', () => {
  const { code, out } = plan(...SIZES, '--device-memory', '16GiB', '--slots', '8');
  assert.equal(code, 1);
  assert.match(out, /slots that fit +2 in 16 GiB: 8 DO NOT FIT/);
  assert.match(plan(...SIZES, '--device-memory', '1GiB').out, /NOT EVEN ONE FITS/);
});

test('without a memory it tells what one slot needs', () => {
  const { code, out } = plan('--model', 'test/fixtures/models/genai-half/1');
  assert.equal(code, 0);
  assert.match(out, /^KV +32 KiB for 1 slot$/m);
  assert.doesNotMatch(out, /slots that fit|decoding/);
});

test('for programs it is JSON', () => {
  const { plan: planned, sizes, options } = JSON.parse(plan(...SIZES, '--slots', '2', '--json').out);
  assert.equal(planned.kvBytes, 2 * 4 * 2 ** 30);
  assert.equal(sizes.contextLength, 32768);
  assert.equal(options.slots, 2);
});

test('the speed of this machine is measured on request', () => {
  const { out } = plan('--model', 'test/fixtures/models/genai-half/1', '--bandwidth', 'measure');
  assert.match(out, /^decoding, 1 row +at most /m);
});

test('help is printed', () => assert.match(plan('--help').out, /^lam-gateway plan --model DIR/));

const WRONG: readonly (readonly [argv: readonly string[], problem: RegExp])[] = [
  [[], /--model: a model folder is needed/],
  [['--model', FOLDER, '--frobnicate'], /Unknown option/],
  [[...SIZES, '--slots', '0'], /--slots: "0" is no positive whole number/],
  [[...SIZES, '--slots', '1e3'], /--slots/],
  [[...SIZES, '--device-memory', 'much'], /--device-memory: "much" is no number with one of the units B, KB/],
  [[...SIZES, '--device-memory', '80G'], /--device-memory/],
  [[...SIZES, '--bandwidth', '3TB'], /--bandwidth: "3TB" is no speed such as 900GB\/s/],
  [[...SIZES, '--context', '40000'], /--context: the model has 32768 positions, not 40000/],
  [[...SIZES, '--provider', 'rocm'], /--provider: "rocm" is none of cpu, cuda/],
  [[...SIZES, '--weights', '1GiB'], /--parameters: say either/],
  [['--model', FOLDER, '--kv-dtype', 'int8'], /--kv-dtype: "int8" is none of fp32/],
  [['--model', FOLDER], /--kv-dtype/],
];
for (const [argv, problem] of WRONG) {
  test(`wrong arguments are refused by name: ${argv.slice(-2).join(' ') || 'none'}`, () => {
    const { code, out, error } = plan(...argv);
    assert.equal(code, 64);
    assert.equal(out, '');
    assert.match(error, problem);
    assert.match(error, /^lam-gateway plan: .*\n$/);
  });
}

test('a folder that is broken is another exit code', () => {
  const { code, error } = plan('--model', 'no/such/folder');
  assert.equal(code, 65);
  assert.match(error, /genai_config\.json: it cannot be read/);
});
