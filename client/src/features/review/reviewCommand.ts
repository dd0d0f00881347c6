import * as vscode from 'vscode';
import { protocolPlace, supportedEditor } from '../../infrastructure/activeEditor';
import { registerCommand } from '../../infrastructure/commands';
import { requestWithProgress } from '../../infrastructure/progressRequest';
import { Requests } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';

/** Reviews the lines of the active file that changed since the last commit. */
export function registerReview(session: Session): void {
  registerCommand(session, 'codetuner.review', async () => {
    const editor = supportedEditor();
    const { textDocument } = protocolPlace(editor);
    const { suggestions } = await requestWithProgress<{ suggestions: number }>(session, 'reviewing the changed lines', Requests.review, {
      textDocument,
    });
    if (suggestions === 0) {
      void vscode.window.showInformationMessage('CodeTuner found nothing to suggest on the changed lines of this file.');
      return;
    }
    const show = 'Show';
    const count = suggestions === 1 ? 'one suggestion' : `${suggestions} suggestions`;
    if ((await vscode.window.showInformationMessage(`CodeTuner has ${count} for this file.`, show)) === show) {
      await showSuggestions(editor.document);
    }
  });
}

/** Goes to the only suggestion; of several the Problems view gives the choice. */
async function showSuggestions(document: vscode.TextDocument): Promise<void> {
  const found = vscode.languages.getDiagnostics(document.uri).filter((diagnostic) => diagnostic.source === 'CodeTuner');
  const [only] = found;
  if (only && found.length === 1) await vscode.window.showTextDocument(document, { selection: only.range });
  else await vscode.commands.executeCommand('workbench.actions.view.problems');
}
