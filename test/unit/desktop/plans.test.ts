import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { actionOf } from '../../../bench/desktop/example.ts';
import { executePlan, parseStep, performPlan, planFor, planOf, renderStep } from '../../../bench/desktop/plans.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import { SPLITS } from '../../../bench/desktop/tasks/draw.ts';
import { templatesOfSplit } from '../../../bench/desktop/tasks/templates.ts';
import type { Action, Control } from '../../../src/runtime/types.ts';

const controls: readonly Control[] = [
  { id: '1', name: 'Bold', type: 'Button' },
  { id: '2', name: 'Body', type: 'Document' },
  { id: '3', name: 'Bold', type: 'Button' },
  { id: '4', name: 'Find what:', type: 'ComboBox' },
];
const action = (id: string, name: string, args: Action['args'] = {}): Action => ({
  thought: '',
  controlId: id,
  controlName: controls.find((control) => control.id === id)?.name ?? '',
  function: name,
  args,
  status: 'CONTINUE',
  plan: [],
});
const render = (...call: Parameters<typeof action>) => renderStep(action(...call), { controls });

test('each function has one form in words', () => {
  assert.equal(render('4', 'click_input'), 'click the "Find what:" combo box');
  assert.equal(render('3', 'click_input'), 'click the "Bold" #2 button');
  assert.equal(render('4', 'set_edit_text', { text: 'old', clear_current_text: true }), 'in "Find what:" type "old"');
  assert.equal(render('2', 'select_text', { text: 'say "hi"' }), `select the text 'say "hi"'`);
  assert.equal(render('2', 'insert_table', { rows: 3, columns: 4 }), 'insert a table of 3 rows and 4 columns');
  assert.equal(render('2', 'set_font', { font_size: 12 }), 'set the font in size 12');
  assert.equal(renderStep({ ...action('', ''), status: 'FAIL' }, { controls }), 'give up');
  assert.equal(
    renderStep({ ...action('4', 'click_input'), status: 'CONFIRM' }, { controls }),
    'ask: click the "Find what:" combo box',
  );
});

test('words of no known form, and controls that are not there, are null', () => {
  for (const words of ['', 'click Bold', 'click the "Italic" button', 'click the "Bold" #3 button', 'dance']) {
    assert.equal(parseStep(words, { controls }), null, words);
  }
});

test("every step of the expert can be said and understood again, and fits a plan's line", () => {
  for (const split of SPLITS) {
    for (const template of templatesOfSplit(split)) {
      const episode = makeEpisode(split, 7, { template });
      for (const { observation, decision } of rollOut(episode)) {
        const meant = actionOf(observation, decision);
        const words = renderStep(meant, observation);
        assert.ok(!words.includes('\n'));
        const parsed = parseStep(words, observation);
        assert.ok(parsed, words);
        const { controlId, controlName, function: name, args } = meant;
        assert.deepEqual(
          { controlId: parsed.controlId, controlName: parsed.controlName, name: parsed.function, args: parsed.args },
          { controlId, controlName, name, args },
          words,
        );
        if (meant.status === 'CONFIRM' || meant.status === 'FAIL') assert.equal(parsed.status, meant.status);
      }
    }
  }
});

test('a plan does on a fresh window what the expert did', () => {
  for (const template of templatesOfSplit('train')) {
    const plan = planOf(rollOut(makeEpisode('train', 3, { template })));
    const episode = makeEpisode('train', 3, { template });
    // A call that has to fail once, or a text that is not there, fails in the plan too.
    if (episode.disturbances.includes('failing call') || episode.end === 'FAIL') continue;
    assert.equal(executePlan(episode.desktop, plan), null, plan.join('; '));
    assert.ok(episode.isDone(), `${episode.request}: ${plan.join('; ')}`);
  }
});

test('the plan for a task is for the same request, and does it in a window where nothing is in the way', () => {
  for (const split of SPLITS) {
    for (const template of templatesOfSplit(split)) {
      const disturbed = makeEpisode(split, 11, { template });
      const episode = makeEpisode(split, 11, { template, isCalm: true });
      assert.equal(episode.request, disturbed.request);
      assert.deepEqual(episode.disturbances, []);
      const plan = planFor(split, 11, { template });
      assert.ok(plan.length > 0 && !plan.some((step) => /Ctrl|Enable Editing|Scroll down/.test(step)), plan.join('; '));
      if (episode.end === 'FAIL') continue;
      assert.equal(executePlan(episode.desktop, plan), null);
      assert.ok(episode.isDone(), `${episode.request}: ${plan.join('; ')}`);
    }
  }
});

test('the oracle accepts what came of the plan, also where a task has to be given up or confirmed', () => {
  for (const split of SPLITS) {
    for (const template of templatesOfSplit(split)) {
      const episode = makeEpisode(split, 5, { template, isCalm: true });
      const plan = planFor(split, 5, { template });
      assert.ok(episode.isSuccess(performPlan(episode.desktop, plan)), plan.join('; '));
    }
  }
  const { desktop } = makeEpisode('train', 0, { isCalm: true });
  assert.equal(performPlan(desktop, ['dance']), undefined);
});

test('a plan stops at the first step that cannot be carried out', () => {
  const { desktop } = makeEpisode('train', 0);
  assert.equal(executePlan(desktop, ['click the "No Such Thing" button', 'stop']), 0);
});
