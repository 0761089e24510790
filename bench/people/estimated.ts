import { linkRecords } from '#kernel/people/matching/link.ts'
import { type PersonRecord, rollOf } from '#kernel/people/matching/roll.ts'
import type { Weights } from '#kernel/people/matching/weights.ts'
import { mistakenRecord, recordOf, SIMULATED_HEADINGS, seeded, simulatePeople } from './simulate.ts'

const MOST_MISTAKES = 3

/**
 * Weights for a registry, estimated without knowing who is who from simulated records with none to three mistakes. Numbers are cut to
 * four digits. `relatives` counts pairs for each pair that is one person: a registry knows its own number of those.
 */
export async function estimateRegistryWeights(people: number, seed: number, version: string): Promise<Weights> {
  const random = seeded(seed)
  const records: PersonRecord[] = []
  for (const person of simulatePeople(people, random)) {
    records.push(recordOf(person, `a${records.length}`, 'tajik'))
    const mistakes = Math.floor(random() * (MOST_MISTAKES + 1))
    records.push(mistakenRecord(person, `b${records.length}`, mistakes, random).record)
  }
  const { weights } = await linkRecords(rollOf(records, SIMULATED_HEADINGS))
  const cut = (shares: number[]) => shares.map((share) => Number(share.toPrecision(4)))
  return {
    version,
    prior: Number(weights.prior.toPrecision(4)),
    relatives: Number(weights.relatives!.toPrecision(4)),
    fields: weights.fields.map(({ m, u, r }) => ({ m: cut(m), u: cut(u), r: cut(r!) })),
  }
}
