import { problem } from '#kernel/problem.ts'

// What the doors in the database refuse, as people are told it: done already, by one officer alone, not theirs, not there.
const REFUSALS: Record<string, () => Error> = {
  '23505': () => problem('conflict', { detail: 'expulsions.conflict.done' }),
  // Any other check that fails is a fault of ours, and is shown and logged as one.
  '23514 correction_by_two': () => problem('conflict', { detail: 'expulsions.conflict.two_officers' }),
  '23514 body_never_uniformed': () => problem('conflict', { detail: 'expulsions.home.never_office' }),
  '23514 district_office_employs': () => problem('conflict', { detail: 'expulsions.home.other_kind' }),
  '42501': () => problem('forbidden'),
  P0002: () => problem('not_found'),
}

/** An act through a door of the database, its refusals as problems. */
export async function refusing<T>(act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    const { code, constraint } = error as { code?: unknown; constraint?: unknown }
    throw (REFUSALS[`${code} ${constraint}`] ?? REFUSALS[String(code)])?.() ?? error
  }
}
