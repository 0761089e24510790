import { inSlices } from '../in-slices.ts'
import type { StoredRow } from './rows.ts'

// Some tenths of a millisecond of work: PostgreSQL waits no longer than that for this process.
const SLICE = 2

/**
 * Deals with rows batch by batch. What can be reckoned of a batch without the database is reckoned while the batch before is dealt
 * with, so that this process and PostgreSQL work side by side; in slices, so that nobody waits for this process meanwhile.
 *
 * @param next the rows after a row number; none when there are no more
 * @param deal gets the batch and what was reckoned, a promise of its own so that it can say whose fault it was; `false` ends it all
 */
export async function inBatches<R>(
  next: (after: number) => Promise<StoredRow[]>,
  reckon: (rows: readonly StoredRow[]) => R[],
  deal: (rows: StoredRow[], reckoned: Promise<R[]>) => Promise<boolean>,
): Promise<void> {
  let rows = await next(-1)
  let reckoned = inSlices(rows, SLICE, reckon)
  for (let going = true; going && rows.length > 0; ) {
    const [batch, ready] = [rows, reckoned]
    rows = await next(batch.at(-1)!.number)
    reckoned = inSlices(rows, SLICE, reckon)
    // Whoever deals with them hears of it then.
    reckoned.catch(() => {})
    going = await deal(batch, ready)
  }
}
