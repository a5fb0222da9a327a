/**
 * The policy of a gateway that is given none, in the spirit of the list of sensitive actions that UFO puts into its prompts: sending,
 * deleting or changing files, closing windows, camera and microphone, installing, browser history and passwords.
 * deploy/policy.yaml says the same, for operators to start from.
 */
import { EDITORS } from './apps.ts';
import type { PolicyFile } from './policy-file.ts';

/** What makes a control do what its name says. */
const TRIGGERS = ['click_input', 'keyboard_input', 'click_on_coordinates', 'drag_on_coordinates'];
const MAIL_APPS = ['outlook', 'olk', 'hxoutlook', 'thunderbird'];
const CHAT_APPS = [
  ...['teams', 'slack', 'discord', 'whatsapp*', 'telegram', 'signal', 'skype', 'wechat', 'weixin', 'zoom'],
];
const BROWSERS = ['chrome', 'msedge', 'firefox', 'brave', 'opera', 'vivaldi', 'iexplore'];
const CONSOLES = ['cmd', 'powershell*', 'pwsh', 'windowsterminal', 'conhost', 'bash', 'wsl'];

export const DEFAULT_POLICY: PolicyFile = {
  version: 1,
  default: 'allow',
  rules: [
    {
      name: 'unknown_keys',
      effect: 'confirm',
      reason: 'it is not known what these keys do',
      when: { keys: ['unreadable'] },
    },
    {
      name: 'send',
      effect: 'confirm',
      reason: 'it may send or publish something',
      when: {
        function: TRIGGERS,
        control: [
          ...['send', 'resend', 'submit', 'publish', 'share', '^post$', 'tweet', 'transmit'],
          ...['senden', 'absenden', 'envoyer', 'enviar', 'invia', '*发送*', '*送信*'],
        ],
      },
      unless: [{ control: ['^send backward', '^send to back', '^send behind text'] }],
    },
    {
      name: 'send_mail_keys',
      effect: 'confirm',
      reason: 'these keys send a mail',
      when: { app: MAIL_APPS, keys: ['ctrl+enter', 'alt+s'] },
    },
    {
      name: 'send_chat_keys',
      effect: 'confirm',
      reason: 'Enter sends a message here',
      when: { app: CHAT_APPS, keys: ['enter', 'ctrl+enter', 'alt+s'] },
    },
    {
      name: 'delete',
      effect: 'confirm',
      reason: 'it may delete something',
      when: {
        function: TRIGGERS,
        control: [
          ...['delete', 'erase', 'discard', 'shred', 'wipe', 'trash', 'format disk', 'format drive'],
          ...['empty recycle bin', 'move to recycle bin', 'remove account', 'remove device', 'remove user'],
          ...['löschen', 'supprimer', 'eliminar', 'elimina', '*删除*', '*削除*'],
        ],
      },
    },
    {
      name: 'delete_keys',
      effect: 'confirm',
      reason: 'the key deletes what is selected',
      when: { keys: ['*+delete'] },
      unless: [{ control_type: ['Edit', 'ComboBox', 'Spinner'] }, { app: [...EDITORS], control_type: ['Document'] }],
    },
    {
      name: 'change_files',
      effect: 'confirm',
      reason: 'it changes files or folders',
      when: {
        app: ['explorer', 'dopus', 'totalcmd*'],
        function: TRIGGERS,
        control: [
          'remove',
          'rename',
          'move to',
          'move here',
          'cut',
          'replace',
          'merge',
          'extract',
          'format',
          'restore',
        ],
      },
    },
    {
      name: 'change_files_keys',
      effect: 'confirm',
      reason: 'these keys delete or move what is selected',
      when: { app: ['explorer', ...MAIL_APPS], keys: ['ctrl+d', 'ctrl+x', 'ctrl+shift+v'] },
    },
    {
      name: 'overwrite',
      effect: 'confirm',
      reason: 'it may overwrite a file',
      when: { function: ['save_as'] },
    },
    {
      name: 'overwrite_button',
      effect: 'confirm',
      reason: 'it replaces a file',
      when: { function: TRIGGERS, control: ['overwrite', 'replace file', 'replace the file*', 'replace existing*'] },
    },
    {
      name: 'close',
      effect: 'confirm',
      reason: 'it may close a window or an application',
      when: {
        function: TRIGGERS,
        control: [
          ...['^close$', '^exit$', '^quit$', '^end task$', 'close window', 'close all', 'close tab', 'close file'],
          ...['close application', 'exit application', 'close document', 'force quit', 'schließen', 'fermer', 'cerrar'],
          ...['^✕$', '^×$', '^❌$'],
        ],
      },
    },
    {
      name: 'close_keys',
      effect: 'confirm',
      reason: 'these keys close a window or an application',
      when: { keys: ['alt+f4', 'ctrl+f4', 'ctrl+w', 'ctrl+shift+w', 'ctrl+q', 'alt+space'] },
    },
    {
      name: 'lose_changes',
      effect: 'confirm',
      reason: 'changes that are not saved may be lost',
      when: {
        function: TRIGGERS,
        control: ["don't save", 'don t save', 'do not save', 'without saving', 'nicht speichern', 'revert'],
      },
    },
    {
      name: 'camera_microphone',
      effect: 'confirm',
      reason: 'it may turn on a camera or a microphone',
      when: {
        function: TRIGGERS,
        control: [
          ...['camera', 'webcam', 'microphone', '^mic', '^mic on', 'unmute', 'start video', 'turn on video', 'dictate'],
          ...['start recording', '^record$', 'record audio', 'record video', 'screen recording'],
        ],
      },
    },
    {
      name: 'install',
      effect: 'confirm',
      reason: 'it may install or remove software',
      when: {
        function: TRIGGERS,
        control: ['install', 'uninstall', 'reinstall', '^setup$', 'add extension', 'remove extension', 'run anyway'],
      },
    },
    {
      name: 'passwords',
      effect: 'confirm',
      reason: 'it concerns a password',
      when: {
        function: [...TRIGGERS, 'set_edit_text', 'texts'],
        control: ['password', 'passwords', 'passphrase', 'passcode', 'passwort', 'mot de passe', 'contraseña'],
      },
    },
    {
      name: 'browser_data',
      effect: 'confirm',
      reason: 'it concerns what the browser has stored',
      when: {
        app: BROWSERS,
        function: [...TRIGGERS, 'texts'],
        control: ['history', 'browsing data', 'autofill', 'saved cards', 'payment methods', 'cookies', 'clear data'],
      },
    },
    {
      name: 'browser_data_keys',
      effect: 'confirm',
      reason: 'these keys show or clear what the browser has stored',
      when: { app: BROWSERS, keys: ['ctrl+h', 'ctrl+shift+delete'] },
    },
    {
      name: 'pay',
      effect: 'confirm',
      reason: 'it may cost money',
      when: {
        function: TRIGGERS,
        control: [
          'pay',
          'buy',
          'purchase',
          'place order',
          'place your order',
          'checkout',
          'subscribe',
          'transfer money',
          'kaufen',
        ],
      },
    },
    {
      name: 'session',
      effect: 'confirm',
      reason: 'it may end the session',
      when: {
        function: TRIGGERS,
        control: [
          ...[
            'sign out',
            'log off',
            'log out',
            'logout',
            'shut down',
            'shutdown',
            '^restart$',
            'restart now',
            'reset this pc',
          ],
          ...['restart computer', 'restart windows', 'reboot', 'factory reset', 'abmelden', 'herunterfahren'],
        ],
      },
    },
    {
      name: 'run_commands',
      effect: 'confirm',
      reason: 'what is typed may be run as a command',
      when: { app: CONSOLES, function: ['keyboard_input', 'set_edit_text'] },
    },
    {
      name: 'run_keys',
      effect: 'confirm',
      reason: 'these keys run commands or open system menus',
      when: { keys: ['win+*', 'ctrl+alt+delete', 'ctrl+shift+escape'] },
    },
    {
      name: 'unknown_place',
      effect: 'confirm',
      reason: 'it is not known what is at this place',
      when: { function: ['click_on_coordinates', 'drag_on_coordinates'] },
    },
  ],
};
