import * as vscode from 'vscode';
import type { Session } from './session';

const scheme = 'codetuner';

/** Pages of markdown that the extension writes and nobody edits. */
export class ReadOnlyPages implements vscode.TextDocumentContentProvider {
  private readonly pages = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(session: Session) {
    const { subscriptions } = session.context;
    subscriptions.push(this.changed, vscode.workspace.registerTextDocumentContentProvider(scheme, this));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.pages.get(uri.path) ?? 'This page is of an earlier session. Run its command again.';
  }

  /** Shows a page rendered, or its source where there is no preview. */
  async show(title: string, markdown: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${title}.md` });
    this.pages.set(uri.path, markdown);
    this.changed.fire(uri);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      await vscode.window.showTextDocument(uri, { preview: true });
    }
  }
}
