/**
 * Keyboard input as chords, `ctrl+shift+w`: in pywinauto's notation (`^w`, `%{F4}`, `+(ab)`, `{DELETE 2}`), in UFO's
 * (`{VK_CONTROL}w`), and as people write it (`ctrl+w`), because executors differ in what they take. A chord too many makes
 * somebody confirm once more; a missed one is a hole.
 */
import { fold } from './words.ts';

export type Chords = {
  /** In the order of the input; without modifiers a key's name alone, for example `delete` or `a`. */
  readonly chords: readonly string[];
  /** False: there is something in it that no notation explains. */
  readonly isReadable: boolean;
};

/** What a rule calls keys that no notation explains. */
export const UNREADABLE = 'unreadable';

/** `typed`: outside of braces every character is meant as it is, as when a text is typed into a field. */
export type KeysKind = 'keys' | 'typed';

const MODIFIERS = ['ctrl', 'alt', 'shift', 'win'] as const;
type Modifier = (typeof MODIFIERS)[number];

const SIGNS: Readonly<Record<string, Modifier>> = { '^': 'ctrl', '%': 'alt', '+': 'shift' };
const MODIFIER_NAMES: Readonly<Record<string, Modifier>> = {
  control: 'ctrl',
  ctrl: 'ctrl',
  lcontrol: 'ctrl',
  rcontrol: 'ctrl',
  strg: 'ctrl',
  menu: 'alt',
  lmenu: 'alt',
  rmenu: 'alt',
  alt: 'alt',
  shift: 'shift',
  lshift: 'shift',
  rshift: 'shift',
  lwin: 'win',
  rwin: 'win',
  win: 'win',
  windows: 'win',
  cmd: 'win',
  meta: 'win',
};
const KEY_NAMES: Readonly<Record<string, string>> = {
  del: 'delete',
  entf: 'delete',
  ret: 'enter',
  return: 'enter',
  back: 'backspace',
  bs: 'backspace',
  bksp: 'backspace',
  esc: 'escape',
  ins: 'insert',
  spacebar: 'space',
  pgup: 'page_up',
  prior: 'page_up',
  pgdn: 'page_down',
  next: 'page_down',
};
const NAMED_KEYS: ReadonlySet<string> = new Set([
  ...['delete', 'enter', 'backspace', 'escape', 'insert', 'space', 'tab', 'home', 'end', 'page_up', 'page_down'],
  ...['up', 'down', 'left', 'right', 'apps', 'help', 'caps_lock', 'capslock', 'numlock', 'scroll', 'scrolllock'],
  ...[
    'break',
    'pause',
    'prtsc',
    'snapshot',
    'print',
    'sleep',
    'cancel',
    'clear',
    'add',
    'subtract',
    'multiply',
    'divide',
  ],
]);
const FUNCTION_KEY = /^f([1-9]|1\d|2[0-4])$/;
const WRITTEN_CHORD = /(?:(?:ctrl|control|strg|alt|shift|win|windows|cmd|meta)\s*[+-]\s*)+[\p{L}\p{N}]+/gu;

/** Reads what is typed. Never throws. */
export function readKeys(text: string, kind: KeysKind = 'keys'): Chords {
  const reader = new KeyReader(text, kind);
  const written = [...fold(text).matchAll(WRITTEN_CHORD)].map(([chord]) => parseChord(chord.replaceAll('-', '+')));
  return {
    chords: [...reader.chords, ...written.filter((chord) => chord !== undefined)],
    isReadable: reader.isReadable,
  };
}

/** One chord as a rule writes it, `ctrl+w`, in canonical form; `*` is any key or any modifiers. Undefined: not one. */
export function parseChord(text: string): string | undefined {
  const parts = text.split('+').map((part) => part.trim().toLowerCase());
  const key = keyName(parts.pop() ?? '');
  if (key === undefined) return undefined;
  if (parts.length === 1 && parts[0] === '*') return `*+${key}`;
  const modifiers = parts.map((part) => MODIFIER_NAMES[part]);
  if (modifiers.some((modifier) => modifier === undefined)) return undefined;
  return chordOf(modifiers as Modifier[], key);
}

