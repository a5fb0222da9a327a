/**
 * A whole agent in Node: observe, ask the gateway, execute, report, until the task is done.
 *
 *   node examples/node/agent.mjs [http://127.0.0.1:8080 ...]
 *
 * Several gateways may be named. For gRPC: `import { grpcTransport } from 'lam-gateway/client/grpc'`, and
 * `new LamClient({ endpoints: ['127.0.0.1:50051'], transport: grpcTransport() })`.
 */
import { LamClient } from 'lam-gateway/client';

const endpoints = process.argv.length > 2 ? process.argv.slice(2) : ['http://127.0.0.1:8080'];
const TASK = 'make "Quarterly report" bold';
const MAX_STEPS = 10;

const TABS = ['Home', 'Insert', 'Draw', 'Design', 'Layout', 'References', 'Mailings', 'Review', 'View', 'Help'];
const FONT = ['Increase Font Size', 'Decrease Font Size', 'Clear All Formatting', 'Bold', 'Italic', 'Underline'];
const PARAGRAPH = ['Bullets', 'Numbering', 'Align Left', 'Center', 'Align Right', 'Justify', 'Find', 'Replace...'];

/**
 * Word's window as UI Automation shows it, Home tab open, in short; a document with one line of text. Replace it by what drives a
 * real application.
 */
class Desktop {
  text = 'Quarterly report für März';
  selected = '';
  bold = false;

  /** In the order of the UI tree; ids stay the same while a control exists. */
  controls() {
    const list = (type, names) => names.map((name) => ({ id: name, name, type }));
    const selected = { Home: true, Bold: this.bold, Italic: false, Underline: false };
    const controls = [
      ...list('Button', ['Save', 'File Tab']),
      ...list('TabItem', TABS),
      ...list('SplitButton', ['Paste']),
      ...list('Button', ['Cut', 'Copy']),
      ...list('ComboBox', ['Font', 'Font Size']),
      ...list('Button', [...FONT, ...PARAGRAPH]),
      ...list('Document', ['Body']),
    ];
    return controls.map((control) => {
      const canBeSelected = control.type === 'TabItem' || control.name in selected;
      return canBeSelected ? { ...control, selected: selected[control.name] ?? false } : control;
    });
  }

  /** Throws if it does not work. */
  execute({ function: name, args, control_name: control }) {
    if (name === 'select_text' && this.text.includes(args.text)) this.selected = args.text;
    else if (name === 'click_input' && control === 'Bold' && this.selected !== '') this.bold = !this.bold;
    // Home is open.
    else if (name !== 'click_input' || control !== 'Home') throw new Error(`cannot ${name} "${control}"`);
  }
}

const client = new LamClient({ endpoints });
const desktop = new Desktop();
// Sends what changed since the last step; deadlines, repeats and failover are the client's business.
const episode = client.episode({ task: TASK, app: { process_name: 'WINWORD.EXE', window_title: 'Document1 - Word' } });
for (let step = 0; step < MAX_STEPS; step++) {
  const { action, requires_confirmation } = await episode.step(desktop.controls());
  console.log(action.function, action.control_name, JSON.stringify(action.args), action.status);
  if (requires_confirmation) break; // ask a person first
  if (action.function !== '') await episode.report(tryTo(() => desktop.execute(action)));
  if (action.status !== 'CONTINUE') break;
}
await episode.end(desktop.bold ? 'success' : 'failure');
console.log(desktop.bold ? 'bold' : 'not bold');

function tryTo(execute) {
  try {
    execute();
    return { result_status: 'success' };
  } catch (error) {
    return { result_status: 'failure', error: error.message };
  }
}
