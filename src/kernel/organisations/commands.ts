import { z } from 'zod'
import { type Command, defineCommand } from '../cli/command.ts'
import { LANGUAGES, type Lang } from '../i18n/languages.ts'
import { createOrganisation, listOrganisations, nameOf, ORGANISATION_KINDS } from './organisations.ts'

const names = Object.fromEntries(
  LANGUAGES.map((lang) => [`name_${lang}`, z.string().optional().describe(`its name in the language ${lang}`)]),
) as Record<`name_${Lang}`, z.ZodOptional<z.ZodString>>

const create = defineCommand({
  name: 'organisations create',
  summary: 'Add an organisation with its names; prints its id',
  input: z
    .object({
      kind: z.enum(ORGANISATION_KINDS).describe(`one of ${ORGANISATION_KINDS.join(', ')}`),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .default('TJ')
        .describe('where it sits: a code such as TJ'),
      ...names,
    })
    .refine((input) => LANGUAGES.some((lang) => input[`name_${lang}`]?.trim()), 'give at least one name'),
  needs: 'transaction',
  async run(ctx, { kind, country, ...input }, out) {
    const id = await createOrganisation(ctx, {
      kind,
      country,
      names: Object.fromEntries(LANGUAGES.map((lang) => [lang, input[`name_${lang}`]])),
    })
    out.print(id)
    out.result({ id })
  },
})

const list = defineCommand({
  name: 'organisations list',
  summary: 'List all organisations with their ids',
  needs: 'database',
  async run(ctx, _, out) {
    const organisations = await listOrganisations(ctx)
    for (const organisation of organisations) {
      const { id, kind, country, closed_at } = organisation
      out.print(`${id}  ${kind}  ${country}  ${nameOf(organisation, ctx.lang)}${closed_at ? '  closed' : ''}`)
    }
    out.result(organisations)
  },
})

/** The operator's commands on organisations. */
export const organisationCommands: readonly Command[] = [create, list]
