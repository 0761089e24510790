import type { Vacancy } from '#modules/vacancies/public.ts'

const KEPT = [
  ...(['title', 'lang', 'employer_name', 'isco', 'country', 'place_code', 'employer_place_code'] as const),
  ...(['region_text', 'workplace_text', 'pay_min', 'pay_max', 'pay_currency', 'pay_period', 'pay_gross'] as const),
  ...(['contract', 'schedule', 'hours', 'accommodation', 'food', 'transport', 'costs', 'documents'] as const),
  ...(['duties', 'requirements', 'conditions', 'sample'] as const),
] as const

/** An advert as it was when somebody applied: what it promised then, whatever is written later. */
export type Snapshot = Pick<Vacancy, (typeof KEPT)[number]>

/** As it is kept: jsonb has no room for amounts in minor units, so they are texts. */
export const writeSnapshot = (vacancy: Vacancy): string =>
  JSON.stringify(Object.fromEntries(KEPT.map((name) => [name, vacancy[name]])), (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )

/** The snapshot that was kept. */
export function readSnapshot(json: unknown): Snapshot {
  const kept = json as Record<string, unknown>
  const amount = (value: unknown) => (typeof value === 'string' ? BigInt(value) : null)
  return { ...kept, pay_min: amount(kept.pay_min), pay_max: amount(kept.pay_max) } as Snapshot
}
