import type { ModelInfo } from '../../infrastructure/protocol';

export interface ModelItem {
  label: string;
  description: string;
  detail: string;
  /** What to write into the setting; empty for the embedded one. */
  setting: string;
}

/** The models as the picker shows them. */
export function modelItems(models: readonly ModelInfo[]): ModelItem[] {
  return models.map((model) => ({
    label: `${model.active ? '$(check) ' : ''}${model.name}`,
    description: [size(model.parameters), model.embedded ? 'comes with CodeTuner' : undefined, model.active ? 'in use' : undefined]
      .filter((part) => part !== undefined)
      .join(' · '),
    detail: model.description ?? model.path,
    setting: model.embedded ? '' : model.name,
  }));
}

function size(parameters: number): string {
  if (parameters >= 1e9) return `${(parameters / 1e9).toFixed(1)} billion parameters`;
  return `${Math.round(parameters / 1e6)} million parameters`;
}
