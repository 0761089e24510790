import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { refusing } from './refusals.ts'

/** What an organisation is in the exchange: by it, people.mayRelay knows who gets nothing about a protected person. */
export const BODIES = ['migration', 'foreign_affairs', 'interior', 'security', 'border', 'employment'] as const
export type Body = (typeof BODIES)[number]

export type Route = {
  id: string
  from_name: string
  to_name: string
  mandate: string
  act: string
  term_hours: number
  ended_at: Temporal.Instant | null
}

/** The routes there are, those in use first. */
export async function listRoutes(ctx: Ctx): Promise<Route[]> {
  const { rows } = await sql<Route>`
    select r.id, organisations.name_of(r.from_organisation, ${ctx.lang}) as from_name,
      organisations.name_of(r.to_organisation, ${ctx.lang}) as to_name, r.mandate, r.act, r.term_hours, r.ended_at
    from expulsions.route r
    order by r.ended_at is not null, from_name, to_name, r.id`.execute(ctx.db)
  return rows
}

/** Says what organisations are in the exchange. @throws conflict for an employment office that cannot be one */
export async function setBody(ctx: Ctx, organisation_id: string, kind: Body): Promise<void> {
  authorise(ctx, 'expulsion.route', { type: 'organisation', id: organisation_id })
  await refusing(
    ctx.db
      .insertInto('expulsions.body')
      .values({ organisation_id, kind })
      .onConflict((conflict) => conflict.column('organisation_id').doUpdateSet({ kind }))
      .execute(),
  )
  await audit(ctx, 'expulsion.set_body', { type: 'organisation', id: organisation_id }, { body: kind })
}

export type NewRoute = {
  from_organisation: string
  to_organisation: string
  mandate: string
  act: string
  term_hours: number
}

/** Opens a route, or gives the one between these two new terms: the old one ends, so that what went by it keeps its mandate. */
export async function openRoute(ctx: Ctx, route: NewRoute): Promise<void> {
  authorise(ctx, 'expulsion.route')
  await ctx.db
    .updateTable('expulsions.route')
    .set({ ended_at: ctx.now })
    .where('from_organisation', '=', route.from_organisation)
    .where('to_organisation', '=', route.to_organisation)
    .where('ended_at', 'is', null)
    .execute()
  const id = newId()
  await ctx.db
    .insertInto('expulsions.route')
    .values({ ...route, id, since: ctx.now })
    .execute()
  await audit(ctx, 'expulsion.open_route', { type: 'route', id }, { hours: route.term_hours })
}

/** Ends a route; what is under way on it goes on. */
export async function endRoute(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx, 'expulsion.route', { type: 'route', id })
  await ctx.db
    .updateTable('expulsions.route')
    .set({ ended_at: ctx.now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
  await audit(ctx, 'expulsion.end_route', { type: 'route', id })
}
