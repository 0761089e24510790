import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readTable } from '#kernel/lists/lists.ts'
import { ROOT } from '#kernel/root.ts'
import { ORGANISATIONS, type Organisation } from '#modules/site/public.ts'

/** What people ask of the offices, in the order of the page. What no source states has no fact. */
export const TOPICS = [
  'employment_services',
  'hours',
  'register',
  'bring',
  'migration_services',
  'licences',
  'overseas_agency',
  'licensed_agencies',
  'unions',
] as const
export type Topic = (typeof TOPICS)[number]

const Fact = z.object({
  topic: z.enum(TOPICS),
  /** Its sentence is `guide.topic.CODE`. */
  code: z.string(),
  source_url: z.url(),
  /** Null: the source states no year. */
  as_of_year: z.string().transform((year) => year || null),
})

/** One thing that a source says of the offices. */
export type OfficeFact = z.infer<typeof Fact>

const FACTS = z.array(Fact).parse(readTable(readFileSync(join(ROOT, 'data/organisations/work-topics.csv'), 'utf8')))

/** What sources say on a topic; empty where none does. */
export const factsOn = (topic: Topic): OfficeFact[] => FACTS.filter((fact) => fact.topic === topic)

/** Who does it: the bodies of work, and the Migration Service with its departments. */
export const offices = (): { employment: Organisation[]; migration: Organisation[] } => ({
  employment: ORGANISATIONS.filter(({ group }) => group === 'work'),
  migration: ORGANISATIONS.filter(({ id }) => id.startsWith('migration_') || id.startsWith('predeparture_')),
})
