import { z } from 'zod'
import { problem } from '#kernel/problem.ts'

const Written = z.tuple([z.string().regex(/^\d{1,7}$/), z.iso.date().regex(/^[12]/), z.uuid()])

/** Behind which advert a page begins. */
export type Cursor = { score: number; sortOn: string; id: string }

/** Reads what `writeCursor` wrote. @throws bad_request for anything else */
export function readCursor(cursor: string): Cursor {
  const read = Written.safeParse(cursor.split('~'))
  if (!read.success) throw problem('bad_request')
  const [score, sortOn, id] = read.data
  return { score: Number(score), sortOn, id }
}

/** The place of an advert in the list, for the address of the next page. */
export const writeCursor = (
  score: number,
  { sort_on, vacancy_id }: { sort_on: Temporal.PlainDate; vacancy_id: string },
) => `${score}~${sort_on}~${vacancy_id}`
