import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import { ROOT } from '#kernel/root.ts'
import { markEmploymentOffice, setDistrictOffice } from './home-help.ts'
import { listImport } from './import.ts'
import { enterProceeding, type ProceedingFacts } from './proceedings.ts'
import { openRoute, setBody } from './routes.ts'

const LETTER = 'Намуна · Образец · Sample № 14/2-881'

/** Fills a demonstration: who passes on to whom, an invented list on its way, an invented proceeding with a deadline. */
export async function expulsionsDemo(ctx: Ctx): Promise<void> {
  const consul = await officer(ctx, 'consul@example.tj')
  const offices = {
    service: (await officer(ctx, 'notice-officer@example.tj'))?.organisation_id,
    foreign: (await officer(ctx, 'foreign-ministry@example.tj'))?.organisation_id,
    interior: (await officer(ctx, 'interior-ministry@example.tj'))?.organisation_id,
  }
  const employment = await officer(ctx, 'employment-officer@example.tj')
  if (employment) {
    await markEmploymentOffice(ctx, employment.organisation_id)
    await setDistrictOffice(ctx, 'TJ', employment.organisation_id)
  }
  if (!consul || !offices.service || !offices.foreign || !offices.interior) return
  await setBody(ctx, offices.service, 'migration')
  await setBody(ctx, consul.organisation_id, 'foreign_affairs')
  await setBody(ctx, offices.foreign, 'foreign_affairs')
  await setBody(ctx, offices.interior, 'interior')
  const act = 'Намуна · Образец · Sample'
  const mandate = 'Додани огоҳинома · Передача извещений (намуна)'
  await openRoute(ctx, {
    from_organisation: consul.organisation_id,
    to_organisation: offices.foreign,
    ...{ mandate, act, term_hours: 24 },
  })
  await openRoute(ctx, {
    from_organisation: offices.foreign,
    to_organisation: offices.interior,
    ...{ mandate, act, term_hours: 48 },
  })
  const asConsul = { ...ctx, actor: consul }
  const bytes = readFileSync(join(ROOT, 'data/expulsions/sample.csv'))
  await importFile(asConsul, listImport, { name: 'sample.csv', bytes }, { source: LETTER })
  await enterProceeding(
    asConsul,
    {
      names: [{ family: 'Намунаев', given: 'Сомон', patronymic: 'Намунавич' }],
      ...{ birth: 19940517, sex: 'male', documents: [], adverse: true },
    },
    { ...NOTHING_KNOWN, ...deadline(ctx), place_code: 'RU-MOS', detained_at: 'Намуна · Образец', interpreter: 'asked' },
  )
}

const NOTHING_KNOWN: Omit<ProceedingFacts, 'place_code'> = {
  ...{ status: 'ordered', authority: null, detained_at: null, detained_on: null, hearing_at: null, decision_on: null },
  ...{ served_on: null, appeal_until: null, appeal_basis: null, appealed_on: null, lawyer: 'unknown' },
  ...{ interpreter: 'unknown', visited_on: null, certificate: 'unknown', children: null, wages_owed: 'yes' },
  belongings: 'unknown',
}

const deadline = ({ now }: Ctx) => ({ appeal_until: now.add({ hours: 60 }) })

async function officer(ctx: Ctx, email: string): Promise<StaffActor | null> {
  const found = await ctx.db
    .selectFrom('access.user_account as u')
    .innerJoin('access.membership as m', 'm.user_id', 'u.id')
    .select(['u.id', 'u.name', 'm.organisation_id'])
    .where('u.email', '=', email)
    .executeTakeFirst()
  if (!found) return null
  const permissions = await ctx.db
    .selectFrom('access.role_permission as p')
    .innerJoin('access.membership_role as r', 'r.role', 'p.role')
    .innerJoin('access.membership as m', 'm.id', 'r.membership_id')
    .select('p.permission')
    .where('m.user_id', '=', found.id)
    .execute()
  return {
    kind: 'staff',
    user_id: found.id,
    name: found.name,
    organisation_id: found.organisation_id,
    organisation_name: '',
    session_id: '',
    permissions: new Set(permissions.map(({ permission }) => permission)),
  }
}
