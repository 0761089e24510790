import { loadavg } from 'node:os'
import type { Bench } from '../scripts/bench.ts'
import { FIXTURES, fixture, readFebrl, readHistorical } from './people/files.ts'
import { measureList } from './people/lists.ts'
import { measureNameChecks, measureTajikPairs } from './people/pairs.ts'
import { measureSimulated } from './people/simulated.ts'

const PEOPLE = 20_000
const SEED = 7

/**
 * How well people are told apart and recognised: lists with known doublets (pairwise precision, recall and F1 of what is linked or put to
 * review), pairs of names, and simulated records in three scripts with two mistakes each. `--scale` multiplies the simulated people.
 */
const bench: Bench = async ({ scale, say }) => {
  const lists: [name: string, file: string, measure: (file: string) => object | Promise<object>][] = [
    ['febrl1', 'febrl/dataset1.csv', (file) => measureList(readFebrl(file))],
    ['febrl3', 'febrl/dataset3.csv', (file) => measureList(readFebrl(file))],
    ['historical_50k', HISTORICAL, async (file) => measureList(await readHistorical(file, false))],
    ['historical_50k_parts', HISTORICAL, async (file) => measureList(await readHistorical(file, true))],
    ['name_bench_persons', 'opensanctions_name_bench/cases_with_logicv2_scores.csv', measureNameChecks],
    ['tajik_pairs', 'tajik_pairs/mps_dev.tsv', measureTajikPairs],
  ]
  const figures: Record<string, object | string> = {}
  for (const [name, path, measure] of lists) {
    const file = fixture(path)
    figures[name] = file ? await measure(file) : 'absent'
    say(
      `${name}: ${file ? JSON.stringify(figures[name]) : `there is no ${path} in ${FIXTURES}; HAMSAFAR_NAME_FIXTURES names another folder`}`,
    )
  }
  for (const [name, harder] of SIMULATIONS) {
    const measured = (await measureSimulated(Math.round(PEOPLE * scale), SEED, harder)).figures
    figures[name] = measured
    say(`${name}: ${JSON.stringify(measured)}`)
    if (measured.missed.length > 0) say(`${name}: MISSED ${measured.missed.join(', ')}`)
  }
  return { ...figures, load: Math.round(loadavg()[0]! * 10) / 10 }
}

/** The matching knows the names of the first; three in ten of the others stand in no list, and twins with rhyming names are among them. */
const SIMULATIONS = [
  ['simulated', {}],
  ['simulated_with_twins', { twins: 0.02 }],
  ['simulated_with_twins_and_unknown_names', { twins: 0.02, unknown: 0.3 }],
] as const

const HISTORICAL = 'splink_datasets/historical_figures_with_errors_50k.parquet'

export default bench
