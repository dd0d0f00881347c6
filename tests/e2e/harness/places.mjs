// Places in the workspace where a person might type, and a model of any worth has something to say.
import { waitFor } from './wait.mjs';

/** `after` is a line of the file; a new line below it gets `text`. */
const places = [
  { path: 'Documents/DocumentText.cs', after: /^\{$/, text: '    private readonly ' },
  { path: 'Scheduling/RunningRequests.cs', after: /^\{$/, text: '    private readonly Dictionary<string, ' },
  { path: 'Protocol/Lsp/Hover.cs', after: /^namespace /, text: '\ninternal sealed record ' },
  { path: 'Protocol/Lsp/Edits.cs', after: /^namespace /, text: '\n/// <summary>' },
  { path: 'Lifecycle/ClientSettings.cs', after: /^\{$/, text: '    public async Task ' },
];

/**
 * Types at one place after another until the model shows something there; leaves the cursor behind the typed text.
 * A small model may have nothing to say at one of them, which is no error.
 * @returns {Promise<string>} the ghost text; empty where it showed nothing anywhere
 */
export async function completeSomewhere(editor, { each = 20_000 } = {}) {
  for (const { path, after, text } of places) {
    await editor.openFile(path);
    const lines = await editor.visibleLines();
    const line = lines.findIndex((l) => after.test(l)) + 1;
    if (line === 0) throw new Error(`${path} has no line like ${after} on its first screen.`);
    await editor.goTo(line, 200);
    await editor.press('End', 'Enter');
    await editor.command('Delete All Left').catch(() => {}); // the editor's own indentation
    await editor.type(text);
    const ghost = await editor.waitForGhostText({ timeout: each }).catch(() => '');
    if (ghost) return ghost;
    await editor.press('Escape');
    await editor.command('File: Revert File');
  }
  return '';
}

/** Undoes what was typed since the file was saved. */
export async function undoTyping(editor) {
  await editor.press('Escape');
  await editor.command('File: Revert File');
  await waitFor('the file to be as it was', async () => (await editor.page.locator('.tab.active.dirty').count()) === 0);
}
