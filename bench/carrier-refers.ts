import type { Bench } from '../scripts/bench.ts'
import { inputsOf } from '../src/modules/entry-check/carrier/passenger.ts'
import { inputsOfRows } from '../src/modules/entry-check/carrier/rows.ts'
import { inScript, type Script } from './people/romanise.ts'
import { recordOf, seeded, simulatePeople } from './people/simulate.ts'

const LISTED = 100_000
const ASKED = 10_000
const SCRIPTS: readonly Script[] = ['tajik', 'keyboard', 'russian', 'bgn', 'icao', 'common']
// Of a hundred rows two state only the year of birth, and one nothing.
const YEAR_ONLY = 0.02
const NO_BIRTH = 0.01

/** How many passengers who are not listed a carrier is to refer all the same, for their name and birth date. `--scale` multiplies the list. */
const bench: Bench = async ({ scale, say }) => {
  const random = seeded(3)
  const script = () => SCRIPTS[Math.floor(random() * SCRIPTS.length)]!
  const rows = [...simulatePeople(LISTED * scale, seeded(9))].map((person) => {
    const { names, birth, documents } = recordOf(person, 'row', script())
    const stated = random()
    const year = Math.floor(birth! / 10_000) * 10_000
    const births = stated < YEAR_ONLY ? [year] : stated < YEAR_ONLY + NO_BIRTH ? [] : [birth!]
    return { names, births, documents }
  })
  const inputs = inputsOfRows(rows)
  say(`${inputs.size} inputs of ${rows.length} rows`)
  const counts = { ordinary: { asked: 0, referred: 0 }, born_1_january: { asked: 0, referred: 0 } }
  for (const { family, given, birth } of simulatePeople(ASKED, seeded(1009))) {
    const spelled = script()
    const of = counts[birth % 10_000 === 101 ? 'born_1_january' : 'ordinary']
    of.asked++
    const typed = { document: 'Z0000001', family: inScript(family, spelled), given: inScript(given, spelled), birth }
    if (inputsOf(typed).some((input) => inputs.has(input))) of.referred++
  }
  return { rows: rows.length, inputs: inputs.size, ...counts }
}

export default bench
