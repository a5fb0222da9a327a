/** How addresses are written: those to listen on, and those of callers. */

/** `127.0.0.1:8080`, `[::1]:8080`. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Without the port, if there is one: `127.0.0.1`, `::1`, `localhost`. */
export function hostOf(address: string): string {
  const [, bracketed] = /^\[(.*)\](?::\d+)?$/.exec(address) ?? [];
  return bracketed ?? address.replace(/:\d+$/, '');
}
