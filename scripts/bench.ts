import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'

/** A benchmark: does its work at a scale (1 is its usual size) and returns its figures; `say` tells people how far it is. */
export type Bench = (options: { scale: number; say(line: string): void }) => Promise<Record<string, number | string>>

const FOLDER = join(import.meta.dirname, '../bench')

// npm run --silent bench -- NAME [--scale N] [--json]: the last line is one JSON object with the figures.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'string', default: '1' }, json: { type: 'boolean', default: false } },
})
const [name = ''] = positionals
const file = join(FOLDER, `${name}.ts`)
const scale = Number(values.scale)
if (!/^[a-z-]+$/.test(name) || !existsSync(file) || !(scale > 0)) {
  const names = globSync('*.ts', { cwd: FOLDER }).map((path) => basename(path, '.ts'))
  console.error(
    `Usage: npm run --silent bench -- NAME [--scale N] [--json]\nNAME is one of: ${names.sort().join(', ')}`,
  )
  process.exit(2)
}
const { default: bench } = (await import(file)) as { default: Bench }
const figures = await bench({ scale, say: (line) => values.json || console.log(line) })
console.log(JSON.stringify({ bench: name, scale, ...figures }))
