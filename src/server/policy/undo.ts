/** How to take an action back, for what Word and Windows can undo, and which actions cannot be taken back. */
import { type Action, type Control, NO_ACTION, type PreviousAction, type State } from '../../runtime/index.ts';
import { EDITORS } from './apps.ts';
import { readKeys } from './keys.ts';
import { Patterns } from './patterns.ts';
import { readings } from './words.ts';

/** How an action is taken back, that it cannot be, or that nothing is known of it. */
export type Undo =
  | 'unknown'
  /** The action executes nothing if there is nothing to take back. */
  | { readonly reversible: true; readonly action: Action }
  | { readonly reversible: false; readonly reason: string };

/** An action with what it acts on. */
export type Acted = {
  readonly action: Pick<Action, 'controlId' | 'function' | 'args'>;
  /** As it was before the action; absent: it needs none. */
  readonly control?: Control;
  /** Absent: not known, and with it nothing that Ctrl+Z or an earlier text would take back. */
  readonly setting?: UndoSetting;
};

/** What else of the state it takes to undo an action. The ids in it are those of the observation that was acted on. */
export type UndoSetting = {
  readonly processName: string;
  /** Where Ctrl+Z goes. */
  readonly document?: Pick<Control, 'id' | 'name'>;
  /** What the control said before, if it is a field. */
  readonly textBefore?: string;
};

const NOTHING_TO_UNDO: Undo = { reversible: true, action: NO_ACTION };

/** In UFO's notation, the only one that its executor does not type out as text. */
const CTRL_Z = '{VK_CONTROL}z';
const CTRL_Y = '{VK_CONTROL}y';
const ESCAPE = '{ESC}';

const EDITOR_APPS = new Patterns(EDITORS);
/** Functions that only look, wait or select. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['', 'texts', 'summary', 'wait', 'wheel_mouse_input', 'select_text', 'select_table', 'select_paragraph'],
]);
/** Once clicked, done: what has been sent, printed or written stays so. */
const FINAL_NAMES = new Patterns([
  ...[
    'send',
    'resend',
    'submit',
    'publish',
    '^post$',
    '^print$',
    'print now',
    'quick print',
    'pay',
    'buy',
    'purchase',
    'place order',
    'install',
  ],
  ...['uninstall', 'save', 'save all', 'overwrite', "don't save", 'do not save', 'discard', 'empty recycle bin'],
  ...['permanently', 'shut down', 'restart now', 'sign out', 'log off', '^exit$', '^quit$'],
]);
/** Outside of a document, where Ctrl+Z would bring it back. */
const FINAL_OUTSIDE_DOCUMENTS = new Patterns(['delete', 'erase', 'remove', 'close window', 'close all', 'end task']);
/** Formatting that Office's ribbons switch or set at once. */
const FORMATTING = new Patterns([
  ...['^bold$', '^italic$', '^underline$', '^strikethrough$', '^double strikethrough$', '^subscript$', '^superscript$'],
  ...['^align left$', '^align right$', '^center$', '^justify$', '^bullets$', '^numbering$', '^increase indent$'],
  ...['^decrease indent$', '^grow font$', '^shrink font$', '^increase font size$', '^decrease font size$'],
  ...['^clear all formatting$', '^text highlight color$', '^font color$', '^shading$', '^page break$', '^blank page$'],
]);
/** By the convention of Windows. */
const OPENS_DIALOG = /(?:\.\.\.|\u2026)$/;
const UNDO_BUTTON = new Patterns(['^undo']);
const TYPED_KEYS = /^(?:shift\+)?(?:.|space|delete|backspace)$/u;
const MOVING_KEYS = /^(?:(?:ctrl|shift|ctrl\+shift)\+)?(?:up|down|left|right|home|end|page_up|page_down)$|^ctrl\+[ac]$/;
const FORMATTING_KEYS = /^ctrl\+[biuelrjdv]$/;
const FINAL_KEYS = /^(?:ctrl\+s|ctrl\+w|ctrl\+f4|alt\+f4|ctrl\+q|shift\+delete)$/;

export function undoOf({ action, control, setting }: Acted): Undo {
  if (HARMLESS.has(action.function)) return NOTHING_TO_UNDO;
  if (action.function === 'save_as') return final('it has written a file');
  if (action.function === 'insert_table' || action.function === 'set_font') return undoInDocument(setting);
  if (control === undefined) return 'unknown';
  switch (action.function) {
    case 'click_input':
      return undoClick(action, control, setting);
    case 'keyboard_input':
      return undoKeys(action, control, setting);
    case 'set_edit_text':
      return undoText(control, setting);
    default:
      return 'unknown';
  }
}

