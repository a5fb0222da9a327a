import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptSegments, renderAnswer, renderPrompt } from '../../../../src/runtime/dialects/compact.ts';
import { parseAnswer } from '../../../../src/runtime/dialects/compact-parse.ts';
import { segmentToString, special, text } from '../../../../src/runtime/dialects/segment.ts';
import { aControl, anAction, aState } from '../../../support/states.ts';

test('a prompt holds application, controls, their states, task, plan, related controls and history in that order', () => {
  const state = aState({
    controls: [
      aControl({ selected: true }),
      aControl({ id: '2', name: 'Font', type: 'ComboBox', enabled: false }),
      aControl({ id: '3', name: 'Odd', type: 'AppBar' }),
      aControl({ id: '4', name: 'Font', selected: true, enabled: false }),
    ],
    previousPlan: ['select the title'],
    previousActions: [
      { function: 'select_text', args: { text: 'Title' }, controlName: 'Body', resultStatus: 'success', error: '' },
      { function: 'wait', args: { seconds: 2 }, controlName: '', resultStatus: 'failure', error: 'timed out' },
    ],
  });
  assert.equal(
    promptSegments(renderPrompt(state)).map(segmentToString).join(' '),
    '<|bos|> <|app|> =WINWORD.EXE <|controls|> ' +
      '<|T:Button|> =Bold <|T:ComboBox|> =Font <|T:Custom|> =Odd <|T:Button|> =Font <|nth|> =2 ' +
      '<|on|> =Bold <|off|> =Font <|on|> <|off|> =Font <|nth|> =2 ' +
      '<|task|> =make the title bold <|plan|> =select the title <|controls|> =1 <|T:Button|> =Bold <|on|> <|history|> ' +
      '=Body <|fn|> =select_text <|arg|> =text <|eq|> =Title <|ok|> ' +
      '<|window|> <|fn|> =wait <|arg|> =seconds <|eq|> =2 <|failed|> =timed out <|act|>',
  );
});

test('the second control of a name is told apart by its ordinal, both ways', () => {
  const state = aState({ userRequest: 'do it', controls: [aControl(), aControl({ id: '7' })] });
  const segments = renderAnswer(state, anAction({ controlId: '7' }));
  assert.equal(
    segments.map(segmentToString).join(' '),
    '=Bold <|nth|> =2 <|fn|> =click_input <|st|> =CONTINUE <|end|>',
  );
  assert.equal(parseAnswer(state, segments).controlId, '7');
});

test('a related control is called by its number, in the answer and in front of its name in the history', () => {
  const state = aState({
    userRequest: 'bold, then italic',
    controls: [
      aControl({ id: '5', name: '' }),
      aControl({ id: '6', name: '' }),
      aControl(),
      aControl({ id: '7', name: 'Italic' }),
    ],
    previousActions: [{ function: 'click_input', args: {}, controlName: 'Bold', resultStatus: 'success', error: '' }],
  });
  const prompt = promptSegments(renderPrompt(state)).map(segmentToString).join(' ');
  assert.match(prompt, /<\|controls\|> =1 <\|T:Button\|> =Bold <\|controls\|> =2 <\|T:Button\|> =Italic <\|history\|>/);
  assert.match(prompt, /<\|history\|> <\|controls\|> =1 =Bold <\|fn\|>/);
  const segments = renderAnswer(state, anAction({ controlId: '7', controlName: 'Italic' }));
  assert.equal(segments.slice(0, 3).map(segmentToString).join(' '), '<|controls|> =2 <|fn|>');
  assert.equal(parseAnswer(state, segments).controlId, '7');
  // Not to be taken for the second control without a name.
  const unnamed = renderAnswer(state, anAction({ controlId: '6', controlName: '' }));
  assert.equal(parseAnswer(state, unnamed).controlId, '6');
  const beyond = [special('<|controls|>'), text('3'), ...segments.slice(2)];
  assert.throws(() => parseAnswer(state, beyond), { code: 'internal', message: /no related control has the number 3/ });
});

