/** A sensitive name stays one, however it is written; and no rule makes a policy laxer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_POLICY } from '../../src/server/policy/default-policy.ts';
import { readKeys } from '../../src/server/policy/keys.ts';
import { Policy } from '../../src/server/policy/policy.ts';
import type { Effect, Rule } from '../../src/server/policy/policy-file.ts';
import { fold, readings } from '../../src/server/policy/words.ts';
import { aControl, anAction, aState } from '../support/states.ts';

const policy = new Policy(DEFAULT_POLICY);
const SEVERITY: Readonly<Record<Effect, number>> = { allow: 0, confirm: 1, deny: 2 };

const invisible = fc.constantFrom('', '\u200b', '\u200d', '\u00ad', '\u202e', '\u2066', '\ufeff', '\u0301', '\ufe0f');
const blank = fc.constantFrom(' ', '\u00a0', '\u3000', '  ', '\t', ' \n');

/** A name as an application might write it. */
function disguised(name: string): fc.Arbitrary<string> {
  const letters = [...name].map((letter) =>
    letter === ' '
      ? blank
      : fc.tuple(fc.constantFrom(letter, letter.toUpperCase(), fullWidth(letter)), invisible).map(([a, b]) => a + b),
  );
  const before = fc.constantFrom('', ' ', '\u202d', '\u200f', '▶ ', '(', '1. ');
  const behind = fc.constantFrom('', '...', '\u2026', ' ', ' (Del)', '\tCtrl+D', ' Alt+F4', '!', ')', '\u202c');
  return fc
    .tuple(before, fc.tuple(...letters), behind, fc.option(fc.nat({ max: name.length - 1 })))
    .map(([start, middle, end, mnemonic]) => {
      const marked = middle.map((letter, i) => (i === mnemonic && letter.trim() !== '' ? `&${letter}` : letter));
      return start + marked.join('') + end;
    });
}

function fullWidth(letter: string): string {
  return /[!-~]/.test(letter) ? String.fromCharCode(letter.charCodeAt(0) + 0xfee0) : letter;
}

test('disguised names of sensitive controls need confirmation', () => {
  const name = fc.constantFrom('send', 'delete', 'uninstall', 'empty recycle bin', 'sign out', 'place order', 'erase');
  fc.assert(
    fc.property(name.chain(disguised), fc.constantFrom('click_input', 'keyboard_input'), (text, called) => {
      const state = aState({ controls: [aControl({ name: text })] });
      const action = anAction({ controlName: text, function: called, args: { keys: '{ENTER}' } });
      assert.notEqual(policy.judge(action, state).effect, 'allow', JSON.stringify(text));
    }),
    { numRuns: 400 },
  );
});

test('no character folds to what folds further, and its cases fold alike', () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    const folded = fold(character);
    assert.equal(fold(folded), folded, character);
    assert.equal(fold(character.toUpperCase()), folded, character);
    assert.equal(fold(character.toLowerCase()), folded, character);
  }
});

test('folding is idempotent, and reading never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      assert.equal(fold(fold(text)), fold(text));
      assert.ok(readings(text).length >= 1);
      readKeys(text);
      readKeys(text, 'typed');
    }),
    { numRuns: 400 },
  );
});

const words = fc.constantFrom('save', 'open', 'send', 'all', 'now');
const aRule: fc.Arbitrary<Omit<Rule, 'name'>> = fc.record({
  effect: fc.constantFrom<Effect[]>('allow', 'confirm', 'deny'),
  reason: fc.constant('because'),
  when: fc.record({ control: fc.array(words, { minLength: 1, maxLength: 2 }) }),
});

test('another rule that confirms or denies never makes a policy laxer, and what is denied up front would be denied', () => {
  fc.assert(
    fc.property(fc.array(aRule, { maxLength: 4 }), aRule, fc.array(words, { minLength: 1 }), (rules, extra, name) => {
      const named = [...rules, extra].map((rule, i) => ({ ...rule, name: `r${i}` }));
      const without = new Policy({ version: 1, default: 'allow', rules: named.slice(0, -1) });
      const whole = new Policy({ version: 1, default: 'allow', rules: named });
      const state = aState({ controls: [aControl({ name: name.join(' ') })] });
      const action = anAction({ controlName: name.join(' ') });
      const { effect } = whole.judge(action, state);
      assert.ok(SEVERITY[effect] >= SEVERITY[without.judge(action, state).effect]);
      assert.equal(whole.restrict(state).state.controls[0]?.enabled === false, effect === 'deny');
    }),
    { numRuns: 200 },
  );
});
