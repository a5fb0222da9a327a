/** Reads single fields of requests; every failure is `invalid_request` that names the field. */
import { invalid } from '../../runtime/index.ts';
import { type TextKind, textProblem } from '../text.ts';
import { MAX_ID, MAX_PRIORITY } from './limits.ts';

type Text = string | null | undefined;

/** May span lines; absent is empty. */
export function readText(field: string, text: Text, maxLength: number): string {
  return readString(field, text, ['text', maxLength]);
}

/** One printable line; absent is empty. */
export function readName(field: string, text: Text, maxLength: number): string {
  return readString(field, text, ['name', maxLength]);
}

export function readRequiredName(field: string, text: Text, maxLength: number): string {
  const name = readName(field, text, maxLength);
  if (name === '') throw invalid(field, 'required');
  return name;
}

export function readList<T>(field: string, list: readonly T[] | null | undefined, max: number): readonly T[] {
  const { length } = list ?? [];
  if (length > max) throw invalid(field, `${length} items, at most ${max} are allowed`);
  return list ?? [];
}

/** Written so that NaN, which protobuf can carry, is refused too. */
export function readNumber(field: string, value: number | null | undefined, max: number): number {
  const number = value ?? 0;
  if (!(number >= 0 && number <= max)) throw invalid(field, `expected 0 to ${max}, got ${number}`);
  return number;
}

export function readPriority(field: string, value: number | null | undefined): number {
  return readNumber(field, value, MAX_PRIORITY);
}

/** The client's request id; undefined when the message has none. It goes into trailers, hence ASCII. */
export function readRequestId(message: { readonly request_id?: Text }): string | undefined {
  const id = readName('request_id', message.request_id, MAX_ID);
  if (!/^[ -~]*$/.test(id)) throw invalid('request_id', 'expected printable ASCII characters');
  return id || undefined;
}

/** What a request for a model names beside its task; answers with the model. */
export function readAddress(message: {
  readonly session_id?: Text;
  readonly client_id?: Text;
  readonly model?: Text;
}): { readonly model: string; readonly sessionId: string } {
  const sessionId = readName('session_id', message.session_id, MAX_ID);
  readName('client_id', message.client_id, MAX_ID);
  return { model: readName('model', message.model, MAX_ID), sessionId };
}

function readString(field: string, text: Text, [kind, maxLength]: readonly [TextKind, number]): string {
  if (text === null || text === undefined || text === '') return '';
  const problem = textProblem(text, kind, maxLength);
  if (problem !== undefined) throw invalid(field, problem);
  return text;
}
