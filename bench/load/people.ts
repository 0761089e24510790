import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '#kernel/root.ts'
import type { Answer } from './client.ts'

type Form = Record<string, string> | FormData
/** Asks and notes under `kind` how it went. */
export type Ask = (kind: string, path: string, form?: Form) => Promise<Answer>

const LANGUAGES = ['tg', 'ru', 'en']
const WORDS = ['ронанда', 'водитель', 'svarshik', 'ошпаз Душанбе', 'строитель москва', 'сварщек', 'nurse', 'дарзӣ', '']
const FILTERS = ['country=RU', 'country=TJ', 'accommodation=true', 'contract=permanent', 'isco=7', 'foreigners=yes', '']
const IMPORT_STEP_MS = 250
const IMPORT_STEPS = 240
const LINES = readFileSync(join(ROOT, 'data/vacancies/demo.jsonl'), 'utf8').trim().split('\n').slice(0, 10)

const any = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)]!
const query = () => `?q=${encodeURIComponent(any(WORDS))}&${any(FILTERS)}`

/** One act of somebody who looks for work: mostly a search or an advert, one in ten a complaint. */
export function visit(ask: Ask, listed: readonly string[], story: string): Promise<Answer> {
  const lang = any(LANGUAGES)
  const advert = `${lang}/vacancies/${any(listed)}`
  const chance = Math.random() * 100
  if (chance < 30) return ask('search', `/${lang}/vacancies${query()}`)
  if (chance < 50) return ask('list', `/${lang}/vacancies`)
  if (chance < 70) return ask('vacancy', `/${advert}`)
  if (chance < 75) return ask('home', `/${lang}`)
  if (chance < 85) return ask('api list', `/api/v1/vacancies${query()}`)
  if (chance < 90) return ask('api vacancy', `/api/v1/vacancies/${any(listed)}`)
  return ask('report', `/${advert}/report`, { reason: any(['fee', 'documents', 'false']), story })
}

/** What an officer does with an advert that waits: looks at the queue and at it, decides, and takes it back. */
export async function decide(ask: Ask, waiting: readonly string[]): Promise<void> {
  const path = `/ru/work/vacancies/review/${any(waiting)}`
  await ask('queue', '/ru/work/vacancies/review')
  await ask('review', path)
  await ask('decision', path, { decision: any(['publish', 'reject']), occupation: '' })
  await ask('undo', `${path}/undo`, {})
}

/** Brings ten new adverts in: the file is sent, looked at, and imported. @throws Error when that takes over a minute. */
export async function bring(ask: Ask, name: string): Promise<void> {
  const adverts = LINES.map((line, at) => JSON.stringify({ ...JSON.parse(line), id: `${name}-${at}` }))
  const form = new FormData()
  form.set('kind', 'vacancies')
  form.set('source', 'sample')
  form.set('file', new File([adverts.join('\n')], `${name}.jsonl`))
  const { status, location } = await ask('upload', '/en/work/imports', form)
  if (status !== 303 || !location) return
  await shown(ask, location, '/approval')
  await ask('approval', `${location}/approval`, {})
  await shown(ask, location, '/report.csv')
}

async function shown(ask: Ask, path: string, what: string): Promise<void> {
  for (let step = 0; step < IMPORT_STEPS; step++) {
    const { body } = await ask('import', path)
    if (body.includes(what)) return
    await new Promise((done) => setTimeout(done, IMPORT_STEP_MS))
  }
  throw new Error(`The import ${path} does not get as far as ${what}`)
}
