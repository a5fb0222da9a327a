/** Applications that the gateway knows something about, as patterns over process names. */

/** Their documents take Tab and the arrow keys for themselves, and Ctrl+Z takes back what was typed there. */
export const EDITORS: readonly string[] = ['winword', 'excel', 'powerpnt', 'wordpad', 'notepad', 'onenote'];
