/** The settings of the section `codetuner`, as docs/protocol.md lists them. */
export interface Settings {
  completion: { enabled: boolean; debounce: number; maxLines: number; languages: Record<string, boolean> };
  hover: { enabled: boolean };
  review: { enabled: boolean; sensitivity: 'low' | 'medium' | 'high' };
  model: string;
  tune: {
    automatic: boolean;
    minutes: number;
    method: TuneMethod;
    baseDtype: BaseDtype;
    exclude: string[];
    rowLength: number;
    batchSize: number;
  };
  threads: number;
  device: string;
  gpu: { libraries: string; memoryLimit: number; pauseOnBattery: boolean };
  server: { path: string };
}

export type TuneMethod = 'auto' | 'full' | 'lora';

const baseDtypes = ['auto', 'float32', 'bfloat16', 'float16', 'q8_0', 'q4_0'] as const;

export type BaseDtype = (typeof baseDtypes)[number];

/** Reads a setting by its name without the section; undefined where it is missing. */
export type SettingSource = (name: string) => unknown;

export interface ReadSettings {
  settings: Settings;
  /** What was wrong with a value, for the user; the default is used in its place. */
  problems: string[];
}

/** Reads every setting. The editor only warns about a value that does not fit, so each is checked here. */
export function readSettings(source: SettingSource): ReadSettings {
  const problems: string[] = [];

  function read<T>(name: string, fallback: T, wanted: string, fits: (value: unknown) => value is T): T {
    const value = source(name);
    if (value === undefined || value === null) return fallback;
    if (fits(value)) return value;
    problems.push(`The setting codetuner.${name} must be ${wanted}; ${JSON.stringify(fallback)} is used.`);
    return fallback;
  }

  const flag = (name: string, fallback: boolean): boolean => read(name, fallback, 'true or false', isBoolean);
  const text = (name: string, fallback = ''): string => read(name, fallback, 'a text', isString);
  const whole = (name: string, fallback: number, least: number, most: number): number =>
    read(name, fallback, `a whole number from ${least} to ${most}`, (value): value is number => isWhole(value, least, most));

  const settings: Settings = {
    completion: {
      enabled: flag('completion.enabled', true),
      debounce: whole('completion.debounce', 75, 0, 5000),
      maxLines: whole('completion.maxLines', 12, 1, 100),
      languages: read('completion.languages', {}, 'an object of language ids with true or false', isFlags),
    },
    hover: { enabled: flag('hover.enabled', true) },
    review: {
      enabled: flag('review.enabled', true),
      sensitivity: read('review.sensitivity', 'medium', '"low", "medium" or "high"', isSensitivity),
    },
    model: text('model'),
    tune: {
      automatic: flag('tune.automatic', false),
      minutes: read('tune.minutes', 10, 'a number from 0.1 to 1440', (value): value is number => isNumber(value, 0.1, 1440)),
      method: read('tune.method', 'auto', '"auto", "full" or "lora"', isMethod),
      baseDtype: read('tune.baseDtype', 'auto', `one of ${baseDtypes.join(', ')}`, isBaseDtype),
      exclude: read('tune.exclude', [], 'a list of patterns', isTexts),
      rowLength: whole('tune.rowLength', 512, 64, 8192),
      batchSize: whole('tune.batchSize', 4, 1, 256),
    },
    threads: whole('threads', 0, 0, 1024),
    device: text('device', 'auto'),
    gpu: {
      libraries: text('gpu.libraries'),
      memoryLimit: whole('gpu.memoryLimit', 80, 10, 100),
      pauseOnBattery: flag('gpu.pauseOnBattery', true),
    },
    server: { path: text('server.path') },
  };
  return { settings, problems };
}

/** Whether completion is on for a language: its own entry wins over `*`. */
export function completesLanguage(settings: Settings, languageId: string): boolean {
  const { enabled, languages } = settings.completion;
  return enabled && (languages[languageId] ?? languages['*'] ?? true);
}

const isSensitivity = (value: unknown): value is Settings['review']['sensitivity'] =>
  value === 'low' || value === 'medium' || value === 'high';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isString = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;
const isWhole = (value: unknown, least: number, most: number): value is number => isNumber(value, least, most) && Number.isInteger(value);
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isString);
const isFlags = (value: unknown): value is Record<string, boolean> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isBoolean);
const isMethod = (value: unknown): value is TuneMethod => value === 'auto' || value === 'full' || value === 'lora';
const isBaseDtype = (value: unknown): value is BaseDtype => baseDtypes.some((name) => name === value);