export function undoSetting({ controlId }: Pick<Action, 'controlId'>, state: State): UndoSetting {
  const document = state.controls.find(({ type, enabled }) => type === 'Document' && enabled !== false);
  const control = state.controls.find(({ id }) => id === controlId);
  const textBefore = control && textOf(control, state);
  return {
    processName: state.app.processName,
    ...(document && { document: { id: document.id, name: document.name } }),
    ...(textBefore !== undefined && { textBefore }),
  };
}

function undoClick({ args }: Acted['action'], control: Control, setting: UndoSetting | undefined): Undo {
  const { button = 'left', double = false } = args;
  const { name, type, selected } = control;
  if (double === true) return 'unknown';
  // A context menu.
  if (button === 'right') return pressEscape(control);
  if (button !== 'left') return 'unknown';
  if (OPENS_DIALOG.test(name)) return pressEscape(control);
  const words = readings(name);
  if (FINAL_NAMES.matches(words)) return final(`it has done what ${JSON.stringify(name)} says`);
  const isInDocument = documentOf(setting) !== undefined;
  if (!isInDocument && FINAL_OUTSIDE_DOCUMENTS.matches(words)) {
    return final(`it has done what ${JSON.stringify(name)} says, outside of a document`);
  }
  if (type === 'TabItem') return NOTHING_TO_UNDO;
  if (type === 'ComboBox') return pressEscape(control);
  if (type === 'CheckBox' && selected !== undefined) return takenBackBy(callOn(control, 'click_input', {}));
  if (type !== 'Button' || !isInDocument) return 'unknown';
  if (UNDO_BUTTON.matches(words)) return undoInDocument(setting, CTRL_Y);
  return selected !== undefined || FORMATTING.matches(words) ? undoInDocument(setting) : 'unknown';
}

/** What was typed at one go into a document is taken back at one go, unless a line ends in it. */
function undoKeys({ args }: Acted['action'], control: Control, setting: UndoSetting | undefined): Undo {
  const { chords, isReadable } = readKeys(String(args['keys'] ?? ''));
  if (!isReadable || chords.length === 0) return 'unknown';
  if (chords.some((chord) => FINAL_KEYS.test(chord))) return final('the keys have saved, closed or deleted something');
  if (args['control_focus'] === false) return 'unknown';
  if (chords.every((chord) => MOVING_KEYS.test(chord))) return NOTHING_TO_UNDO;
  if (control.type !== 'Document') return 'unknown';
  const only = chords.length === 1 ? chords[0] : undefined;
  if (only === 'ctrl+z') return undoInDocument(setting, CTRL_Y);
  const isOneStep = chords.every((chord) => TYPED_KEYS.test(chord)) || (only && FORMATTING_KEYS.test(only));
  return isOneStep ? undoInDocument(setting) : 'unknown';
}

function undoText(control: Control, setting: UndoSetting | undefined): Undo {
  if (control.type === 'Document') return undoInDocument(setting);
  const text = setting?.textBefore;
  return text === undefined
    ? 'unknown'
    : takenBackBy(callOn(control, 'set_edit_text', { text, clear_current_text: true }));
}

/** What a field says: what the last action on it left there, while nothing but fields was changed since. */
function textOf({ name, type }: Control, { controls, previousActions }: State): string | undefined {
  if (type === 'Document' || controls.filter((other) => other.name === name).length !== 1) return undefined;
  const changes = previousActions.filter(({ function: called }) => !HARMLESS.has(called));
  const since = changes.slice(changes.findLastIndex(({ function: called }) => called !== 'set_edit_text') + 1);
  const last = since.findLast(({ controlName }) => controlName === name);
  return last === undefined ? undefined : wholeText(last);
}

function wholeText({ args, resultStatus }: PreviousAction): string | undefined {
  const { text, clear_current_text: isWhole } = args;
  return resultStatus === 'success' && isWhole === true && typeof text === 'string' ? text : undefined;
}

function undoInDocument(setting: UndoSetting | undefined, keys = CTRL_Z): Undo {
  const document = documentOf(setting);
  return document === undefined ? 'unknown' : takenBackBy(callOn(document, 'keyboard_input', { keys }));
}

/** The document of an application that is known to take back changes of it. */
function documentOf(setting: UndoSetting | undefined): UndoSetting['document'] {
  return setting && EDITOR_APPS.matches(readings(setting.processName)) ? setting.document : undefined;
}

/** The keys go to what the click has opened, not to the control. */
function pressEscape(control: Control): Undo {
  return takenBackBy(callOn(control, 'keyboard_input', { keys: ESCAPE, control_focus: false }));
}

function takenBackBy(action: Action): Undo {
  return { reversible: true, action };
}

function final(reason: string): Undo {
  return { reversible: false, reason };
}

function callOn({ id, name }: Pick<Control, 'id' | 'name'>, functionName: string, args: Action['args']): Action {
  return { ...NO_ACTION, controlId: id, controlName: name, function: functionName, args };
}
