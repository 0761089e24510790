import { createUser } from '#kernel/access/credentials.ts'
import { withActor } from '#kernel/access/transaction.ts'
import type { StaffActor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { nameText } from '#kernel/people/facts.ts'
import { searchPeople } from '#kernel/people/search.ts'
import type { BenchDatabase } from '../search/database.ts'
import { mistakenRecord, type simulatePeople } from './simulate.ts'

type Person = ReturnType<typeof simulatePeople> extends Generator<infer P> ? P : never

/** What an officer asks: by name and birth date, by document, by name only; and of whom. */
export type Question = {
  kind: 'birth' | 'document' | 'name'
  name?: string
  birth?: number
  document?: string
  person: Person
  asked: string
}

/** Questions about people of the registry, as others spell them, half of them with one mistake. */
export function questionsAbout(people: readonly Person[], count: number, random: () => number): Question[] {
  return people.slice(0, count).map((person, at): Question => {
    const { record } = mistakenRecord(person, '', random() < 0.5 ? 1 : 0, random)
    const name = nameText(record.names[0] ?? {})
    const [kind] = [(['birth', 'document', 'name', 'birth', 'name'] as const)[at % 5]!]
    const known =
      kind === 'document'
        ? { document: person.document }
        : kind === 'birth'
          ? { name, birth: record.birth ?? person.birth }
          : { name }
    return { kind, person, ...known, asked: Object.values(known).join(' ') }
  })
}

/** Officers of an office; they ask at the same time, each one question after the other, as pages do. */
export async function askingOfficers({ app, system }: BenchDatabase, organisation_id: string, count: number) {
  const permissions = new Set(['person.search', 'person.read'])
  const actors = await Promise.all(
    Array.from({ length: count }, async (_, at): Promise<StaffActor> => {
      const { id } = await createUser(system(), {
        email: `${newId()}@bench.example`,
        name: 'Officer',
        locale: 'en',
        organisation_id,
        roles: ['registry_officer'],
      })
      return {
        kind: 'staff',
        user_id: id,
        name: 'Officer',
        organisation_id,
        organisation_name: '',
        permissions,
        session_id: newId(),
      }
    }),
  )
  // Made once: languages and their formats are no part of a search.
  const here = system()
  const one = async (actor: StaffActor, question: Question) => {
    const began = performance.now()
    const lines = await withActor(app, actor, async (db) => {
      const ctx = { ...here, now: Temporal.Now.instant(), actor, db }
      return (await searchPeople(ctx, { ...question, purpose: 'request', words: null })).found
    })
    return {
      ...question,
      ms: performance.now() - began,
      right: lines
        .slice(0, 3)
        .some(
          ({ birth, home_district }) => birth === question.person.birth && home_district === question.person.district,
        ),
    }
  }
  return {
    /** The first so many officers ask at once, each one question after the other. */
    async ask(questions: readonly Question[], atOnce: number) {
      const answers: (Question & { ms: number; right: boolean })[] = []
      await Promise.all(
        actors.slice(0, atOnce).map(async (actor, mine) => {
          for (let at = mine; at < questions.length; at += atOnce) answers.push(await one(actor, questions[at]!))
        }),
      )
      return answers
    },
  }
}
