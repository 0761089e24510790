import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { type FormErrors, readForm } from '../../http/forms.ts'
import { definePage, seeOther } from '../../http/page.ts'
import { Problem, problem } from '../../problem.ts'
import { speakAgainst } from '../conflicts.ts'
import { mergePersons, splitRecord, takeBack } from '../identity.ts'
import { coveringLookup, noteLook } from '../looks.ts'
import { findPerson, getPerson, type Person } from '../persons.ts'
import { proposeReview, standingOf } from '../proposals.ts'
import { PROTECTIONS, protect, unprotect } from '../protection.ts'
import { PersonView } from './person.tsx'
import { AskPurpose } from './purpose-form.tsx'
import { PEOPLE } from './search.tsx'

const Act = z.object({
  act: z.enum(['merge', 'propose', 'split', 'take_back', 'protect', 'unprotect']),
  other: z.string().optional(),
  record: z.uuid().optional(),
  event: z.uuid().optional(),
  flag: z.enum(PROTECTIONS).optional(),
  sure: z.string().optional(),
  shown: z.string().default(''),
  records: z
    .string()
    .transform((ids) => ids.split(' '))
    .pipe(z.array(z.uuid()))
    .catch([]),
})
type Act = z.output<typeof Act>

/** What an officer does to a person; each can be taken back on the page. */
export const personActsPage = definePage({
  path: '/work/people/:reference/acts',
  access: 'person.read',
  async post(ctx, c, form) {
    const person = await getPerson(ctx, c.req.param('reference')!)
    const read = readForm(Act, form)
    if (!read.ok) throw problem('bad_request')
    const { errors, query = '' } = await perform(ctx, person, read.value).catch((error) => {
      throw error instanceof Problem && error.kind === 'conflict' ? ledBack(error, person) : error
    })
    if (!errors) return seeOther(ctx, c, `${PEOPLE}/${person.reference}${query}`)
    c.status(422)
    const lookup = await coveringLookup(ctx, person.id)
    if (!lookup) return <AskPurpose ctx={ctx} reference={person.reference} />
    await noteLook(ctx, person.id, lookup, 'opened')
    return <PersonView ctx={ctx} person={person} wrong={{ values: read.values, errors }} />
  },
})

const ledBack = ({ kind, details }: Problem, { reference }: Person) =>
  problem(kind, { ...details, onward: { path: `${PEOPLE}/${reference}`, label: 'people.conflict.person' } })

/** What is wrong with the form, or what the page is to say. */
type Outcome = { errors?: FormErrors; query?: string }

async function perform(
  ctx: Ctx,
  person: Person,
  { act, other, record, event, flag, sure, shown, records }: Act,
): Promise<Outcome> {
  if (act === 'merge' || act === 'propose') return join(ctx, person, act, other)
  if (act === 'protect' && !flag) return { errors: { flag: 'people.protection.choose' } }
  // What was held back goes out then: no single click does that.
  if (act === 'unprotect' && flag && !sure) return { errors: { [`sure-${flag}`]: 'people.protection.sure_missing' } }
  if (act === 'protect' && flag) await protect(ctx, person.id, flag, records)
  else if (act === 'unprotect' && flag) {
    if (!(await unprotect(ctx, person.id, flag, shown)))
      return { errors: { [`sure-${flag}`]: 'people.protection.changed' } }
  } else if (act === 'split' && record) await splitRecord(ctx, record)
  else if (act === 'take_back' && event) {
    const { compare } = await takeBack(ctx, event)
    if (compare) return { query: `?returns=${await proposeReview(ctx, ...compare)}` }
  } else throw problem('bad_request')
  return {}
}

async function join(
  ctx: Ctx,
  person: Person,
  act: 'merge' | 'propose',
  reference: string | undefined,
): Promise<Outcome> {
  const wrong = (key: string): Outcome => ({ errors: { other: key } })
  if (!reference) return wrong('people.merge.missing')
  const other = await findPerson(ctx, reference)
  if (!other) return wrong('people.merge.unknown')
  const { one, whole, apart, adverse, waiting } = await standingOf(ctx, person.id, other.id)
  if (one) return wrong('people.merge.one')
  if (!whole) return wrong('people.merge.not_whole')
  if (apart) return wrong('people.conflict.apart')
  if (act === 'propose')
    return waiting
      ? { query: `?waits=${waiting}` }
      : { query: `?proposed=${await proposeReview(ctx, person.id, other.id)}` }
  if (adverse) return wrong('people.merge.two_officers')
  if (await speakAgainst(ctx, person.id, other.id)) return wrong('people.merge.differ')
  await mergePersons(ctx, other.id, person.id, { reason: 'officer' })
  return {}
}
