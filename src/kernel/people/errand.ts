import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { type List, ListProblem } from './matching/list.ts'

/** Who answers for a list being linked, and what for. */
export type Errand = { custodian: string; purpose: string }

/** @throws {ListProblem} where either is not stated */
export function errandOf({ custodian, purpose }: Partial<Errand>): Errand {
  if (custodian && purpose) return { custodian, purpose }
  throw new ListProblem('In production a list is linked only with --custodian and --purpose; the audit keeps both.')
}

/**
 * Writes into the audit that lists were linked, before anything of them is told: for whom, what for, how many rows, which files.
 * @throws {ListProblem} for a custodian without an active account
 */
export async function recordLinking(ctx: Ctx, { custodian, purpose }: Errand, lists: readonly List[]): Promise<void> {
  const account = await ctx.db
    .selectFrom('access.user_account')
    .select('id')
    .where('email', '=', custodian.toLowerCase())
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!account) throw new ListProblem(`Nobody with the address ${custodian} has an active account here.`)
  const rows = lists.reduce((sum, { records }) => sum + records.length, 0)
  const sha256 = lists.map((list) => `sha256:${list.sha256.slice(0, 16)}`).join('/')
  await audit(ctx, 'people.link', { type: 'user', id: account.id }, { purpose, rows, sha256 })
}
