/**
 * Steps in words, and back. One form per function, so that the steps of an expert are a plan that reads the same for every
 * task, and a plan can be carried out without a model. Literals come last where they can: what a step is about comes first.
 */
import type { Action, Control, State } from '../../src/runtime/types.ts';
import type { WordDesktop } from './desktop.ts';
import { type Ending, type EpisodeOptions, makeEpisode } from './episodes.ts';
import { actionOf } from './example.ts';
import { rollOut, type Step as TrajectoryStep } from './rollout.ts';
import type { Split } from './tasks/draw.ts';

type Call = Pick<Action, 'controlId' | 'controlName' | 'function' | 'args'>;
type Step = Call & Pick<Action, 'status'>;
type Screen = Pick<State, 'controls'>;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  Button: 'button',
  TabItem: 'tab',
  MenuItem: 'menu item',
  ListItem: 'list item',
  CheckBox: 'check box',
  RadioButton: 'radio button',
  ComboBox: 'combo box',
  Spinner: 'spinner',
  SplitButton: 'split button',
  Edit: 'field',
};
const DEFAULT_TYPE_WORD = 'control';

/** What a plan says where nothing is left to do, or nothing can be done. */
const GIVE_UP = 'give up';
const STOP = 'stop';
/** In front of a step that a person has to confirm. */
const ASK_FIRST = 'ask: ';

/** In the first pair of quotation marks that the text does not hold itself; nothing is escaped, so a text reads as it is. */
function quote(text: string): string {
  const [open, close] = PAIRS.find(([, end]) => !text.includes(end)) ?? LAST_PAIR;
  return `${open}${text}${close}`;
}
const LAST_PAIR = ['“', '”'] as const;
const PAIRS = [['"', '"'], ["'", "'"], LAST_PAIR] as const;
const QUOTED = `(?:"[^"]*"|'[^']*'|“.*?”)`;
const unquote = (quoted = '""'): string => quoted.slice(1, -1);

/** One step in words. */
export function renderStep(step: Step, screen: Screen): string {
  if (step.function === '') return step.status === 'FAIL' ? GIVE_UP : STOP;
  const words = renderCall(step, screen);
  return step.status === 'CONFIRM' ? `${ASK_FIRST}${words}` : words;
}

function renderCall(call: Call, screen: Screen): string {
  const control = screen.controls.find(({ id }) => id === call.controlId);
  const name = control ? labelOf(control, screen) : '';
  const text = (key: string): string => quote(String(call.args[key] ?? ''));
  const value = (key: string): string => String(call.args[key] ?? '');
  switch (call.function) {
    case 'click_input':
      return `click the ${name} ${typeWord(control)}`;
    case 'set_edit_text':
      return call.args['clear_current_text'] === true
        ? `in ${name} type ${text('text')}`
        : `in ${name} append ${text('text')}`;
    case 'keyboard_input':
      return `in ${name} press ${text('keys')}`;
    case 'wheel_mouse_input':
      return `scroll ${name} by ${value('wheel_dist')}`;
    case 'texts':
      return `read ${name}`;
    case 'select_text':
      return `select the text ${text('text')}`;
    case 'select_paragraph':
      return `select the paragraphs ${value('start_index')} to ${value('end_index')}`;
    case 'select_table':
      return `select the table ${value('number')}`;
    case 'insert_table':
      return `insert a table of ${value('rows')} rows and ${value('columns')} columns`;
    case 'set_font':
      return `set the font${optional(' ', text('font_name'), call.args['font_name'])}${optional(' in size ', value('font_size'), call.args['font_size'])}`;
    case 'save_as':
      return `save a copy of type ${text('file_ext')}${optional(' as ', text('file_name'), call.args['file_name'])}${optional(' in ', text('file_dir'), call.args['file_dir'])}`;
    case 'wait':
      return `wait ${value('seconds')} seconds`;
    case 'summary':
      return `say ${text('text')}`;
    default:
      return `call ${call.function}${on(name)}${renderArgs(call.args)}`;
  }
}

