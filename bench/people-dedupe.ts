import { availableParallelism, loadavg } from 'node:os'
import type { Bench } from '../scripts/bench.ts'
import { linkRecords } from '../src/kernel/people/matching/link.ts'
import { type PersonRecord, rollOf } from '../src/kernel/people/matching/roll.ts'
import { jaroWinkler } from './people/jaro-winkler.ts'
import { SIMULATED_HEADINGS } from './people/simulate.ts'
import { twoRecordsEach } from './people/simulated.ts'

const SEED = 11
const BASELINE_RECORDS = 4_000

/** One list of `--scale` records, each person twice in it: how long finding the doublets takes, from records in memory to decided pairs. */
const bench: Bench = async ({ scale, say }) => {
  const people = Math.max(100, Math.round(scale / 2))
  say(`making ${people * 2} records`)
  const records = twoRecordsEach(people, SEED)
  const began = performance.now()
  const cpu = process.cpuUsage()
  const lap = () => Math.round((performance.now() - began) / 100) / 10
  const roll = rollOf(records, SIMULATED_HEADINGS)
  say(`${lap()} s: in columns, ${roll.words.length} different words`)
  const { links, pairs, threads } = await linkRecords(roll, 0, (step) => say(`${lap()} s: ${step}`))
  const seconds = lap()
  const { user, system } = process.cpuUsage(cpu)
  const same = links.filter(({ a, b }) => b - a === people)
  const automatic = links.filter(({ decision }) => decision === 'link')
  const baseline = allAgainstAll(records.slice(0, BASELINE_RECORDS))
  say(`plain Jaro-Winkler, all against all: ${baseline} pairs/s`)
  return {
    records: records.length,
    seconds,
    cpu_seconds: Math.round((user + system) / 1e6),
    pairs_scored: pairs,
    pairs_per_second: Math.round(pairs / seconds),
    threads,
    cores: availableParallelism(),
    rss_mb: Math.round(process.memoryUsage().rss / 2 ** 20),
    found_share: Math.round((same.length / people) * 10_000) / 10_000,
    automatic: automatic.length,
    automatic_wrong: automatic.filter(({ a, b }) => b - a !== people).length,
    review: links.length - automatic.length,
    baseline_pairs_per_second: baseline,
    baseline_hours_at_this_scale: Math.round((people * 2) ** 2 / 2 / baseline / 360) / 10,
    load: Math.round(loadavg()[0]! * 10) / 10,
  }
}

// Every record against every other by the likeness of three texts: what has no keys must do. Pairs per second.
function allAgainstAll(records: readonly PersonRecord[]): number {
  const texts = records.map(({ names, birth, documents }) => [
    Object.values(names[0]!).join(' ').toLowerCase(),
    String(birth),
    documents[0] ?? '',
  ])
  const began = performance.now()
  let pairs = 0
  for (let a = 0; a < texts.length && performance.now() - began < 5_000; a++)
    for (let b = a + 1; b < texts.length; b++) {
      pairs++
      texts[a]!.reduce((sum, text, at) => sum + jaroWinkler(text, texts[b]![at]!), 0)
    }
  return Math.round(pairs / ((performance.now() - began) / 1000))
}

export default bench
