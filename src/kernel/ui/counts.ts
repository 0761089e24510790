import type { Ctx } from '../context.ts'
import { countUnread } from '../notifications/inbox.ts'
import { LIST_PATH } from '../notifications/paths.ts'
import { workNavigation } from './navigation.ts'

/** A count as it stands in a badge; nothing at zero. */
export const badgeText = (ctx: Ctx, count: number): string => (count > 0 ? ctx.format.number(count) : '')

/**
 * Every badge around a staff page as it would stand there now: path of the section, or of the notifications → text.
 * Only of sections that the actor may enter.
 */
export async function liveCounts(ctx: Ctx): Promise<Record<string, string>> {
  const counts: Record<string, string> = { [LIST_PATH]: badgeText(ctx, await countUnread(ctx)) }
  for (const { path, count } of await workNavigation(ctx)) if (count !== null) counts[path] = badgeText(ctx, count)
  return counts
}
