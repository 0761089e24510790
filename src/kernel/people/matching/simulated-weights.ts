import weights from '../../../../data/names/weights.json' with { type: 'json' }
import type { Weights } from './weights.ts'

/** The values, beside name, birth, sex and document, that these weights know. */
export const SIMULATED_VALUES = ['citizenship', 'district'] as const

/** Weights for a registry without experience of its own: estimated offline from simulated records (`people-weights` among the benches). */
export const SIMULATED_WEIGHTS: Weights = weights

let last: { persons: number; weights: Weights } | undefined

/** The same for a registry of so many persons: any two records are the rarer one person, or relatives, the more people there are. */
export function weightsFor(persons: number): Weights {
  if (last?.persons !== persons) {
    const { prior, relatives } = SIMULATED_WEIGHTS
    last = { persons, weights: { ...SIMULATED_WEIGHTS, prior: 1 / persons, relatives: relatives! / prior / persons } }
  }
  return last.weights
}
