import * as vscode from 'vscode';
import { activeFolder } from '../../infrastructure/folders';
import type { Session } from '../../infrastructure/session';
import { statusView } from './statusText';

/** The item in the status bar: the state at a glance, details when pointed at, the menu when clicked. */
export function showStatusBar(session: Session): void {
  const item = vscode.window.createStatusBarItem('codetuner.status', vscode.StatusBarAlignment.Right, 100);
  item.name = 'CodeTuner';
  item.command = 'codetuner.menu';

  const update = (): void => {
    const { status } = session;
    const shown = status.of(activeFolder()) ?? status.all.find((folder) => folder.tune) ?? status.all[0];
    const view = statusView(status.server, shown);
    const tooltip = new vscode.MarkdownString(view.tooltip, true);
    item.text = view.text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: view.label, role: 'button' };
    item.backgroundColor = view.severity === 'none' ? undefined : new vscode.ThemeColor(`statusBarItem.${view.severity}Background`);
  };

  update();
  item.show();
  session.context.subscriptions.push(item, session.status.onChange(update), vscode.window.onDidChangeActiveTextEditor(update));
}