test('only arguments that differ from their default are rendered, and they come back with their types', () => {
  const state = aState();
  const click = anAction({ args: { button: 'left', double: true }, status: 'FINISH' });
  const segments = renderAnswer(state, click);
  assert.equal(segments.map(segmentToString).join(' ').includes('button'), false);
  assert.deepEqual(parseAnswer(state, segments).args, { double: true });
  const table = anAction({
    controlId: '2',
    controlName: 'Body',
    function: 'insert_table',
    args: { rows: 3, columns: 4 },
  });
  assert.deepEqual(parseAnswer(state, renderAnswer(state, table)), table);
});

test('nothing left to do is an answer of its own', () => {
  const done = anAction({ controlId: '', controlName: '', function: '', status: 'FINISH' });
  const segments = renderAnswer(aState(), done);
  assert.equal(segments.map(segmentToString).join(' '), '<|window|> <|fn|> =none <|st|> =FINISH <|end|>');
  assert.deepEqual(parseAnswer(aState(), segments), done);
});

test('an answer that is not grounded in the state is refused, never guessed at', () => {
  const state = aState();
  const elsewhere = renderAnswer(aState({ controls: [aControl({ name: 'Italic' })] }), anAction());
  assert.throws(() => parseAnswer(state, elsewhere), { code: 'internal', message: /does not list/ });
  const wrongType = renderAnswer(state, anAction({ function: 'select_text', args: { text: 'x' } }));
  assert.throws(() => parseAnswer(state, wrongType), { code: 'internal', message: /does not apply to Button/ });
  const notAllowed = renderAnswer(state, anAction());
  assert.throws(() => parseAnswer({ ...state, allowedFunctions: ['wait'] }, notAllowed), { message: /not allowed/ });
  assert.throws(() => parseAnswer(state, notAllowed.slice(0, -1)), { message: /<\|end\|> expected/ });
});

test('long names are cut without splitting a character, and still tell their controls apart', () => {
  const name = `${'x'.repeat(63)}🙂tail`;
  const state = aState({ controls: [aControl({ name }), aControl({ id: '2', name: `${name}2` })] });
  const segments = renderAnswer(state, anAction({ controlId: '2', controlName: `${name}2` }));
  assert.deepEqual(segments[0], { text: 'x'.repeat(63) });
  assert.equal(parseAnswer(state, segments).controlName, `${name}2`);
});

test('what the task says literally is numbered in the prompt and referred to in answer and history', () => {
  const state = aState({
    userRequest: "make 'Big news' 14 points",
    previousActions: [
      { function: 'select_text', args: { text: 'Big news' }, controlName: 'Body', resultStatus: 'success', error: '' },
    ],
  });
  const prompt = promptSegments(renderPrompt(state)).map(segmentToString).join(' ');
  assert.match(prompt, /=make ' <\|nth\|> =1 =Big news =' {2}<\|nth\|> =2 =14 = points/);
  assert.match(prompt, /=select_text <\|arg\|> =text <\|nth\|> =1 <\|ok\|>/);
  const font = anAction({ controlId: '2', controlName: 'Body', function: 'set_font', args: { font_size: 14 } });
  const segments = renderAnswer(state, font);
  assert.equal(
    segments.map(segmentToString).join(' '),
    '=Body <|fn|> =set_font <|arg|> =font_size <|nth|> =2 <|st|> =CONTINUE <|end|>',
  );
  assert.deepEqual(parseAnswer(state, segments), font);
});

test('a reference to a literal that the task does not have is refused', () => {
  const state = aState({ userRequest: "select 'a'" });
  const call = anAction({ controlId: '2', controlName: 'Body', function: 'select_text', args: { text: 'a' } });
  const segments = renderAnswer(state, call);
  assert.throws(() => parseAnswer(aState({ userRequest: 'select it' }), segments), { message: /no literal 1/ });
});