/** True if a chord is what a rule's chord says. */
export function isChord(chord: string, wanted: string): boolean {
  if (wanted.startsWith('*+')) return chord === wanted.slice(2) || chord.endsWith(wanted.slice(1));
  return wanted.endsWith('+*') ? chord.startsWith(wanted.slice(0, -1)) : chord === wanted;
}

function chordOf(modifiers: readonly Modifier[], key: string): string {
  return [...MODIFIERS.filter((modifier) => modifiers.includes(modifier)), key].join('+');
}

/** The one name of a key: a single character, a named key, or a function key. */
function keyName(text: string): string | undefined {
  const plain = text.startsWith('vk_') ? text.slice(3) : text;
  const name = KEY_NAMES[plain] ?? plain;
  if (NAMED_KEYS.has(name) || FUNCTION_KEY.test(name) || [...name].length === 1) return name;
  return undefined;
}

/** One pass over the text. */
class KeyReader {
  readonly chords: string[] = [];
  isReadable = true;
  readonly #kind: KeysKind;
  /** For the next key. */
  #pending: Modifier[] = [];
  /** Held down until released. */
  readonly #held = new Set<Modifier>();
  /** Of the group in parentheses. */
  #group: readonly Modifier[] = [];

  constructor(text: string, kind: KeysKind) {
    this.#kind = kind;
    for (let at = 0; at < text.length; ) at = this.#read(text, at);
  }

  /** Reads what is at `at`, and returns what comes behind it. */
  #read(text: string, at: number): number {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (character === '{') {
      // `{}}` is a brace.
      const end = text.indexOf('}', text[at + 1] === '}' ? at + 2 : at + 1);
      if (end > 0) {
        this.#named(text.slice(at + 1, end));
        return end + 1;
      }
      this.isReadable &&= this.#kind === 'typed';
    } else if (this.#kind === 'keys' && this.#sign(character)) {
      return at + 1;
    } else if (character === '\n' || character === '\r') {
      this.#press('enter');
    } else if (character === '\t') {
      this.#press('tab');
    } else if (character === ' ') {
      // Modifiers survive a blank, which pywinauto passes over.
      this.chords.push('space');
    } else {
      this.#press(keyName(fold(character)) ?? character);
    }
    return at + character.length;
  }

  /** What has a meaning outside of braces; false if the character has none. */
  #sign(character: string): boolean {
    const modifier = SIGNS[character];
    if (modifier !== undefined) this.#pending.push(modifier);
    else if (character === '~') this.#press('enter');
    else if (character === '(') this.#group = this.#take();
    else if (character === ')') this.#group = [];
    else return false;
    return true;
  }

  /** What is in braces: a key or a character, perhaps with a count, or a modifier, perhaps held or released. */
  #named(content: string): void {
    const [name = '', detail = ''] = content.length === 1 ? [content] : fold(content).trim().split(/\s+/);
    const plain = name.startsWith('vk_') ? name.slice(3) : name;
    const modifier = MODIFIER_NAMES[plain];
    if (modifier !== undefined) {
      if (detail === 'up') this.#held.delete(modifier);
      else if (detail === 'down') this.#held.add(modifier);
      else this.#pending.push(modifier);
      return;
    }
    const key = keyName(name);
    if (key !== undefined) this.#press(key);
    else this.isReadable &&= this.#kind === 'typed';
  }

  #take(): readonly Modifier[] {
    const taken = [...this.#group, ...this.#pending];
    this.#pending = [];
    return taken;
  }

  #press(key: string): void {
    this.chords.push(chordOf([...this.#held, ...this.#take()], key));
  }
}
