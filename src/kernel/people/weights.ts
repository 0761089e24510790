import { F } from './matching/compare.ts'
import { LEVELS } from './matching/likeness.ts'
import type { FieldWeights, Weights } from './matching/weights.ts'

/** The values that the registry compares beside names, dates, sex and documents. */
export const HEADINGS = ['citizenship', 'district'] as const

type Shares = Partial<Record<(typeof LEVELS)[number], number>>

// What the given levels leave is spread evenly over those that hardly ever occur.
function field(m: Shares, u: Shares): FieldWeights {
  const spread = (shares: Shares) =>
    LEVELS.map((level) => (level === 'unknown' ? 0 : Math.max(shares[level] ?? 1e-4, 1e-9)))
  return { m: spread(m), u: spread(u) }
}

/**
 * The weights with which the registry begins, by field: shares of levels among pairs of one person and of two, as the
 * simulator of Tajik, Russian and Latin records shows them, rounded. `prior` is set by the number of persons.
 */
export const FIRST_WEIGHTS: Weights = {
  version: 'first-1',
  prior: 1e-6,
  fields: [
    field(
      {
        exact: 0.6,
        same: 0.15,
        stem: 0.12,
        variant: 0.005,
        near: 0.05,
        part: 0.01,
        far: 0.015,
        crossed: 0.03,
        differs: 0.02,
      },
      {
        exact: 0.0015,
        same: 0.001,
        stem: 0.003,
        variant: 0.0005,
        near: 0.006,
        part: 0.004,
        far: 0.03,
        crossed: 0.004,
        differs: 0.95,
      },
    ),
    field(
      {
        exact: 0.65,
        same: 0.16,
        stem: 0.03,
        variant: 0.03,
        near: 0.05,
        part: 0.01,
        far: 0.015,
        crossed: 0.03,
        differs: 0.025,
      },
      {
        exact: 0.006,
        same: 0.003,
        stem: 0.004,
        variant: 0.003,
        near: 0.012,
        part: 0.008,
        far: 0.04,
        crossed: 0.004,
        differs: 0.92,
      },
    ),
    field(
      {
        exact: 0.5,
        same: 0.15,
        stem: 0.18,
        variant: 0.005,
        near: 0.05,
        part: 0.03,
        far: 0.02,
        crossed: 0.005,
        differs: 0.06,
      },
      {
        exact: 0.004,
        same: 0.002,
        stem: 0.006,
        variant: 0.001,
        near: 0.01,
        part: 0.01,
        far: 0.04,
        crossed: 0.001,
        differs: 0.926,
      },
    ),
    field(
      { exact: 0.72, same: 0.16, stem: 0.06, variant: 0.01, near: 0.03, part: 0.005, far: 0.005, differs: 0.01 },
      { exact: 0.02, same: 0.01, stem: 0.02, variant: 0.004, near: 0.03, part: 0.02, far: 0.1, differs: 0.795 },
    ),
    field(
      { exact: 0.6, same: 0.16, stem: 0.1, variant: 0.01, near: 0.05, part: 0.02, far: 0.02, differs: 0.039 },
      { exact: 0.001, same: 0.0006, stem: 0.002, variant: 0.0005, near: 0.004, part: 0.006, far: 0.05, differs: 0.936 },
    ),
    field(
      { exact: 0.45, same: 0.14, stem: 0.18, variant: 0.01, near: 0.06, part: 0.03, far: 0.03, differs: 0.1 },
      {
        exact: 0.0006,
        same: 0.0004,
        stem: 0.001,
        variant: 0.0002,
        near: 0.002,
        part: 0.004,
        far: 0.04,
        differs: 0.952,
      },
    ),
    field(
      { exact: 0.82, stem: 0.05, variant: 0.02, near: 0.04, part: 0.03, far: 0.01, crossed: 0.02, differs: 0.01 },
      { exact: 5e-5, stem: 0.002, variant: 0.003, near: 0.0008, part: 0.01, far: 0.03, crossed: 1e-4, differs: 0.954 },
    ),
    field({ exact: 0.995, differs: 0.005 }, { exact: 0.5, differs: 0.5 }),
    field(
      { exact: 0.7, near: 0.03, part: 0.02, differs: 0.25 },
      { exact: 1e-6, near: 1e-5, part: 1e-5, differs: 0.99 },
    ),
    field({ exact: 0.97, differs: 0.03 }, { exact: 0.9, differs: 0.1 }),
    field(
      { exact: 0.7, near: 0.04, variant: 0.04, part: 0.02, differs: 0.2 },
      { exact: 0.02, near: 0.002, variant: 0.003, part: 0.005, differs: 0.97 },
    ),
  ],
}

if (FIRST_WEIGHTS.fields.length !== F.values + HEADINGS.length)
  throw new Error('Weights do not fit the fields that are compared')
