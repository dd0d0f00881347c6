import * as vscode from 'vscode';
import { languages } from './languages';

/** The active editor, where the server knows its language. */
export function supportedEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (!editor) throw new Error('Open a source file first.');
  if (!languages.includes(editor.document.languageId)) {
    throw new Error(`CodeTuner does not know the language "${editor.document.languageId}". It knows: ${languages.join(', ')}.`);
  }
  return editor;
}

/** A document and a position in it, as the protocol writes them. */
export function protocolPlace(editor: vscode.TextEditor): {
  textDocument: { uri: string };
  position: { line: number; character: number };
} {
  const { line, character } = editor.selection.active;
  return { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
}

/** Whether the active editor's language is one that the server knows. */
export function supportedLanguageActive(): boolean {
  return languages.includes(vscode.window.activeTextEditor?.document.languageId ?? '');
}
