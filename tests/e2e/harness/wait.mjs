// Waiting for something to become true, on a machine that may be slow.

/** How long to wait for something that an editor does at once; a busy machine may need most of it. */
export const patience = 60_000;

/**
 * Calls `probe` until it gives something truthy, and gives that.
 * @param {string} what what is waited for, for the message of the error
 * @param {() => any} probe may be async; an exception counts as "not yet"
 */
export async function waitFor(what, probe, { timeout = patience, interval = 100 } = {}) {
  const deadline = Date.now() + timeout;
  let last;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value;
      last = undefined;
    } catch (e) {
      last = e;
    }
    if (Date.now() > deadline)
      throw new Error(`Waited ${Math.round(timeout / 1000)} s in vain: ${what}${last ? `. Last: ${last.message}` : ''}`);
    await pause(interval);
  }
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
