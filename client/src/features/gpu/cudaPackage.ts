import * as path from 'node:path';

/** What `natives/cuda/package.json` says. */
export interface CudaManifest {
  optionalDependencies: Record<string, string>;
  codetuner: { downloadBytes: Record<string, number> };
}

/** What `natives/cuda/package-lock.json` says. */
export interface CudaLock {
  packages: Record<string, { version?: string; integrity?: string }>;
}

/** The package of ggml's CUDA libraries for one platform. */
export interface CudaPackage {
  name: string;
  version: string;
  /** SHA-512 of what is downloaded, as the lock file has it; npm refuses anything else. */
  integrity: string;
  downloadBytes: number;
  /** Where its libraries are, below the folder that it is installed in. */
  libraries: string;
}

const folders = new Map([
  ['linux-x64', 'linux-x64-cuda'],
  ['win32-x64', 'win-x64-cuda'],
]);

/** The package for a platform; undefined where there is none. */
export function cudaPackage(
  manifest: CudaManifest,
  lock: CudaLock,
  platform: NodeJS.Platform,
  architecture: string,
): CudaPackage | undefined {
  const folder = folders.get(`${platform}-${architecture}`);
  if (folder === undefined) return undefined;
  const name = `@node-llama-cpp/${folder}`;
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  const downloadBytes = manifest.codetuner.downloadBytes[name];
  if (version === undefined || integrity === undefined || downloadBytes === undefined) return undefined;
  return { name, version, integrity, downloadBytes, libraries: path.join('node_modules', name, 'bins', folder) };
}

/** What to ask before anything is downloaded. */
export function installQuestion({ name, version, integrity, downloadBytes }: CudaPackage): { message: string; detail: string } {
  return {
    message: `Download ggml's CUDA libraries (${Math.round(downloadBytes / 1e6)} MB)?`,
    detail: [
      `npm brings ${name} ${version} (MIT licence) from the registry that it is set up for, and checks it against ${integrity.slice(0, 19)}… (SHA-512).`,
      'They need an NVIDIA card with a recent driver and the CUDA runtime. Without them CodeTuner uses Vulkan where it can, and the processor otherwise.',
    ].join('\n\n'),
  };
}

/** Why npm did not install it, said for the user. */
export function whyNotInstalled(output: string, name: string): string {
  if (/\bEINTEGRITY\b/.test(output)) {
    return `What npm got for ${name} is not what CodeTuner was made with, so it was thrown away. Try another network or registry, and report it if it happens again.`;
  }
  if (/\bENOSPC\b/.test(output)) return 'The disk is full, so the CUDA libraries were not installed. Free some space and try again.';
  if (/\b(E404|ETARGET)\b/.test(output))
    return `The registry that npm is set up for has no ${name}. Set npm up for one that has, and try again.`;
  if (/\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN)\b/.test(output)) {
    return 'npm could not reach its registry, so the CUDA libraries were not installed. Check the network and try again.';
  }
  const reason = output.split('\n').find((line) => /^npm (error|ERR!)/.test(line));
  return `npm could not install the CUDA libraries. ${reason ?? 'It gave no reason.'}`;
}
