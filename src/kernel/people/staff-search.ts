import type { Ctx } from '../context.ts'
import { parseReference } from '../ids.ts'
import type { Found, SearchSource } from '../search/staff-search.ts'
import { readBirth } from './matching/birth.ts'
import { FILL, PEOPLE } from './pages/search.tsx'
import { birthText, langOf, namesText } from './pages/words.ts'
import type { PersonLine } from './persons.ts'
import { findByReference } from './search.ts'

/**
 * People by reference alone, noted like every search. Whoever looks by name, date or document says why: for that the box leads to
 * the registry's own form, filled in.
 */
export const personSearch: SearchSource = {
  name: 'people',
  permission: 'person.search',
  label: 'people.find.label',
  async find(ctx, text, limit, after) {
    const reference = parseReference(text)
    if (!reference || after) return []
    return (await findByReference(ctx, reference)).slice(0, limit).map((line) => foundOf(ctx, line))
  },
  elsewhere: ({ t }, text) => ({
    lead: t('people.find.lead'),
    button: t('people.find.go_on'),
    action: PEOPLE,
    fields: { [FILL]: 'yes', ...readLine(text) },
  }),
}

/** Reads one line: what looks like a date is the birth date, words with five digits or more are a document, the rest is the name. */
function readLine(text: string): Record<string, string> {
  const name: string[] = []
  const fields: Record<string, string> = {}
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const birth = /^\d{4}$|[-./]/.test(word) ? readBirth(word) : null
    if (birth) Object.assign(fields, birthFields(birth))
    else if ((word.match(/\d/g)?.length ?? 0) >= 5) fields.document = word
    else name.push(word)
  }
  return { ...fields, ...(name.length > 0 && { name: name.join(' ') }) }
}

function birthFields(birth: number): Record<string, string> {
  const [year, month, day] = [Math.floor(birth / 10_000), Math.floor(birth / 100) % 100, birth % 100]
  const parts = { birth_year: year, birth_month: month, birth_day: day }
  return Object.fromEntries(Object.entries(parts).flatMap(([name, part]) => (part ? [[name, String(part)]] : [])))
}

function foundOf({ t }: Ctx, { person_id, reference, names, birth }: PersonLine): Found {
  const [name = t('people.nameless'), ...others] = namesText(names)
  const lang = langOf(name)
  const date = birthText(birth)
  return {
    cursor: person_id,
    icon: 'person',
    title: name,
    ...(lang && { lang }),
    href: `/work/people/${reference}`,
    why: [reference, ...others].join(' · '),
    state: { state: date ? 'ok' : 'unknown', icon: 'calendar', label: date ?? t('ui.not_stated') },
  }
}
