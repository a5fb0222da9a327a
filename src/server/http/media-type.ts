/** Bodies are JSON in UTF-8, not compressed. */

/** What is wrong with the headers of a request that has a body; undefined: nothing. */
export function mediaTypeProblem(headers: Headers): string | undefined {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/json') return 'content-type: expected application/json';
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return 'content-type: expected charset=utf-8';
  const encoding = headers.get('content-encoding');
  return encoding === null || encoding === 'identity' ? undefined : 'content-encoding: expected an uncompressed body';
}
