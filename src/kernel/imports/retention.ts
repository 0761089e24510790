import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { keptSince, type RetentionClock } from '../retention/clock.ts'
import type { Import } from './imports.ts'

/** How long the rows of a file are kept after its import has ended. */
export const ROWS_KEPT = { days: 90 }

/** Whether the rows are gone; the figures of the import stay. */
export const rowsErased = ({ now }: Pick<Ctx, 'now'>, { finished_at }: Pick<Import, 'finished_at'>): boolean =>
  finished_at !== null && Temporal.Instant.compare(finished_at, keptSince(now, ROWS_KEPT)) < 0

/** How long is kept what came in as files. What was made of it has clocks of its own. */
export const importRetention: readonly RetentionClock[] = [
  {
    table: 'imports.import',
    what: 'files of imports that nobody goes on with (the import is cancelled)',
    after: { days: 30 },
    from: 'the file came',
    reason: 'who began it can go on after a leave',
    due: (before) => sql`t.created_at < ${before} and t.finished_at is null`,
    set: (now) => sql`state = 'cancelled', content = null, finished_at = ${now}`,
  },
  {
    table: 'imports.row',
    what: 'rows of an import as received',
    after: ROWS_KEPT,
    from: 'the import ended',
    reason: 'the report, and putting right what was refused; figures stay',
    due: (before) => sql`t.import_id in (select i.id from imports.import i where i.finished_at < ${before})`,
  },
  {
    table: 'imports.import',
    what: 'samples beside the headings of a file',
    after: ROWS_KEPT,
    from: 'the import ended',
    reason: 'they are cells of its rows, and go with them; headings stay, so that the next such file is mapped alike',
    due: (before) => sql`t.finished_at < ${before} and jsonb_path_exists(t.headings, '$[*].samples[*]')`,
    set: () => sql`
      headings = (select jsonb_agg(h || '{"samples": []}' order by at) from jsonb_array_elements(headings) with ordinality c (h, at))`,
  },
]
