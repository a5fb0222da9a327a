/** An instruction model's folder through the whole runtime. Its weights are random: what it says is arbitrary, but of the grammar. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { appliesToType, functionCatalog } from '../../src/runtime/functions/catalog.ts';
import type { Choice, Prediction, PredictOptions, Runtime } from '../../src/runtime/index.ts';
import { ModelFolders } from '../support/model-folders.ts';
import { open, predictOptions } from '../support/open-models.ts';
import { aControl, aState } from '../support/states.ts';

const FOLDER = 'test/fixtures/models/genai-chat/1';
const TYPES = ['Button', 'Edit', 'Document', 'ComboBox', 'Spinner'];
const STATE = aState({
  userRequest: `Put "It's done" into the title, in bold`,
  controls: [
    ...Array.from({ length: 8 }, (_, i) =>
      aControl({ id: `c${i}`, name: `Name ${i}`, type: TYPES[i % 5] ?? 'Button' }),
    ),
    // One name twice, and one that JSON has to escape.
    aControl({ id: 'c8', name: 'Name 1', type: 'Edit' }),
    aControl({ id: 'c9', name: 'Say "hi" \\ ▁', type: 'Document' }),
  ],
});

let folders: ModelFolders;
let runtime: Runtime;
before(async () => {
  folders = await ModelFolders.create();
  await folders.add('chat', '1', FOLDER);
  // The same without its template, and with the template where older folders have it.
  await folders.add('plain', '1', FOLDER);
  await folders.add('configured', '1', FOLDER);
  for (const name of ['plain', 'configured']) await rm(folders.path(name, '1', 'chat_template.jinja'));
  const path = folders.path('configured', '1', 'tokenizer_config.json');
  const template = await readFile(`${FOLDER}/chat_template.jinja`, 'utf8');
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), chat_template: template }));
  runtime = await open({ modelsDir: folders.root });
});
after(async () => {
  await runtime[Symbol.asyncDispose]();
  await folders[Symbol.asyncDispose]();
});

function ask(overrides: Partial<PredictOptions> = {}): Promise<Prediction> {
  return runtime.predictAction(STATE, predictOptions({ model: 'chat', ...overrides }));
}

function assertGrounded({ action, grounded, confidence, usage }: Prediction): void {
  assert.ok(grounded);
  const control = STATE.controls.find(({ id }) => id === action.controlId);
  assert.equal(action.controlName, control?.name ?? '');
  const spec = functionCatalog.get(action.function);
  if (control === undefined) assert.ok(action.function === '' || spec?.appliesTo === 'window');
  else assert.ok(spec !== undefined && appliesToType(spec, control.type));
  for (const arg of spec?.args ?? []) assert.ok(!arg.required || action.args[arg.name] !== undefined);
  for (const share of Object.values(confidence)) assert.ok(share > 0 && share <= 1);
  assert.ok(usage.promptTokens > 1_000 && usage.generatedTokens > 0 && usage.forcedTokens > 0);
}

describe('a folder of onnxruntime-genai', () => {
  test('answers every seed with one grounded action, and with nothing that was not asked for', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const prediction = await ask({ temperature: seed === 0 ? 0 : 1, seed });
      assertGrounded(prediction);
      assert.deepEqual([prediction.action.thought, prediction.action.plan], ['', []]);
    }
  });

  test('writes thought and plan when they are asked for, and tells its choice before the plan', async () => {
    const plans: number[] = [];
    for (let seed = 0; seed < 4; seed++) {
      const told: Choice[] = [];
      const onChoice = (choice: Choice) => told.push(choice);
      const prediction = await ask({ wantThought: true, wantPlan: true, temperature: 2, seed, onChoice });
      assertGrounded(prediction);
      const { thought, plan, controlId, controlName, function: fn } = prediction.action;
      assert.ok(thought.length > 0);
      assert.ok(plan.length <= 8 && plan.every((step) => step.length > 0));
      assert.deepEqual(told, [{ controlId, controlName, function: fn }]);
      plans.push(plan.length);
    }
    assert.ok(Math.max(...plans) > 0, 'no seed writes a plan');
  });

  test('is not less sure of an action for having thought about it in many words', async () => {
    const { candidates, confidence } = await ask({ wantThought: true, temperature: 2, seed: 1 });
    const { control, function: fn, args, status } = confidence;
    const [{ probability } = { probability: 1 }] = candidates;
    // Of a thought in random letters, hardly anything of the probability is left.
    assert.ok(probability < control * fn * args * status * 1e-3);
    assert.ok(control * fn * status > 1e-12);
  });

  test('gives several distinct candidates', async () => {
    const { candidates } = await ask({ candidates: 3 });
    assert.equal(new Set(candidates.map(({ action }) => JSON.stringify(action))).size, 3);
  });

  test('is asked in the format of its chat template, in whichever file that is', async () => {
    const [chat, plain, configured] = await Promise.all(['chat', 'plain', 'configured'].map((model) => ask({ model })));
    assert.deepEqual(chat?.usage.promptTokens, configured?.usage.promptTokens);
    assert.deepEqual(chat?.action, configured?.action);
    // Three turns, each with its marks and its role, against the line breaks of plain text.
    assert.ok((chat?.usage.promptTokens ?? 0) > (plain?.usage.promptTokens ?? 0) + 5);
  });
});
