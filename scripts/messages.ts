import { parseArgs } from 'node:util'
import { writeCsv } from '#kernel/exports/csv.ts'
import { isLang, LANGUAGE_NAMES, LANGUAGES } from '#kernel/i18n/languages.ts'
import { ROOT } from '#kernel/root.ts'
import { type Sentence, sentences, sign } from './reviews.ts'

const USAGE = `npm run --silent messages                             how many sentences wait for a native speaker, by language
npm run --silent messages -- list LANG > FILE.csv     those sentences as a table, beside the English ones
npm run --silent messages -- sign LANG --by XX KEY…   a native speaker with these initials has read them; KEY may end in *`

// A reader such as `head` may close the pipe early.
process.stdout.on('error', () => process.exit())

// The native review of texts; what it is for and how it goes: CONTRIBUTING.md.
try {
  process.exitCode = await run()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { by: { type: 'string' } } })
  const [verb, lang, ...keys] = positionals
  if (verb === undefined) return overview()
  if (verb === 'list' && isLang(lang) && keys.length === 0) return list(sentences(ROOT, lang))
  if (verb === 'sign' && isLang(lang) && keys.length > 0 && /^\p{L}{2,4}$/u.test(values.by ?? '')) {
    const on = Temporal.Now.plainDateISO().toString()
    console.log(`${sign(ROOT, lang, keys, { by: values.by!, on })} sentences signed.`)
    return 0
  }
  console.error(USAGE)
  return 2
}

function overview(): number {
  for (const lang of LANGUAGES) {
    const all = sentences(ROOT, lang)
    const count = (state: Sentence['state']) => String(all.filter((one) => one.state === state).length).padStart(5)
    const states = `${count('waits')} wait, ${count('stale')} changed since, ${count('signed')} signed`
    console.log(`${lang}  ${LANGUAGE_NAMES[lang].padEnd(8)} ${states}`)
  }
  return 0
}

async function list(all: Sentence[]): Promise<number> {
  const rows = all
    .filter(({ state }) => state !== 'signed')
    .map(({ key, text, english, state }) => [key, text, english, state, ''])
  for await (const chunk of writeCsv({ headings: ['key', 'sentence', 'english', 'state', 'better'], rows }))
    process.stdout.write(chunk)
  return 0
}
