import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../scripts/bench.ts'
import { SIMULATED_WEIGHTS } from '../src/kernel/people/matching/simulated-weights.ts'
import { ROOT } from '../src/kernel/root.ts'
import { estimateRegistryWeights } from './people/estimated.ts'

const PEOPLE = 20_000
const SEED = 3
const FILE = join(ROOT, 'data/names/weights.json')

/**
 * Estimates the registry's first weights anew and writes them to `data/names/weights.json`: after a change of how names are compared.
 * The figures say by how much the logarithms moved at most. A new file needs a new version: `--times N` is its number.
 */
const bench: Bench = async ({ scale, times = 1, say }) => {
  const weights = await estimateRegistryWeights(Math.round(PEOPLE * scale), SEED, `simulated-${times}`)
  let moved = 0
  weights.fields.forEach(({ m, u }, field) => {
    const known = SIMULATED_WEIGHTS.fields[field]
    m.forEach((share, level) => {
      if (level > 0 && known && share > 0.001)
        moved = Math.max(moved, Math.abs(Math.log2(share / u[level]!) - Math.log2(known.m[level]! / known.u[level]!)))
    })
  })
  writeFileSync(FILE, `${JSON.stringify(weights, null, 1)}\n`)
  say(`${FILE} is written`)
  return { version: weights.version, fields: weights.fields.length, moved_bits: Math.round(moved * 100) / 100 }
}

export default bench
