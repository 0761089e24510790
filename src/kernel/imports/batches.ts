import { inSlices } from '../in-slices.ts'
import type { StoredRow } from './rows.ts'

// Some tenths of a millisecond of work: PostgreSQL waits no longer than that for this process.
const SLICE = 2

/**
 * Deals with rows batch by batch. While a batch is dealt with, the next is read, and what can be reckoned of it without the database
 * is reckoned, so that this process and PostgreSQL work side by side; in slices, so that nobody waits for this process meanwhile.
 *
 * @param next the rows after a row number; none when there are no more
 * @param deal gets the batch and what was reckoned, a promise of its own so that it can say whose fault it was; `false` ends it all
 */
export async function inBatches<R>(
  next: (after: number) => Promise<StoredRow[]>,
  reckon: (rows: readonly StoredRow[]) => R[],
  deal: (rows: StoredRow[], reckoned: Promise<R[]>) => Promise<boolean>,
): Promise<void> {
  const after = async (number: number) => {
    const rows = await next(number)
    const reckoned = inSlices(rows, SLICE, reckon)
    // Whoever deals with them hears of it then.
    reckoned.catch(() => {})
    return { rows, reckoned }
  }
  let { rows, reckoned } = await after(-1)
  while (rows.length > 0) {
    const coming = after(rows.at(-1)!.number)
    const came = coming.then(
      () => {},
      () => {},
    )
    // Whatever fails, nothing may still be on its way when the caller goes on.
    const going = await deal(rows, reckoned).finally(() => came)
    if (!going) return
    ;({ rows, reckoned } = await coming)
  }
}
