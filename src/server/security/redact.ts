/** The configuration as it may be printed and logged: of URLs, what is not secret. */

const HIDDEN = '***';

/** Users, passwords and queries of URLs are hidden; other values are what they are. Keys and certificates are paths. */
export function redact<T extends object>(config: T): T {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, redactValue(value)])) as T;
}

export function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== 'string' || !/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return value;
  // What cannot be taken apart may hold a password anywhere.
  if (!URL.canParse(value)) return HIDDEN;
  const url = new URL(value);
  const isSecret = url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '';
  if (!isSecret) return value;
  if (url.username !== '') url.username = HIDDEN;
  if (url.password !== '') url.password = HIDDEN;
  if (url.search !== '') url.search = HIDDEN;
  url.hash = '';
  return url.href;
}
