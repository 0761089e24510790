import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable } from '#kernel/lists/lists.ts'
import type { Bench } from '../scripts/bench.ts'
import { flagsOf, readSigns, type Suspect } from '../src/modules/vacancies/risk/flags.ts'

const FOLDER = join(import.meta.dirname, 'vacancy-risk')
const table = (name: string) => readTable(readFileSync(join(FOLDER, name), 'utf8'))

/** How well flags tell frauds from look-alikes: see `bench/vacancy-risk/README.md`. */
const bench: Bench = async ({ say }) => {
  const written = table('written.tsv')
  const figures: Record<string, object | string> = {}
  for (const set of new Set(written.map(({ set }) => set!))) {
    const rows = written.filter((row) => row.set === set)
    figures[set] = judge(
      rows.map(({ id, flags, title, text }) => ({
        id: id!,
        flags: flags!,
        suspect: suspect({ title: title!, duties: text! }),
      })),
      say,
    )
    say(`${set}: ${JSON.stringify(figures[set])}`)
  }
  return figures
}
export default bench

const suspect = (parts: Partial<Suspect> & { title: string }): Suspect => ({
  profession: null,
  duties: null,
  requirements: null,
  conditions: null,
  schedule: null,
  hours: null,
  employer: null,
  country: 'RU',
  region_text: null,
  workplace_text: null,
  contacts: [],
  ...parts,
})

type Labelled = { id: string; flags: string; suspect: Suspect }

function judge(rows: readonly Labelled[], say: (line: string) => void) {
  const judged = rows.map(({ id, flags, suspect }) => {
    const expected = flags.split(',').filter(Boolean)
    const raised = flagsOf(readSigns(suspect)).map(({ flag }): string => flag)
    const right = expected.every((flag) => raised.includes(flag))
    if (expected.length > 0 ? raised.length === 0 : raised.length > 0)
      say(`${id} ${expected.length > 0 ? 'MISSED' : `HELD FOR ${raised}`}: ${suspect.title}`)
    return { fraud: expected.length > 0, held: raised.length > 0, right }
  })
  const frauds = judged.filter(({ fraud }) => fraud)
  const held = judged.filter((each) => each.held)
  const found = frauds.filter((each) => each.held)
  return {
    frauds: frauds.length,
    innocents: judged.length - frauds.length,
    recall: share(found.length, frauds.length),
    right_flag: share(frauds.filter(({ right }) => right).length, frauds.length),
    precision: share(found.length, held.length),
    innocents_held: held.length - found.length,
  }
}

const share = (part: number, whole: number) => (whole === 0 ? 1 : Math.round((part / whole) * 1000) / 1000)
