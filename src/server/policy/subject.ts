/** What rules are matched against: an action, or what is known of one before it is chosen. */
import { type Action, type Control, functionCatalog, type State } from '../../runtime/index.ts';
import { EDITORS } from './apps.ts';
import { type Chords, readKeys } from './keys.ts';
import { Patterns } from './patterns.ts';
import { identifierReadings, readings, type Words } from './words.ts';

export type Subject = {
  readonly app: readonly Words[];
  readonly window: readonly Words[];
  readonly function: string;
  /** What it acts on; undefined: nothing, or one of `possible`. */
  readonly control: Target | undefined;
  /** What it may act on: it clicks at a place, or presses what has the focus then. */
  readonly possible: readonly Target[];
  /** Undefined: not chosen yet. */
  readonly args: Action['args'] | undefined;
  /** Undefined: not chosen yet, or the function presses no keys. */
  readonly chords: Chords | undefined;
};

export type Target = {
  readonly name: readonly Words[];
  /** In lower case. */
  readonly type: string;
};

/** Functions that click wherever they are told to. */
const BLIND_FUNCTIONS: ReadonlySet<string> = new Set(['click_on_coordinates', 'drag_on_coordinates']);
/** Functions whose argument is keys, or a text that is typed key by key, with what is in braces read as keys. */
export const KEY_ARGS: Readonly<Record<string, { readonly arg: string; readonly kind: 'keys' | 'typed' }>> = {
  keyboard_input: { arg: 'keys', kind: 'keys' },
  set_edit_text: { arg: 'text', kind: 'typed' },
};
/** Keys that act on what has the focus. */
const ACTS = /^(?:.*\+)?(?:enter|space|delete)$/;
const MOVES_FOCUS = /^(?:.*\+)?(?:tab|up|down|left|right)$/;
/** A mnemonic: it presses a control of the window, whatever has the focus. */
const MNEMONIC = /^alt\+.$/u;

const KNOWN_EDITORS = new Patterns(EDITORS);
const NO_KEYS: Chords = { chords: [], isReadable: true };

/** Reads the names of one state once, however many subjects it gives. */
export class SubjectReader {
  readonly #state: State;
  readonly #app: readonly Words[];
  readonly #window: readonly Words[];
  readonly #targets = new Map<Control, Target>();

  constructor(state: State) {
    this.#state = state;
    this.#app = readings(state.app.processName);
    this.#window = readings(state.app.windowTitle);
  }

  /** A chosen action. */
  ofAction({ controlId, function: name, args: given }: Action): Subject {
    const args = { ...defaultsOf(name), ...given };
    const keys = KEY_ARGS[name];
    const chords = keys === undefined ? undefined : readKeys(String(args[keys.arg] ?? ''), keys.kind);
    const { controls } = this.#state;
    const control = controls.find(({ id }) => id === controlId);
    const isAimless =
      BLIND_FUNCTIONS.has(name) || (name === 'keyboard_input' && this.#isAimless(chords ?? NO_KEYS, args, control));
    return {
      ...this.#common(name, isAimless ? undefined : control),
      possible: isAimless ? controls.map((other) => this.#target(other)) : [],
      args,
      chords,
    };
  }

  /** Any call of a function, on a control if it needs one. */
  ofCall(name: string, control: Control | undefined): Subject {
    return { ...this.#common(name, control), possible: [], args: undefined, chords: undefined };
  }

  #common(name: string, control: Control | undefined): Pick<Subject, 'app' | 'window' | 'function' | 'control'> {
    return {
      app: this.#app,
      window: this.#window,
      function: name,
      control: control === undefined ? undefined : this.#target(control),
    };
  }

  /** True if keys may act on another control than the action's: the focus is elsewhere, moves, or does not matter. */
  #isAimless({ chords }: Chords, args: Action['args'], control: Control | undefined): boolean {
    if (chords.some((chord) => MNEMONIC.test(chord))) return true;
    if (!chords.some((chord) => ACTS.test(chord))) return false;
    if (args['control_focus'] === false) return true;
    const keepsFocus = control?.type === 'Document' && KNOWN_EDITORS.matches(this.#app);
    return !keepsFocus && chords.some((chord) => MOVES_FOCUS.test(chord));
  }

  #target(control: Control): Target {
    let target = this.#targets.get(control);
    if (target === undefined) {
      const name = readings(control.name);
      const isNamed = name.some((words) => words.length > 0);
      target = {
        // Buttons that show an icon only are often named for the developer alone.
        name: isNamed ? name : identifierReadings(control.automationId ?? ''),
        type: control.type.toLowerCase(),
      };
      this.#targets.set(control, target);
    }
    return target;
  }
}

function defaultsOf(name: string): Action['args'] {
  const defaults: Record<string, string | number | boolean> = {};
  for (const spec of functionCatalog.get(name)?.args ?? []) {
    if (spec.default !== undefined) defaults[spec.name] = spec.default;
  }
  return defaults;
}
