/** What Word shows by itself: dialogs that pop up, and the bar over a document that may not be edited. */
import { button, closing, control, inert } from './control.ts';
import { chrome, dialog, type Surface } from './surface.ts';

type PopUp = {
  readonly name: string;
  readonly text: string;
  readonly others: readonly string[];
  readonly dismiss: string;
};

const POP_UP_TEXTS: readonly PopUp[] = [
  { name: 'Sign In prompt', text: 'Sign in to get the most out of Word', others: ['Sign in'], dismiss: 'Not now' },
  { name: 'Update prompt', text: 'Updates are ready to be installed', others: ['Install updates'], dismiss: 'Later' },
  { name: 'AutoSave prompt', text: 'Turn on AutoSave for this document?', others: ['Turn on'], dismiss: 'No thanks' },
  { name: 'Tip', text: 'Did you know? You can ask for what you need', others: ['Next tip'], dismiss: 'Got it' },
  { name: 'Survey', text: 'How likely are you to recommend Word?', others: ['Rate now'], dismiss: 'Not now' },
  { name: 'Add-in error', text: 'An add-in has caused a problem', others: ['Disable add-in'], dismiss: 'Ignore' },
  { name: 'Printer message', text: 'The printer is out of paper', others: [], dismiss: 'OK' },
  {
    name: 'Recovery prompt',
    text: 'Word recovered a newer version of a file',
    others: ['Show files'],
    dismiss: 'Close',
  },
];

export const popUps: readonly Surface[] = POP_UP_TEXTS.map(({ name, text, others, dismiss }) =>
  dialog(name, [...inert('Text', text), ...inert('Button', ...others), closing(dismiss)], { dismiss }),
);

export const ENABLE_EDITING = 'Message Bar/Enable Editing';
export const LOCKED = 'Message Bar/RESTRICTED The owner allows this document to be read only';

export const messageBar: Surface = chrome(
  'Message Bar',
  [
    control('Text', 'PROTECTED VIEW Be careful, files from the Internet can contain viruses', {
      shown: (desk) => desk.ui.guard === 'protected view',
    }),
    button(
      'Enable Editing',
      (desk) => {
        desk.ui.guard = '';
      },
      { shown: (desk) => desk.ui.guard === 'protected view' },
    ),
    control('Text', LOCKED.slice(LOCKED.indexOf('/') + 1), { shown: (desk) => desk.ui.guard === 'locked' }),
  ],
  { visible: (desk) => desk.ui.guard !== '' && desk.tab !== 'File' },
);
