import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { registerCommand } from '../../infrastructure/commands';
import type { Session } from '../../infrastructure/session';
import { cudaPackage, installQuestion, whyNotInstalled, type CudaLock, type CudaManifest, type CudaPackage } from './cudaPackage';
import { npmInstall } from './npmInstall';

const files = ['package.json', 'package-lock.json'];

/** Downloads ggml's libraries for NVIDIA cards, asked first, and starts the server anew with them. */
export function registerInstallCuda(session: Session): void {
  registerCommand(session, 'codetuner.installCuda', async () => {
    const wanted = packageHere(session.context);
    if (!wanted) {
      void vscode.window.showInformationMessage(
        'There are CUDA libraries for Linux and Windows on x64 only. CodeTuner goes on without them.',
      );
      return;
    }
    const { message, detail } = installQuestion(wanted);
    if ((await vscode.window.showInformationMessage(message, { modal: true, detail }, 'Download')) !== 'Download') return;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `CodeTuner: downloading ${wanted.name}`, cancellable: true },
      (_, token) => install(session, wanted, token),
    );
    await session.server.start();
    void vscode.window.showInformationMessage('The CUDA libraries are installed. "CodeTuner: Doctor" says which card they found.');
  });
}

/** Where the CUDA libraries are that the command installed; undefined where they are not. */
export function installedCuda(context: vscode.ExtensionContext): string | undefined {
  const wanted = packageHere(context);
  const folder = wanted && path.join(storage(context), wanted.libraries);
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

async function install(session: Session, wanted: CudaPackage, token: vscode.CancellationToken): Promise<void> {
  const folder = storage(session.context);
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(path.join(source(session.context), file), path.join(folder, file));
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  const { status, output } = await npmInstall(folder, abort.signal);
  if (token.isCancellationRequested || status !== 0) rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true });
  if (token.isCancellationRequested) throw new vscode.CancellationError();
  if (status !== 0) {
    session.log.warn(output);
    throw new Error(whyNotInstalled(output, wanted.name));
  }
  // npm passes over an optional package that does not suit the system, without a word.
  if (!existsSync(path.join(folder, wanted.libraries)))
    throw new Error(`npm did not install ${wanted.name}: it does not suit this system.`);
}

function packageHere(context: vscode.ExtensionContext): CudaPackage | undefined {
  const [manifest, lock] = files.map((file) => JSON.parse(readFileSync(path.join(source(context), file), 'utf8')) as unknown);
  return cudaPackage(manifest as CudaManifest, lock as CudaLock, process.platform, process.arch);
}

const source = (context: vscode.ExtensionContext): string => path.join(context.extensionPath, 'natives', 'cuda');
const storage = (context: vscode.ExtensionContext): string => path.join(context.globalStorageUri.fsPath, 'cuda');
