import type { Ctx } from '#kernel/context.ts'
import { forgetFile, getFile, keepFile, receiveFile } from '#kernel/files/files.ts'
import { fileResponse } from '#kernel/files/response.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import type { Snapshot } from './snapshot.ts'

/** What is compared, point by point: `applications.point.VALUE`. */
export const POINTS = [
  ...(['pay', 'employer', 'work', 'place', 'hours', 'contract'] as const),
  ...(['accommodation', 'food', 'transport', 'costs'] as const),
] as const
export type Point = (typeof POINTS)[number]

/** What the person reads in the contract at a point: the same, something else, or nothing. */
export const READINGS = ['same', 'other', 'missing'] as const
type Reading = (typeof READINGS)[number]

/** What stands in the contract, as the person read it. `amount`: the pay, in minor units of the advert's currency. */
export type Said = Partial<Record<Point, { reading?: Reading; words?: string }>> & { amount?: string }

/** How a point of the contract stands to the advert. `less`, `more`: of the pay; `unread`: the person said nothing. */
export type Difference = { point: Point; state: Reading | 'less' | 'more' | 'unread'; words: string | null }

/** Whether a point harms the person, or may: less pay, another thing than promised, or nothing on what was promised. */
export const isDifferent = ({ state }: Difference): boolean =>
  state === 'less' || state === 'other' || state === 'missing'

/** Compares what was read with the advert as it was when they applied. An amount decides about the pay, whatever was ticked. */
export function compareContract(snapshot: Pick<Snapshot, 'pay_min' | 'pay_max'>, said: Said): Difference[] {
  return POINTS.map((point) => {
    const { reading, words } = said[point] ?? {}
    const byAmount = point === 'pay' && said.amount !== undefined ? payState(snapshot, BigInt(said.amount)) : null
    return { point, state: byAmount ?? reading ?? 'unread', words: words ?? null }
  })
}

function payState({ pay_min, pay_max }: Pick<Snapshot, 'pay_min' | 'pay_max'>, amount: bigint) {
  const least = pay_min ?? pay_max
  const most = pay_max ?? pay_min
  if (least === null || most === null) return null
  return amount < least ? 'less' : amount > most ? 'more' : 'same'
}

const ACCEPTED = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf']
/** The largest photograph that is taken in. */
export const MOST_PHOTO_BYTES = 15 * 2 ** 20

export type Contract = { id: string; file_id: string | null; said: Said; made_at: Temporal.Instant }

/**
 * Keeps what was read and the photograph, drawn anew without place and time, encrypted. A photograph sent before stays unless
 * there is a new one. The application must be the holder's: row policies see to it.
 */
export async function saveContract(
  ctx: Ctx,
  application_id: string,
  said: Said,
  photo: { name: string; content: Uint8Array } | null,
): Promise<void> {
  const before = await latestContract(ctx, application_id)
  const file = photo
    ? await receiveFile(ctx, photo, {
        ...{ accept: ACCEPTED, mostBytes: MOST_PHOTO_BYTES, permission: 'application.contract', protect: true },
        expires: ctx.now.add({ hours: 24 * 365 }),
      })
    : null
  await ctx.db
    .insertInto('applications.contract')
    .values({
      ...{ id: newId(), application_id, file_id: file?.id ?? before?.file_id ?? null },
      ...{ said: JSON.stringify(said), made_at: ctx.now },
    })
    .execute()
  if (file) await keepFile(ctx, file.id)
  if (file && before?.file_id) await forgetFile(ctx, before.file_id)
}

/** The comparison made last; null when none was. */
export async function latestContract(ctx: Ctx, application_id: string): Promise<Contract | null> {
  const row = await ctx.db
    .selectFrom('applications.contract')
    .select(['id', 'file_id', 'said', 'made_at'])
    .where('application_id', '=', application_id)
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row ? { ...row, said: row.said as Said } : null
}

/** The photograph, to be saved. @throws not_found when there is none any more */
export async function contractPhoto(ctx: Ctx, application_id: string): Promise<Response> {
  const contract = await latestContract(ctx, application_id)
  if (!contract?.file_id) throw problem('not_found')
  return fileResponse(ctx, await getFile(ctx, contract.file_id))
}
