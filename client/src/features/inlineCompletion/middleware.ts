import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { readSettings } from '../../infrastructure/settings';
import { asksForCompletion } from './gate';
import type { LatencyWindow } from './latency';

export interface InlineCompletionHooks {
  latency: LatencyWindow;
  log: vscode.LogOutputChannel;
  /** A completion was handed to the editor and is still the one to show. */
  shown: (id: string) => void;
}

/** What stands between the editor's question for a completion and the server. */
export function inlineCompletionMiddleware(hooks: InlineCompletionHooks): Pick<Middleware, 'provideInlineCompletionItems'> {
  return {
    provideInlineCompletionItems: async (document, position, context, token, next) => {
      const editor = vscode.window.activeTextEditor;
      const configuration = vscode.workspace.getConfiguration('codetuner', document);
      const cursor = {
        languageId: document.languageId,
        hasSelection: selects(editor, document),
        invoked: context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke,
      };
      if (!asksForCompletion(cursor, readSettings((name) => configuration.get(name)).settings)) return undefined;

      const asked = performance.now();
      const result = await next(document, position, context, token);
      const items = Array.isArray(result) ? result : (result?.items ?? []);
      if (items.length > 0) {
        const milliseconds = performance.now() - asked;
        hooks.latency.add(milliseconds);
        hooks.log.debug(`A completion came after ${milliseconds.toFixed(0)} ms.`);
      }
      const id = idOf(items[0]);
      if (id !== undefined && !token.isCancellationRequested) noteShown(document, position, token, () => hooks.shown(id));
      return result;
    },
  };
}

function selects(editor: vscode.TextEditor | undefined, document: vscode.TextDocument): boolean {
  return editor?.document === document && editor.selections.some((selection) => !selection.isEmpty);
}

// The stable API does not tell what is shown. What is handed over and neither cancelled nor outrun a moment later is taken as shown.
function noteShown(document: vscode.TextDocument, position: vscode.Position, token: vscode.CancellationToken, tell: () => void): void {
  const { version } = document;
  setTimeout(() => {
    const editor = vscode.window.activeTextEditor;
    const still = editor?.document === document && document.version === version && editor.selection.active.isEqual(position);
    if (still && !token.isCancellationRequested) tell();
  }, 50);
}

function idOf(item: vscode.InlineCompletionItem | undefined): string | undefined {
  const id: unknown = item?.command?.arguments?.[0];
  return typeof id === 'string' ? id : undefined;
}