const optional = (words: string, written: string, value: unknown): string =>
  value === undefined ? '' : words + written;
const on = (name: string): string => (name === '' ? '' : ` on ${name}`);
const renderArgs = (args: Action['args']): string =>
  Object.entries(args)
    .map(([key, value], i) => `${i === 0 ? ' with' : ' and'} ${key} ${quote(String(value))}`)
    .join('');

function typeWord(control: Control | undefined): string {
  return TYPE_WORDS[control?.type ?? ''] ?? DEFAULT_TYPE_WORD;
}

/** The quoted name, and which of that name it is if it is not the first. */
function labelOf(control: Control, { controls }: Screen): string {
  const index = controls.filter(({ name }) => name === control.name).indexOf(control);
  return index <= 0 ? quote(control.name) : `${quote(control.name)} #${index + 1}`;
}

const LABEL = `(${QUOTED})(?: #(\\d+))?`;

type Rule = {
  readonly form: RegExp;
  /** Whether the form names a control before its arguments. */
  readonly hasControl: boolean;
  readonly call: (values: readonly (string | undefined)[]) => Pick<Call, 'function' | 'args'>;
};

const rule = (form: string, hasControl: boolean, call: Rule['call']): Rule => ({
  form: new RegExp(`^${form}$`, 'u'),
  hasControl,
  call,
});

const RULES: readonly Rule[] = [
  rule(`click the ${LABEL} [a-z ]+`, true, () => ({ function: 'click_input', args: {} })),
  rule(`in ${LABEL} type (${QUOTED})`, true, ([text]) => ({
    function: 'set_edit_text',
    args: { text: unquote(text), clear_current_text: true },
  })),
  rule(`in ${LABEL} append (${QUOTED})`, true, ([text]) => ({
    function: 'set_edit_text',
    args: { text: unquote(text) },
  })),
  rule(`in ${LABEL} press (${QUOTED})`, true, ([keys]) => ({
    function: 'keyboard_input',
    args: { keys: unquote(keys) },
  })),
  rule(`scroll ${LABEL} by (-?\\d+)`, true, ([by]) => ({
    function: 'wheel_mouse_input',
    args: { wheel_dist: Number(by) },
  })),
  rule(`read ${LABEL}`, true, () => ({ function: 'texts', args: {} })),
  rule(`select the text (${QUOTED})`, false, ([text]) => ({ function: 'select_text', args: { text: unquote(text) } })),
  rule('select the paragraphs (\\d+) to (-?\\d+)', false, ([from, to]) => ({
    function: 'select_paragraph',
    args: { start_index: Number(from), end_index: Number(to) },
  })),
  rule('select the table (\\d+)', false, ([number]) => ({
    function: 'select_table',
    args: { number: Number(number) },
  })),
  rule('insert a table of (\\d+) rows and (\\d+) columns', false, ([rows, columns]) => ({
    function: 'insert_table',
    args: { rows: Number(rows), columns: Number(columns) },
  })),
  rule(`set the font(?: (${QUOTED}))?(?: in size ([\\d.]+))?`, false, ([font, size]) => ({
    function: 'set_font',
    args: { ...(font && { font_name: unquote(font) }), ...(size && { font_size: Number(size) }) },
  })),
  rule(`save a copy of type (${QUOTED})(?: as (${QUOTED}))?(?: in (${QUOTED}))?`, false, ([ext, name, folder]) => ({
    function: 'save_as',
    args: {
      ...(folder && { file_dir: unquote(folder) }),
      ...(name && { file_name: unquote(name) }),
      file_ext: unquote(ext),
    },
  })),
  rule('wait ([\\d.]+) seconds', false, ([seconds]) => ({ function: 'wait', args: { seconds: Number(seconds) } })),
  rule(`say (${QUOTED})`, false, ([text]) => ({ function: 'summary', args: { text: unquote(text) } })),
];
/** Called on the Document control, which their words do not name. */
const ON_DOCUMENT: readonly string[] = ['select_text', 'select_paragraph', 'select_table', 'insert_table', 'set_font'];
const OTHER_CALL = new RegExp(`^call (\\w+)(?: on ${LABEL})?((?: (?:with|and) \\w+ ${QUOTED})*)$`, 'u');

