import type { Ctx } from '../context.ts'
import { parseReference } from '../ids.ts'
import { type Found, type SearchSource } from '../search/staff-search.ts'
import { readBirth } from './matching/birth.ts'
import { birthText, langOf, namesText } from './pages/words.ts'
import { type PersonLine, personLines } from './persons.ts'
import { type PersonQuestion, searchPeople } from './search.ts'

/** People by name, birth date, document number or reference, as one writes them in one line. Noted like every search. */
export const personSearch: SearchSource = {
  name: 'people',
  permission: 'person.search',
  label: 'people.find.label',
  most: 20,
  async find(ctx, text, limit, after) {
    const byReference = await referred(ctx, text)
    const lines = byReference
      ? await personLines(ctx, byReference)
      : (await searchPeople(ctx, { ...readQuestion(text), purpose: 'find', words: null })).found
    const from = after ? lines.findIndex(({ person_id }) => person_id === after) + 1 : 0
    return lines.slice(from, from + limit).map((line) => foundOf(ctx, line))
  },
}

async function referred(ctx: Ctx, text: string): Promise<string[] | null> {
  const reference = parseReference(text)
  if (!reference) return null
  const person = await ctx.db
    .selectFrom('people.person')
    .select('root')
    .where('reference', '=', reference)
    .executeTakeFirst()
  return person ? [person.root] : null
}

/** Reads one line: what looks like a date is the birth date, words with five digits or more are a document, the rest is the name. */
function readQuestion(text: string): Pick<PersonQuestion, 'name' | 'birth' | 'document'> {
  const name: string[] = []
  const question: Pick<PersonQuestion, 'name' | 'birth' | 'document'> = { birth: null }
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const birth = /^\d{4}$|[-./]/.test(word) ? readBirth(word) : null
    if (birth) question.birth = birth
    else if ((word.match(/\d/g)?.length ?? 0) >= 5) question.document = word
    else name.push(word)
  }
  return { ...question, ...(name.length > 0 && { name: name.join(' ') }) }
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
