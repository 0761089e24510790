import { sql } from 'kysely'
import type { Ctx } from '../context.ts'

/**
 * Waits until nobody else makes, joins, parts or erases persons, and keeps them waiting until the transaction ends: two who looked for
 * the same person at once would make two of one. Answers the number of the turn. Owner's connection.
 */
export async function takeTurn(ctx: Ctx): Promise<bigint> {
  const { rows } = await sql<{ turn: bigint }>`select people.take_turn() as turn`.execute(ctx.db)
  return rows[0]!.turn
}