/**
 * The action that a step stands for, on the screen as it is now; null if the words are of no known form, or name a control
 * that is not there. The status is what the words say of it: CONFIRM, FAIL, FINISH for `stop`, else CONTINUE.
 */
export function parseStep(words: string, screen: Screen): Step | null {
  if (words === GIVE_UP || words === STOP) return { ...NO_CALL, status: words === GIVE_UP ? 'FAIL' : 'FINISH' };
  const asks = words.startsWith(ASK_FIRST);
  const call = parseCall(asks ? words.slice(ASK_FIRST.length) : words, screen);
  return call && { ...call, status: asks ? 'CONFIRM' : 'CONTINUE' };
}

const NO_CALL: Call = { controlId: '', controlName: '', function: '', args: {} };

function parseCall(words: string, screen: Screen): Call | null {
  for (const { form, hasControl, call } of RULES) {
    const match = form.exec(words);
    if (!match) continue;
    const [, ...values] = match;
    const spec = call(hasControl ? values.slice(2) : values);
    if (hasControl) return ground(spec, findControl(screen, values[0], values[1]));
    if (!ON_DOCUMENT.includes(spec.function)) return { ...NO_CALL, ...spec };
    return ground(
      spec,
      screen.controls.find(({ type }) => type === 'Document'),
    );
  }
  const match = OTHER_CALL.exec(words);
  if (!match) return null;
  const [, name = '', label, ordinal, written = ''] = match;
  const spec = { function: name, args: parseArgs(written) };
  return label === undefined ? { ...NO_CALL, ...spec } : ground(spec, findControl(screen, label, ordinal));
}

function parseArgs(written: string): Action['args'] {
  const pairs = [...written.matchAll(new RegExp(` (?:with|and) (\\w+) (${QUOTED})`, 'gu'))];
  return Object.fromEntries(pairs.map(([, key = '', value]) => [key, unquote(value)]));
}

function findControl({ controls }: Screen, label: string | undefined, ordinal = '1'): Control | undefined {
  const name = unquote(label);
  return controls.filter((control) => control.name === name)[Number(ordinal) - 1];
}

function ground(spec: Pick<Call, 'function' | 'args'>, control: Control | undefined): Call | null {
  return control ? { ...spec, controlId: control.id, controlName: control.name } : null;
}

/** Carries out a plan on a desktop; the index of the first step that cannot be understood or fails, or null. */
export function executePlan(desktop: WordDesktop, plan: readonly string[]): number | null {
  for (const [i, words] of plan.entries()) {
    const step = parseStep(words, desktop.observe());
    if (!step) return i;
    if (step.status !== 'CONTINUE') return null;
    if (desktop.execute(step).status === 'failure') return i;
  }
  return null;
}

/**
 * Carries out a plan whatever fails on the way, as the oracle will see what came of it. Returns the answer that ended it; after
 * the last step, that the task is done; undefined if a step cannot be understood.
 */
export function performPlan(desktop: WordDesktop, plan: readonly string[]): Ending | undefined {
  for (const words of plan) {
    const step = parseStep(words, desktop.observe());
    if (step?.status !== 'CONTINUE') return step ?? undefined;
    desktop.execute(step);
  }
  return { function: '', controlId: '', status: 'FINISH' };
}

/**
 * The plan for a task: what the expert does in a window as Word opens it. It follows from the task alone, as a plan has to
 * that is made before anything was seen.
 */
export function planFor(split: Split, seed: number, options: Pick<EpisodeOptions, 'template'> = {}): string[] {
  return planOf(rollOut(makeEpisode(split, seed, { ...options, isCalm: true })));
}

/** The plan that a trajectory is: one line for each step. */
export const planOf = (steps: readonly TrajectoryStep[]): string[] =>
  steps.map(({ observation, decision }) => renderStep(actionOf(observation, decision), observation));
