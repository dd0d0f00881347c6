import * as vscode from 'vscode';
import { protocolPlace, supportedEditor } from '../../infrastructure/activeEditor';
import { registerCommand } from '../../infrastructure/commands';
import { requestWithProgress } from '../../infrastructure/progressRequest';
import { Requests, type Translation } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';

/** Translates the active file to another language and opens the result beside it, unsaved. */
export function registerTranslate(session: Session): void {
  registerCommand(session, 'codetuner.translate', async () => {
    const editor = supportedEditor();
    const { document } = editor;
    const { textDocument } = protocolPlace(editor);
    const { languages } = await session.server.request<{ languages: { id: string; name: string }[] }>(Requests.languages, {});
    const items = languages.filter(({ id }) => id !== document.languageId).map(({ id, name }) => ({ label: name, description: id, id }));
    const picked = await vscode.window.showQuickPick(items, { title: 'CodeTuner: Translate file', placeHolder: 'To which language?' });
    if (!picked) return;

    const translation = await requestWithProgress<Translation>(session, `translating to ${picked.label}`, Requests.translate, {
      textDocument,
      language: picked.id,
    });
    if (translation.text === '') {
      void vscode.window.showInformationMessage(translation.message ?? 'The model wrote no translation of this file.');
      return;
    }
    const opened = await vscode.workspace.openTextDocument({ language: translation.languageId, content: translation.text });
    await vscode.window.showTextDocument(opened, vscode.ViewColumn.Beside);
    const notes = [
      translation.message,
      translation.truncated ? 'It ends early: the file is longer than the model can read at once.' : undefined,
    ].filter((note) => note !== undefined && note !== '');
    const advice = `Read it before you use it, and save it as ${translation.fileName}.`;
    void vscode.window.showInformationMessage(['This translation was written by the model.', ...notes, advice].join(' '));
  });
}
