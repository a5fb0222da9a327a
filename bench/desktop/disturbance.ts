/** How a real window differs from the ideal one. Data only; `disturb.ts` draws it. */

export type Disturbance = {
  /** Keys of controls that this window does not have. */
  readonly missing: ReadonlySet<string>;
  /** Keys of controls that are greyed out for good. */
  readonly disabled: ReadonlySet<string>;
  /** Keys of controls that the accessibility tree lists twice. */
  readonly doubled: ReadonlySet<string>;
  /** What this version of Word calls a control, by key. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Names of menus that show half of their items at a time. */
  readonly halved: ReadonlySet<string>;
  /** Ordinals of calls, from 0, that fail although they are right. */
  readonly failingCalls: ReadonlySet<number>;
  /** Dialogs that pop up by themselves, by the number of calls after which they do. */
  readonly popUps: ReadonlyMap<number, string>;
  /** protected view: until `Enable Editing` is clicked. locked: for good. */
  readonly guard: '' | 'protected view' | 'locked';
};

export const UNDISTURBED: Disturbance = {
  missing: new Set(),
  disabled: new Set(),
  doubled: new Set(),
  renamed: new Map(),
  halved: new Set(),
  failingCalls: new Set(),
  popUps: new Map(),
  guard: '',
};
