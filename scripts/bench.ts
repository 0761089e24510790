import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'

/** How much a benchmark does; each has its own usual numbers, and uses what concerns it. */
type Size = { minutes?: number; clients?: number; times?: number }

/** A benchmark: does its work at a scale (1 is its usual size) and returns its figures; `say` tells people how far it is. */
export type Bench = (
  options: Size & { scale: number; say(line: string): void },
) => Promise<Record<string, number | string | object>>

const FOLDER = join(import.meta.dirname, '../bench')

// npm run --silent bench -- NAME [--scale N] [--minutes N] [--clients N] [--times N] [--json]: the last line is one JSON object with the figures.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    clients: { type: 'string' },
    times: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const [name = ''] = positionals
const file = join(FOLDER, `${name}.ts`)
const { json, scale: factor, ...sizes } = values
const scale = Number(factor)
const size = Object.fromEntries(Object.entries(sizes).map(([what, number]) => [what, Number(number)])) as Size
if (!/^[a-z-]+$/.test(name) || !existsSync(file) || ![scale, ...Object.values(size)].every((number) => number > 0)) {
  const names = globSync('*.ts', { cwd: FOLDER }).map((path) => basename(path, '.ts'))
  console.error(
    `Usage: npm run --silent bench -- NAME [--scale N] [--minutes N] [--clients N] [--times N] [--json]\nNAME is one of: ${names.sort().join(', ')}`,
  )
  process.exit(2)
}
const { default: bench } = (await import(file)) as { default: Bench }
const figures = await bench({ ...size, scale, say: (line) => json || console.log(line) })
console.log(JSON.stringify({ bench: name, scale, ...figures }))
