import { protocolPlace, supportedEditor } from '../../infrastructure/activeEditor';
import { registerCommand } from '../../infrastructure/commands';
import { applyGeneratedEdit } from '../../infrastructure/generatedEdit';
import { requestWithProgress } from '../../infrastructure/progressRequest';
import { Requests, type GeneratedEdit } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';

/** Writes a doc comment above the function or type at the cursor. */
export function registerSummarize(session: Session): void {
  registerCommand(session, 'codetuner.summarize', async () => {
    const editor = supportedEditor();
    const result = await requestWithProgress<GeneratedEdit>(session, 'summarizing', Requests.summarize, protocolPlace(editor));
    await applyGeneratedEdit(editor, result, 'There is no function or type to summarize here. Put the cursor into one.');
  });
}
