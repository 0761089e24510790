import { z } from 'zod'
import { readForm } from '../../http/forms.ts'
import * as query from '../../http/query.ts'
import { IMPORT_STATES, type ImportFilters } from '../imports.ts'

// What does not read as a filter is no filter: an address from elsewhere is never an error.
const FILTERS = z.object({
  q: z.string().max(200).optional().catch(undefined),
  kind: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .optional()
    .catch(undefined),
  state: z.enum(IMPORT_STATES).optional().catch(undefined),
  before: z.uuid().optional().catch(undefined),
})

/** What an address narrows the list of imports to; only what it states. */
export function readImportFilters(search: URLSearchParams): ImportFilters {
  const read = readForm(FILTERS, search)
  const { q, ...others } = read.ok ? read.value : {}
  return Object.fromEntries(query.stated({ part: q, ...others }))
}

/** These filters as the query of an address. */
export const queryOf = ({ part, ...others }: ImportFilters): string => query.queryOf({ q: part, ...others })
