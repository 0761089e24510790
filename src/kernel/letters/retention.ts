import { sql } from 'kysely'
import type { RetentionClock } from '../retention/clock.ts'
import { PDF_YEARS } from './letters.ts'

/** Once the PDF is forgotten, so is what it was about. Number and code stay: whoever holds the letter can verify it. */
export const lettersRetention: readonly RetentionClock[] = [
  {
    table: 'letters.letter',
    what: 'which list, measure, proceeding or claim a letter was about (number, code, office, date and how many rows stay)',
    after: { months: PDF_YEARS * 12 },
    from: 'it was issued',
    reason: 'as long as its PDF; whoever holds a letter can verify it longer, and learns nothing about anybody',
    due: (before) => sql`t.issued_at < ${before} and t.subject_type <> 'forgotten'`,
    set: () => sql`subject_type = 'forgotten', subject_id = id::text`,
  },
]
