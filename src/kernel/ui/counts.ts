import type { Ctx } from '../context.ts'
import { workNavigation } from './navigation.ts'

/** A count as it stands in a badge; nothing at zero. */
export const badgeText = (ctx: Ctx, count: number): string => (count > 0 ? ctx.format.number(count) : '')

/** Every badge around a staff page as it would stand there now: path of the section → text. Only of sections that the actor may enter. */
export async function liveCounts(ctx: Ctx): Promise<Record<string, string>> {
  const counted = (await workNavigation(ctx)).filter(({ count }) => count !== null)
  return Object.fromEntries(counted.map(({ path, count }) => [path, badgeText(ctx, count!)]))
}
