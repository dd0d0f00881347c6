import * as path from 'node:path';

/** What to run: an executable with its arguments. */
export interface ServerProgram {
  command: string;
  args: string[];
  /** For the log and the doctor. */
  foundBy: 'setting' | 'environment' | 'bundled' | 'checkout';
}

export interface ServerPlaces {
  /** The setting `codetuner.server.path`. */
  setting: string;
  /** The environment variable CODETUNER_SERVER. */
  environment: string | undefined;
  /** The extension's own folder. */
  extensionFolder: string;
  platform: NodeJS.Platform;
  isFile: (path: string) => boolean;
  homeFolder: string;
}

/** Nothing to run, said for the user. */
export class ServerNotFoundError extends Error {
  override name = 'ServerNotFoundError';
}

/** Finds the server: the setting wins over the environment, that over what is bundled, that over a build of this repository. */
export function locateServer(places: ServerPlaces): ServerProgram {
  const { setting, environment, extensionFolder, platform, isFile } = places;
  if (setting.trim() !== '') {
    const file = expandHome(setting.trim(), places.homeFolder);
    if (!isFile(file)) {
      throw new ServerNotFoundError(
        `There is no CodeTuner server at "${file}", where the setting codetuner.server.path looks for it. Correct the setting, or clear it to use the server that comes with the extension.`,
      );
    }
    return { ...programOf(file), foundBy: 'setting' };
  }

  if (environment !== undefined && environment !== '') {
    if (!isFile(environment)) {
      throw new ServerNotFoundError(
        `There is no CodeTuner server at "${environment}", which the environment variable CODETUNER_SERVER names. Correct the variable or remove it, and restart the editor.`,
      );
    }
    return { ...programOf(environment), foundBy: 'environment' };
  }

  const name = platform === 'win32' ? 'codetuner-server.exe' : 'codetuner-server';
  const bundled = path.join(extensionFolder, 'server', name);
  if (isFile(bundled)) return { command: bundled, args: [], foundBy: 'bundled' };

  // A package for no platform in particular holds the program without the runtime.
  const portable = path.join(extensionFolder, 'server', 'codetuner-server.dll');
  if (isFile(portable)) return { ...programOf(portable), foundBy: 'bundled' };

  const built = path.join(extensionFolder, 'server/CodeTuner.LanguageServer/bin/Release/net10.0/codetuner-server.dll');
  if (isFile(built)) return { ...programOf(built), foundBy: 'checkout' };

  throw new ServerNotFoundError(
    'CodeTuner is installed without its server. Install the package for your system, or name a server in the setting codetuner.server.path.',
  );
}

function programOf(file: string): { command: string; args: string[] } {
  return file.toLowerCase().endsWith('.dll') ? { command: 'dotnet', args: [file] } : { command: file, args: [] };
}

function expandHome(file: string, home: string): string {
  return file === '~' || file.startsWith('~/') || file.startsWith('~\\') ? path.join(home, file.slice(1)) : file;
}
