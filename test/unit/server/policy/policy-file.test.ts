import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../../../../src/server/policy/default-policy.ts';
import { PolicyError, parsePolicyFile } from '../../../../src/server/policy/policy-file.ts';

function problemsOf(text: string): readonly string[] {
  try {
    parsePolicyFile(text);
  } catch (error) {
    assert.ok(error instanceof PolicyError);
    return error.problems;
  }
  return [];
}

const rule = (when: string) => `
version: 1
default: allow
rules:
  - { name: r, effect: deny, reason: because, when: ${when} }
`;

test('the file that is shipped says what the built-in policy says', () => {
  assert.deepEqual(parsePolicyFile(readFileSync('deploy/policy.yaml', 'utf8')), DEFAULT_POLICY);
});

test('every problem is named with its place', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [rule('{}'), /^rules\[0\]\.when \(line 5\): expected at least one condition$/],
    [rule('{ control: [] }'), /^rules\[0\]\.when\.control \(line 5\): /],
    [rule('{ control: ["..."] }'), /^rules\[0\]\.when\.control\[0\] \(line 5\): a pattern needs/],
    [rule('{ controls: [x] }'), /^rules\[0\]\.when \(line 5\): .*controls/],
    [rule('{ function: [click] }'), /^rules\[0\]\.when\.function\[0\] \(line 5\): expected one of click_input/],
    [rule('{ keys: [ctrl+nothing] }'), /^rules\[0\]\.when\.keys\[0\] \(line 5\): expected a key/],
    [rule('{ control_type: ["a b"] }'), /^rules\[0\]\.when\.control_type\[0\] \(line 5\): expected a control type/],
    [
      `${rule('{ keys: [f1] }')}reward: { confirm_below: 0.1, fail_below: 0.2 }`,
      /^reward \(line 6\): expected fail_below/,
    ],
    [`${rule('{ keys: [f1] }')}reward: { confirm_below: 2 }`, /^reward\.confirm_below \(line 6\): /],
    ['version: 2', /^version \(line 1\): /],
    ['[', /^line 1: /],
    ['version: 1\nversion: 1', /^line 2: .*unique/],
    ['x'.repeat(2 ** 20 + 1), /^larger than/],
  ];
  for (const [text, expected] of cases) assert.match(problemsOf(text)[0] ?? 'no problem', expected, text.slice(0, 200));
});

test('all problems are told at once', () => {
  assert.equal(problemsOf(rule('{ keys: [nothing], function: [nothing] }')).length, 2);
  const twice = `version: 1
default: allow
rules:
  - { name: r, effect: deny, reason: a, when: { keys: [f1] } }
  - { name: r, effect: deny, reason: b, when: { keys: [f2] } }
`;
  assert.deepEqual(problemsOf(twice), ['rules[1].name (line 5): used twice']);
});

test('aliases that multiply are refused', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
  assert.match(problemsOf(`l0: &l0 [x]\n${levels.join('\n')}`)[0] ?? '', /alias/i);
});

test('patterns that have to be tried at every word are few', () => {
  const many = Array.from({ length: 65 }, (_, i) => `"*x${i}"`).join(',');
  assert.match(
    problemsOf(rule(`{ control: [${many}] }`))[0] ?? '',
    /^rules \(line \d+\): 65 patterns begin with a wildcard/,
  );
});
