import * as vscode from 'vscode';
import { whyNotApplied } from './editVersion';
import type { GeneratedEdit } from './protocol';

/** Makes a generated edit as one undo step, or tells why there is none to make. */
export async function applyGeneratedEdit(editor: vscode.TextEditor, result: GeneratedEdit, nothing: string): Promise<void> {
  if (!result.edit) {
    void vscode.window.showInformationMessage(result.message ?? nothing);
    return;
  }
  const why = whyNotApplied(result.version, editor.document.version, editor.document.isClosed);
  if (why) throw new Error(why);

  const { start, end } = result.edit.range;
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  const { newText } = result.edit;
  const applied = await editor.edit((edit) => edit.replace(range, newText), { undoStopBefore: true, undoStopAfter: true });
  if (!applied) throw new Error('The editor refused the change. Is the file read-only?');
  if (result.message) void vscode.window.showInformationMessage(result.message);
}
