import * as vscode from 'vscode';
import { supportedLanguageActive } from '../../infrastructure/activeEditor';
import { registerCommand } from '../../infrastructure/commands';
import { activeFolder } from '../../infrastructure/folders';
import type { Session } from '../../infrastructure/session';
import { menuItems } from './menuItems';

/** The menu behind the status bar item, and the small commands that only it offers. */
export function registerMenu(session: Session): void {
  registerCommand(session, 'codetuner.menu', async () => {
    const status = session.status.of(activeFolder()) ?? session.status.all[0];
    const { enabled } = session.settings().settings.completion;
    const items = menuItems(session.status.server, status, enabled, supportedLanguageActive()).map(
      (item) => item ?? { label: '', kind: vscode.QuickPickItemKind.Separator },
    );
    const picked = await vscode.window.showQuickPick(items, { title: 'CodeTuner', placeHolder: 'What to do?' });
    if (picked && 'command' in picked) await vscode.commands.executeCommand(picked.command, ...(picked.args ?? []));
  });

  registerCommand(session, 'codetuner.toggleCompletion', async () => {
    const configuration = vscode.workspace.getConfiguration('codetuner');
    const { enabled } = session.settings().settings.completion;
    // A workspace's own setting wins over the user's, so that is the one to turn.
    const ofWorkspace = configuration.inspect('completion.enabled')?.workspaceValue !== undefined;
    const target = ofWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
    await configuration.update('completion.enabled', !enabled, target);
  });
  registerCommand(session, 'codetuner.showLog', () => session.log.show());
  registerCommand(session, 'codetuner.restartServer', () => session.server.start());
  registerCommand(session, 'codetuner.openSettings', async () => {
    await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:codetuner.codetuner');
  });
}
