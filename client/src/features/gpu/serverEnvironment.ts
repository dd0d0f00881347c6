import { type Settings } from '../../infrastructure/settings';

/** The variable that tells the server where ggml's libraries are. */
export const librariesVariable = 'CODETUNER_GGML';

/** What the server's environment gets: the folder that the setting names, or the one that the command installed, unless the user's own variable says otherwise. */
export function gpuEnvironment(
  settings: Settings,
  installed: string | undefined,
  inherited: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  if (settings.gpu.libraries !== '') return { [librariesVariable]: settings.gpu.libraries };
  if (inherited[librariesVariable] !== undefined || installed === undefined) return {};
  return { [librariesVariable]: installed };
}
