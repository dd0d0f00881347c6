import * as vscode from 'vscode';
import { chooseFolder, type Folder } from './folderChoice';

/** The open folders that the server can read. */
export function openFolders(): Folder[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => ({ name: folder.name, uri: folder.uri.toString() }));
}

/** The folder of the active editor. */
export function activeFolder(): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && vscode.workspace.getWorkspaceFolder(document.uri)?.uri.toString();
}

/** The folder that a command is for; asks where several are open and the active editor does not decide. */
export async function folderFor(purpose: string, named?: unknown): Promise<Folder> {
  const choice = chooseFolder(openFolders(), activeFolder(), typeof named === 'string' ? named : undefined);
  if (choice.kind === 'one') return choice.folder;
  if (choice.kind === 'none') throw new Error('CodeTuner works on a folder. Open one first (File > Open Folder).');
  const items = choice.folders.map((folder) => ({ label: folder.name, description: vscode.Uri.parse(folder.uri).fsPath, folder }));
  const picked = await vscode.window.showQuickPick(items, { title: `CodeTuner: ${purpose}`, placeHolder: 'Which folder?' });
  if (!picked) throw new vscode.CancellationError();
  return picked.folder;
}
