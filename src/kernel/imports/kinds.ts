import type { Ctx } from '../context.ts'
import type { Platform } from '../module.ts'
import { problem } from '../problem.ts'
import type { ImportKind } from './kind.ts'

const allKinds = (platform: Platform): ImportKind[] => platform.parts.flatMap((part) => part.imports ?? [])

/** The kinds of import this actor may use. */
export function kindsFor({ actor, platform }: Ctx): ImportKind[] {
  if (actor.kind === 'visitor') return []
  return allKinds(platform).filter(({ permission }) => actor.kind === 'system' || actor.permissions.has(permission))
}

/** A kind by its name. Throws the problem `not_found` for one that no part declares. */
export function findKind(platform: Platform, name: string): ImportKind {
  const kind = allKinds(platform).find((candidate) => candidate.kind === name)
  if (!kind) throw problem('not_found')
  return kind
}
