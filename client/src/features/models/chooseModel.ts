import * as vscode from 'vscode';
import { registerCommand } from '../../infrastructure/commands';
import { Requests, type ModelInfo } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';
import { modelItems } from './modelItems';

/** Picks the base model: one that is on this machine, or a folder. */
export function registerChooseModel(session: Session): void {
  registerCommand(session, 'codetuner.chooseModel', async () => {
    const { models } = await session.server.request<{ models: ModelInfo[] }>(Requests.models, {});
    const browse = { label: '$(folder-opened) A folder …', description: "in Hugging Face's layout", detail: '', setting: undefined };
    const picked = await vscode.window.showQuickPick([...modelItems(models), browse], {
      title: 'CodeTuner: Choose model',
      placeHolder: 'Which base model? A larger one writes better code and needs more time and memory.',
      matchOnDetail: true,
    });
    if (!picked) return;
    const model = picked.setting ?? (await browseForModel());
    if (model === undefined) return;
    await vscode.workspace.getConfiguration('codetuner').update('model', model, vscode.ConfigurationTarget.Global);
    const name = model === '' ? 'the embedded model' : model;
    void vscode.window.showInformationMessage(`CodeTuner uses ${name} now. What was tuned from another base waits for it.`);
  });
}

async function browseForModel(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'The folder that holds config.json, tokenizer.json and model.safetensors',
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: 'Use This Model',
  });
  return chosen?.[0]?.fsPath;
}
